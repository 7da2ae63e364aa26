"""What tests of the bank's statement share: statements that follow one another, and the suspense account."""

from datetime import date
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from tests.integration.settlement.books import AUDITOR
from tests.integration.settlement.test_bank_files import statement
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


def holding(town: Town) -> set[str]:
    differences = town.call("reconcile", AUDITOR)["differences"]
    return {
        each["about"] for each in differences if each["kind"] == "bank_unknown" and each["amount_fen"] > 0
    }


def named_in(statement: dict[str, Any] | None, about: str) -> dict[str, Any] | None:
    found = [each for each in (statement or {"differences": []})["differences"] if each["about"] == about]
    return found[0] if found else None
