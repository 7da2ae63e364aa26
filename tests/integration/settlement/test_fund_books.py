"""The books against a real broker and database: tampering found, transfers, months, reports, the auditor."""

import base64
import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies import regions
from contracts.vocabularies.dates import month_of
from services.settlement.closing import AGAIN
from tests.integration.settlement.books import (
    AUDITOR,
    BUDGET,
    OTHER_CITY,
    account_id,
    answering,  # noqa: F401
    refused,
)
from tests.integration.settlement.world import (
    CITY,
    COUNTY,
    FINANCE,
    FIRST,
    PAYMENT,
    SHARE_FEN,
    PayingTown,
    Town,
    at_once,
    codes,
    officer,
)
from tests.support.services import wait_for

SISTER, ELSEWHERE, PROVINCE = "370612", "370202", "370000"
COUNTY_FINANCE = officer("finance_officer", "-county", COUNTY)
PROVINCE_FINANCE = officer("finance_officer", "-province", PROVINCE)


def budget(town: Town, region: str, fen: int, actor: Any = PROVINCE_FINANCE) -> dict[str, Any]:
    wanted = {"fund": "employment_subsidy", "region": region, "year": town.year, "budget_fen": fen}
    return town.call("set_budget", actor, **wanted)


def transfer(town: Town, giver: str, taker: str, fen: int) -> dict[str, Any]:
    return {
        "from_account": account_id(town, giver),
        "to_account": account_id(town, taker),
        "amount_fen": fen,
        "document": "演财社〔2026〕1号",
        "reason": "调剂",
    }


