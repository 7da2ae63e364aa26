"""What tests of the bank's statement share: statements that follow one another, and the suspense account."""

from datetime import date
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.actor import Actor
from tests.integration.settlement.books import AUDITOR
from tests.integration.settlement.test_bank_files import (
    BUDGET,
    PAID,
    PAYER,
    bring,
    lines_of,
    living_costs,
    receipt,
    statement,
)
from tests.integration.settlement.world import DAY, FINANCE, Town, officer

OTHER_FINANCE = officer("finance_officer", "-second")


def with_texts(content: bytes, texts: dict[str, str]) -> bytes:
    """Return a CSV statement whose entries say what the payers wrote."""
    lines = content.decode().split("\r\n")
    named = {line.partition(",")[0]: at for at, line in enumerate(lines)}
    for entry, text in texts.items():
        at = named[entry]
        lines[at] = lines[at].removesuffix("摘要") + text
    return "\r\n".join(lines).encode()


def credit(entry: str, on: date, fen: int, instruction: str = "") -> tuple[str, date, str, str, int, str]:
    return entry, on, instruction, "贷", fen, ""


def following(town: Town, *rows: tuple[str, date, str, str, int, str]) -> bytes:
    """Return the statement that follows the last one, up to today."""
    (last,) = town.db.bank_files.find({"kind": "statement"}, sort=[("last", -1)], limit=1)
    first = date.fromisoformat(last["last"]) + DAY
    opening = last["closing_fen"]
    closing = opening + sum(row[4] if row[3] == "贷" else -row[4] for row in rows)
    return statement(first, today_in_shanghai(town.now), opening, closing, *rows)


def propose(town: Town, entry: str) -> dict[str, Any]:
    return dict(town.call("propose_suspense", FINANCE, entry=entry, reason="银行流水待查"))


def decide(town: Town, item: dict[str, Any], agreed: bool = True) -> dict[str, Any]:
    asked = {"suspense_id": item["id"], "agreed": agreed, "reason": "复核"}
    return dict(town.call("decide_suspense", OTHER_FINANCE, **asked))


def settle(town: Town, item: dict[str, Any], way: str, about: str) -> dict[str, Any]:
    asked = {"suspense_id": item["id"], "way": way, "about": about, "reason": "清账"}
    assert town.call("settle_suspense", FINANCE, **asked)["status"] == "settling"
    return decide(town, item)


def balanced(town: Town) -> set[tuple[str, int]]:
    """Check that the items between bank and books explain all; return what each is about and its fen."""
    found = town.call("bank_balance", AUDITOR)
    (last,) = town.db.bank_files.find({"kind": "statement"}, sort=[("last", -1)], limit=1)
    assert (found["day"], found["bank_fen"]) == (last["last"], last["closing_fen"])
    assert (found["unexplained_fen"], found["more"]) == (0, False)
    assert found["adjusted_bank_fen"] == found["adjusted_book_fen"]
    return {(each["about"], each["amount_fen"]) for each in found["items"]}


def holding(town: Town) -> set[str]:
    differences = town.call("reconcile", AUDITOR)["differences"]
    return {
        each["about"] for each in differences if each["kind"] == "bank_unknown" and each["amount_fen"] > 0
    }


def named_in(statement: dict[str, Any] | None, about: str) -> dict[str, Any] | None:
    found = [each for each in (statement or {"differences": []})["differences"] if each["about"] == about]
    return found[0] if found else None


def shown(town: Town, recovery: str) -> dict[str, Any]:
    return town.call("get_recovery", FINANCE, recovery_id=recovery)


def waiting(town: Town) -> dict[str, list[str]]:
    found = town.call("list_credits", AUDITOR, matched=False)["items"]
    return {each["id"]: each["candidates"] for each in found}


def unknown_to_the_books(town: Town) -> int:
    differences = town.call("reconcile", AUDITOR)["differences"]
    return -sum(each["amount_fen"] for each in differences if each["kind"] == "bank_unknown")


def receipts_named(town: Town) -> dict[str, tuple[str, int]]:
    differences = town.call("reconcile", AUDITOR)["differences"]
    named = [each for each in differences if each["kind"].startswith("receipt_")]
    return {each["about"]: (each["kind"], each["amount_fen"]) for each in named}


def lines_of_a_paid_claim(town: Town, people: int) -> list[dict[str, Any]]:
    town.budget(BUDGET)
    lines = lines_of(town, living_costs(town, people))
    bring(town, receipt(lines, today_in_shanghai(town.now), *[PAID] * people))
    return lines


def stored(town: Town, who: Actor) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = town.call("list_reconciliations", who, account_id=PAYER)["items"]
    return items