def check_command(town: Town, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the operator's command with settlement's own way to its database."""
    env = {**os.environ, **town.running.sandbox.env("settlement")}
    command = [sys.executable, "-m", "services.settlement.check_books", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_transfers_within_a_city(town: Town) -> None:
    budget(town, COUNTY, BUDGET)
    free = town.account()["available_fen"]
    made = town.call("transfer_funds", FINANCE, **transfer(town, COUNTY, SISTER, 300_00))
    assert (made["kind"], made["amount_fen"]) == ("within_city", 300_00)
    given, received = (
        town.call("fund_account", FINANCE, account_id=account_id(town, region)) for region in (COUNTY, SISTER)
    )
    assert (given["transferred_fen"], given["available_fen"]) == (-300_00, free - 300_00)
    assert (received["budget_fen"], received["transferred_fen"], received["available_fen"]) == (
        0,
        300_00,
        300_00,
    )
    back = town.call("transfer_funds", FINANCE, **transfer(town, SISTER, COUNTY, 300_00))
    assert town.account()["available_fen"] == free
    assert refused(town, "list_transfers", officer("worker")).code == "role.forbidden"
    assert [each["id"] for each in town.call("list_transfers", AUDITOR)["items"]][:2] == [
        back["id"],
        made["id"],
    ]
    assert made["id"] not in [each["id"] for each in town.call("list_transfers", OTHER_CITY)["items"]]
    assert town.call("check_books", AUDITOR)["sound"]
    sides = list(town.db.entries.find({"about": made["id"]}))
    assert sorted(entry["chain"] for entry in sides) == [account_id(town, COUNTY), account_id(town, SISTER)]
    told = town.db.outbox.count_documents({"type": "settlement.fund.transferred"})
    assert told == 2


def test_transfers_that_may_not_be(town: Town) -> None:
    budget(town, COUNTY, BUDGET)
    budget(town, PROVINCE, 500_00)
    free = town.account()["available_fen"]
    good = transfer(town, COUNTY, SISTER, 5)
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (COUNTY_FINANCE, good, "region.forbidden"),
        (OTHER_CITY, good, "region.forbidden"),
        (AUDITOR, good, "role.forbidden"),
        (PAYMENT, good, "role.forbidden"),
        (FINANCE, transfer(town, PROVINCE, COUNTY, 5), "region.forbidden"),
        (PROVINCE_FINANCE, transfer(town, COUNTY, ELSEWHERE, 5), "settlement.transfer_region"),
        (PROVINCE_FINANCE, transfer(town, PROVINCE, COUNTY, 5), "settlement.support_two_hands"),
        (PROVINCE_FINANCE, transfer(town, COUNTY, PROVINCE, 5), "settlement.transfer_region"),
        (FINANCE, transfer(town, COUNTY, SISTER, free + 1), "settlement.transfer_overdraft"),
        (FINANCE, transfer(town, "370613", SISTER, 5), "not_found"),
        (FINANCE, good | {"to_account": f"special_account:{SISTER}:{town.year}"}, "settlement.transfer_fund"),
        (
            FINANCE,
            good | {"to_account": f"employment_subsidy:{SISTER}:{town.year + 1}"},
            "settlement.transfer_year",
        ),
        (FINANCE, good | {"to_account": f"firm_share:{SISTER}:{town.year}"}, "not_found"),
        (FINANCE, good | {"amount_fen": -5}, "invalid"),
        (FINANCE, good | {"amount_fen": 1.5}, "invalid"),
    ]
    for actor, body, code in cases:
        assert refused(town, "transfer_funds", actor, **body).code == code
    assert town.account()["available_fen"] == free


def test_accounts_are_listed_and_reconciled_part_by_part(town: Town) -> None:
    for region in (COUNTY, SISTER, "370613"):
        budget(town, region, BUDGET)
    whole = town.call("reconcile", AUDITOR)
    seen: list[Any] = []
    found: dict[str, Any] = {"next": None}
    while found["next"] is not None or not seen:
        found = town.call("reconcile", AUDITOR, limit=1, cursor=found["next"])
        (each,) = found["accounts"]
        seen.append(each)
    assert [each["account_id"] for each in seen] == [each["account_id"] for each in whole["accounts"]]
    assert (len(seen) >= 3, whole["next"]) == (True, None)
    # of strangers the last part tells
    assert [each["kind"] for each in found["differences"] if each["account_id"] is None] == [
        each["kind"] for each in whole["differences"] if each["account_id"] is None
    ]
    first = town.call("list_funds", AUDITOR, limit=2)
    rest = town.call("list_funds", AUDITOR, cursor=first["next"])
    ids = [each["id"] for each in (*first["items"], *rest["items"])]
    assert (ids, rest["next"]) == ([each["account_id"] for each in seen], None)


def test_fifty_transfers_at_once_never_overdraw(town: Town) -> None:
    budget(town, COUNTY, BUDGET)
    budget(town, "370613", 20 * 10_00 + 5)
    answers = at_once(
        [lambda: town.call("transfer_funds", FINANCE, **transfer(town, "370613", SISTER, 10_00))] * 50
    )
    assert codes(answers) == ["settlement.transfer_overdraft"] * 30
    giver = town.call("fund_account", FINANCE, account_id=account_id(town, "370613"))
    assert giver["available_fen"] == 5
    assert town.call("check_books", AUDITOR)["sound"]


@dataclass
class Stored:
    """A chain with three accepted claims as it lies in the database, to be harmed and put back."""

    town: Town
    chain: str
    entries: list[dict[str, Any]]
    account: Any

    @property
    def number(self) -> int:
        """Of an entry with two after it."""
        return len(self.entries) - 2

    def at(self, number: int) -> dict[str, Any]:
        return {"chain": self.chain, "number": number}

    def put_back(self) -> None:
        self.town.db.entries.delete_many({"chain": self.chain})
        self.town.db.entries.insert_many(self.entries)
        self.town.db.fund_accounts.replace_one({"_id": self.chain}, self.account)

    def harms(self) -> list[tuple[tuple[int | None, str], list[Callable[[], Any]]]]:
        """Return what may be done to a chain, and what of it is found first."""
        number, last = self.number, len(self.entries)
        entries, accounts = self.town.db.entries, self.town.db.fund_accounts
        amount = {"$inc": {"postings.0.amount_fen": -1, "postings.1.amount_fen": 1}}
        kept = self.entries[-1]
        more = {**kept, "_id": f"{self.chain}:later", "number": last + 1, "previous": kept["hash"]}
        at = self.at
        swap = [
            lambda: entries.update_one(at(number), {"$set": {"number": 0}}),
            lambda: entries.update_one(at(number + 1), {"$set": {"number": number}}),
            lambda: entries.update_one(at(0), {"$set": {"number": number + 1}}),
        ]
        head = {"$set": {"head.hash": "0" * 64}}
        return [
            ((number, "changed"), [lambda: entries.update_one(at(number), amount)]),
            ((number, "changed"), [lambda: entries.update_one(at(number), {"$set": {"by": "other"}})]),
            ((number + 1, "missing"), [lambda: entries.delete_one(at(number))]),
            ((number + 1, "head"), [lambda: entries.delete_one(at(last))]),
            ((last + 1, "changed"), [lambda: entries.insert_one(more)]),
            ((number, "link"), swap),
            ((last, "head"), [lambda: accounts.update_one({"_id": self.chain}, head)]),
            ((None, "sums"), [lambda: accounts.update_one({"_id": self.chain}, {"$inc": {"paid_fen": 1}})]),
        ]


@pytest.fixture
def stored(town: Town) -> Stored:
    budget(town, COUNTY, BUDGET)
    by = town.provider()
    for _ in range(3):
        claim = town.advance(by, town.training(by, town.people(1))[0])
        town.step("accept_claim", FIRST, claim["id"])
    chain = account_id(town, COUNTY)
    kept = list(town.db.entries.find({"chain": chain}, sort=[("number", 1)]))
    return Stored(town, chain, kept, town.db.fund_accounts.find_one({"_id": chain}))


def test_what_is_done_to_stored_entries_is_found(town: Town, stored: Stored) -> None:
    sound = check_command(town)
    assert (sound.returncode, sound.stdout.splitlines()[-1].endswith("0 broken")) == (0, True), sound.stdout
    for expected, writes in stored.harms():
        for write in writes:
            write()
        try:
            found = town.call("check_books", AUDITOR, account_id=stored.chain)
            ended = check_command(town, stored.chain)
        finally:
            stored.put_back()
        first = found["first"]
        assert (found["sound"], ended.returncode) == (False, 1)
        assert f"{first['zh']} / {first['en']}" in ended.stdout
        assert (first["number"], first["kind"]) == expected
    assert town.call("check_books", AUDITOR, account_id=stored.chain)["sound"]
    far = officer("auditor", "-other", "370200")
    assert refused(town, "check_books", far, account_id=stored.chain).code == "region.forbidden"


def parts_of(town: Town, chain: str, limit: int) -> list[dict[str, Any]]:
    """Check a chain part by part, from position to position."""
    found = [town.call("check_chain", AUDITOR, account_id=chain, limit=limit)]
    while found[-1]["next"] is not None:
        found.append(
            town.call("check_chain", AUDITOR, account_id=chain, limit=limit, after=found[-1]["next"])
        )
    return found


def test_a_long_chain_is_checked_part_by_part(town: Town, stored: Stored) -> None:
    whole = town.call("check_books", AUDITOR, account_id=stored.chain)["chains"][0]
    parts = parts_of(town, stored.chain, 2)
    assert len(parts) == len(stored.entries) // 2 + 1
    assert sum(part["entries"] for part in parts) == whole["entries"] == len(stored.entries)
    assert all(part["sound"] for part in parts)
    assert (parts[-1]["head"], parts[-1]["sums"]) == (whole["head"], whole["sums"])
    for expected, writes in stored.harms():
        for write in writes:
            write()
        try:
            found = [part["first"] for part in parts_of(town, stored.chain, 2) if not part["sound"]]
        finally:
            stored.put_back()
        assert (found[0]["number"], found[0]["kind"]) == expected
    asked = {"account_id": stored.chain, "after": len(stored.entries) + 1}
    assert refused(town, "check_chain", AUDITOR, **asked).field == "after"
    assert refused(town, "check_chain", OTHER_CITY, account_id=stored.chain).code == "region.forbidden"
    assert refused(town, "check_chain", FIRST, account_id=stored.chain).code == "role.forbidden"


def test_months_that_differ_for_good_do_not_keep_others_waiting(town: Town) -> None:
    chosen = [code for code in regions.CODES if "3707" <= code[:4] <= "3716"][: AGAIN + 1]
    ids = sorted(account_id(town, code) for code in chosen)
    for id in ids:
        budget(town, id.split(":")[1], 5_00)
    month = month_of(town.now)
    town.running.clock.advance_to((town.now.replace(day=1) + timedelta(days=33)).replace(day=3, hour=2))
    held = {"account_id": {"$in": ids}, "month": month}
    wait_for(lambda: town.db.months.count_documents({**held, "stale": False}) == len(ids), 60, "months")
    kept = {doc["_id"]: doc for doc in town.db.entries.find({"chain": {"$in": ids}})}
    town.db.entries.update_many({"chain": {"$in": ids}}, {"$set": {"by": "other"}})
    town.db.months.update_many(held, {"$set": {"stale": True}})
    wait_for(lambda: town.db.months.count_documents({**held, "holding": 1}) == len(ids), 60, "differences")
    for id, doc in kept.items():
        if doc["chain"] == ids[-1]:
            town.db.entries.replace_one({"_id": id}, doc)
    last = {"account_id": ids[-1], "month": month, "holding": 0}
    try:
        wait_for(lambda: town.db.months.find_one(last), 60, "the last one's turn")
    finally:
        for id, doc in kept.items():
            town.db.entries.replace_one({"_id": id}, doc)


def test_memorandum_accounts_stand_beside_and_encumber_nothing(town: Town) -> None:
    body = {"fund": "staff_education", "region": COUNTY, "amount_fen": 900_00, "reason": "企业培训支出"}
    first = town.call("note_memorandum", FINANCE, **body)
    second = town.call("note_memorandum", FINANCE, **body | {"amount_fen": -100_00, "reason": "更正"})
    assert (first["noted_fen"], second["noted_fen"], second["entries"]) == (900_00, 800_00, 2)
    wrong = body | {"amount_fen": -800_01}
    assert refused(town, "note_memorandum", FINANCE, **wrong).code == "settlement.memorandum_below_zero"
    assert refused(town, "note_memorandum", OTHER_CITY, **body).code == "region.forbidden"
    assert refused(town, "note_memorandum", AUDITOR, **body).code == "role.forbidden"
    wanted = {"fund": "staff_education", "region": COUNTY, "year": town.year, "budget_fen": 5}
    assert refused(town, "set_budget", FINANCE, **wanted).field == "fund"
    shown = town.call("list_memorandum", AUDITOR, year=town.year)["items"]
    assert [(each["id"], each["noted_fen"]) for each in shown] == [
        (f"staff_education:{COUNTY}:{town.year}", 800_00)
    ]
    assert f"staff_education:{COUNTY}:{town.year}" in [
        each["account_id"] for each in town.call("check_books", AUDITOR)["chains"]
    ]


def test_balances_of_the_finance_bureau(town: Town) -> None:
    budget(town, COUNTY, BUDGET)
    yesterday = (town.now + timedelta(hours=8) - timedelta(days=1)).date()
    body = {"day": yesterday.isoformat(), "balance_fen": 77, "source": "演财库〔2026〕3号"}
    id = account_id(town, COUNTY)
    town.call("record_balance", FINANCE, account_id=id, **body)
    found = town.call("reconcile", FINANCE, account_id=id)
    (difference,) = found["differences"]
    assert (difference["kind"], difference["about"]) == ("finance_balance", "演财库〔2026〕3号")
    assert (found["accounts"][0]["finance_fen"], difference["amount_fen"]) == (
        77,
        77 - found["accounts"][0]["cash_fen"],
    )
    cash = found["accounts"][0]["cash_fen"]
    text = f"account_id,day,balance\n{id},{yesterday.isoformat()},{cash // 100}.{cash % 100:02d}\n"
    town.call("import_balances", FINANCE, source="演财库〔2026〕4号", content=text)
    assert town.call("reconcile", FINANCE, account_id=id)["agrees"]
    before = town.db.finance_balances.count_documents({})
    bad = text + f"employment_subsidy:370614:{town.year},{yesterday.isoformat()},5\n"
    refusal = refused(town, "import_balances", FINANCE, source="x", content=bad)
    assert (refusal.code, refusal.facts["line"], refusal.facts["column"]) == (
        "settlement.balance_file",
        3,
        "account_id",
    )
    refusal = refused(town, "import_balances", OTHER_CITY, source="x", content=text)
    assert (refusal.code, refusal.field, refusal.facts) == (
        "settlement.file_region", "content", {"line": 2, "item": "account_id", "region": COUNTY},
    )  # fmt: skip
    assert refused(town, "record_balance", OTHER_CITY, account_id=id, **body).code == "region.forbidden"
    late = body | {"day": (yesterday + timedelta(days=1)).isoformat()}
    assert refused(town, "record_balance", FINANCE, account_id=id, **late).code == "settlement.balance_day"
    assert town.db.finance_balances.count_documents({}) == before


def test_a_report_from_the_ledger_agrees_with_the_claim_table(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    by, people = town.provider(), town.people(3)
    project, _ = town.training(by, people)
    advance = town.advance(by, project)
    costs = town.living_costs(town.people(2))
    town.through_review(advance["id"], costs["id"])
    town.await_lines(advance["id"], paid=1)
    town.await_lines(costs["id"], paid=2)
    wait_for(lambda: town.status(costs["id"]) == "paid", 60, "a paid claim")
    period = f"{town.year}Q{((town.now + timedelta(hours=8)).month - 1) // 3 + 1}"
    found = town.call("fund_report", AUDITOR, period=period)
    assert (found["agrees"], found["differences"], found["region"]) == (True, [], CITY)
    rows = {(row["kind"], row["payee"]): row for row in found["rows"]}
    assert rows["project_advance", "provider"]["paid_fen"] >= 3 * SHARE_FEN
    assert rows["project_advance", "provider"]["people"] >= 3
    assert rows["living_cost", "person"]["paid_fen"] >= 2 * 150_00
    (account,) = [each for each in found["accounts"] if each["region"] == COUNTY]
    assert account["period_paid_fen"] == sum(row["paid_fen"] for row in found["rows"])
    line = town.db.payments.find_one({"claim_id": costs["id"]})
    town.db.payments.update_one({"_id": line["_id"]}, {"$inc": {"amount_fen": 7}})
    named = town.call("fund_report", AUDITOR, period=period)["differences"]
    town.db.payments.replace_one({"_id": line["_id"]}, line)
    assert [(each["kind"], each["about"], each["amount_fen"]) for each in named] == [
        ("claim_sum", costs["id"], 7)
    ]
    file = town.call("fund_report_file", AUDITOR, period=period, format="csv")
    lines = list(csv.reader(io.StringIO(base64.b64decode(file["content"]).decode("utf-8-sig"))))
    assert any("项目制预付" in line for line in lines)
    assert refused(town, "fund_report", OTHER_CITY, period=period, region=COUNTY).code == "region.forbidden"
    assert refused(town, "fund_report", AUDITOR, period="2026Q9").field == "period"
