"""The bank's files brought by an officer: taken in whole and once, or refused with line and field."""

import base64
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import bson
import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.settlement.bank_files import pain001, tables
from services.settlement.bank_files.things import yuan
from services.settlement.store.list_indexes import LISTS
from tests.integration.settlement.world import (
    COUNTY,
    DAY,
    FINANCE,
    PAYMENT,
    SUPERVISOR,
    PayingTown,
    Town,
    officer,
)
from tests.support.services import wait_for

BUDGET = 10_000_000_00
EACH_FEN = 5 * 30_00
PAYER = "370600000001"
Row = dict[str, Any]


def living_costs(town: Town, people: int) -> str:
    """Return a claim whose payment is ordered; its bank cannot be reached."""
    by, refs = town.provider(), town.people(people)
    project, id = town.training(by, refs)
    claim: str = town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)["id"]
    town.through_review(claim)
    return claim


def lines_of(town: Town, claim: str) -> list[Row]:
    """Return a claim's lines once they are in a batch."""

    def gathered() -> list[Row] | None:
        found = list(town.db.payments.find({"claim_id": claim}, sort=[("_id", 1)]))
        return found if all(line["batch_id"] for line in found) else None

    return wait_for(gathered, 30, "lines in a batch")


def receipt(
    lines: list[Row], on: date, *states: tuple[str, str], change: dict[str, str] | None = None
) -> bytes:
    """Return a CSV receipt of lines with (state, reason)."""
    rows = [",".join(tables.RECEIPT_COLUMNS)]
    for line, (state, reason) in zip(lines, states, strict=False):
        cells = {
            "batch": line["batch_id"],
            "instruction": f"{line['_id']}:{line['attempt']}",
            "state": state,
            "amount": yuan(line["amount_fen"]),
            "currency": "CNY",
            "day": on.isoformat(),
            "reason": reason,
        }
        rows.append(",".join({**cells, **(change or {} if line is lines[-1] else {})}.values()))
    return "\r\n".join(rows).encode("gb18030")


def bring(town: Town, content: bytes, kind: str = "receipt", format: str = "csv", who: Any = PAYMENT) -> Row:
    given = base64.b64encode(content).decode()
    return town.call("import_bank_file", who, kind=kind, format=format, content=given)


def everything(town: Town) -> Counter[str]:
    """Return what is there, so that a refusal can be seen to have changed nothing."""
    names = (
        "payments", "entries", "fund_accounts", "claims", "bank_lines", "bank_files", "bank_days",
        "recoveries", "recovery_receipts", "months",
    )  # fmt: skip
    docs = [(name, str(sorted(doc.items(), key=str))) for name in names for doc in town.db[name].find()]
    told = [("outbox", row["_id"]) for row in town.db.outbox.find({}, ["_id"])]
    return Counter(f"{name}:{text}" for name, text in docs + told)


def refused(town: Town, content: bytes, kind: str = "receipt", format: str = "csv") -> Refusal:
    before = everything(town)
    with pytest.raises(Refusal) as problem:
        bring(town, content, kind, format)
    assert everything(town) == before, "a refused file has left something"
    return problem.value


@pytest.fixture(scope="module")
def ordered(town: Town) -> tuple[str, list[Row]]:
    town.budget(BUDGET)
    claim = living_costs(town, 3)
    return claim, lines_of(town, claim)


PAID, BACK, OPEN = ("成功", ""), ("退回", "AC04"), ("处理中", "")
BAD = [
    ({"amount": "150.001"}, "settlement.bank_file_invalid", "金额"),
    ({"amount": "-150.00"}, "settlement.bank_file_invalid", "金额"),
    ({"amount": "99999999999999.00"}, "settlement.bank_file_invalid", "金额"),
    ({"currency": "USD"}, "settlement.bank_file_invalid", "币种"),
    ({"day": "2026-02-30"}, "settlement.bank_file_invalid", "日期"),
    ({"day": "2999-01-01"}, "settlement.bank_file_invalid", "date"),
    ({"state": "好"}, "settlement.bank_file_invalid", "状态"),
    ({"instruction": "nobody-0001:1"}, "settlement.bank_file_stranger", "EndToEndId"),
    ({"amount": "150.01"}, "settlement.bank_file_contradicts", "InstdAmt"),
]


@pytest.mark.parametrize(("change", "code", "item"), BAD)
def test_one_bad_line_and_nothing_of_the_file_is_taken_in(
    town: Town, ordered: tuple[str, list[Row]], change: dict[str, str], code: str, item: str
) -> None:
    content = receipt(ordered[1], today_in_shanghai(town.now), PAID, PAID, PAID, change=change)
    problem = refused(town, content)
    assert (problem.code, problem.facts["line"], problem.facts["item"]) == (code, 4, item)


def test_what_is_no_receipt_of_ours(town: Town, ordered: tuple[str, list[Row]]) -> None:
    today = today_in_shanghai(town.now)
    stranger = [{**line, "batch_id": "B20260101-ffff"} for line in ordered[1]]
    assert refused(town, receipt(stranger, today, PAID)).code == "settlement.bank_file_stranger"
    assert refused(town, b"\x00\x01").code == "settlement.bank_file_invalid"
    bomb = b'<!DOCTYPE d [<!ENTITY a "x">]><Document>&a;</Document>'
    assert refused(town, bomb, format="pain.002").facts["item"] == "DOCTYPE"
    assert refused(town, receipt(ordered[1], today, PAID), format="camt.053").code == "invalid"
    with pytest.raises(Refusal, match="role"):
        bring(town, receipt(ordered[1], today, PAID), who=officer("finance_officer"))
    with pytest.raises(Refusal) as far:
        bring(town, receipt(ordered[1], today, PAID), who=officer("payment_officer", region="370100"))
    place = {"line": 2, "item": "OrgnlMsgId", "region": COUNTY}
    assert (far.value.code, far.value.facts) == ("settlement.file_region", place)


def test_a_receipt_settles_its_lines_once(town: Town, ordered: tuple[str, list[Row]]) -> None:
    claim, lines = ordered
    today = today_in_shanghai(town.now)
    under_way = bring(town, receipt(lines, today, OPEN, OPEN, OPEN))
    assert (under_way["paid"], under_way["returned"]) == (0, 0)
    brought = bring(town, receipt(lines, today, PAID, PAID, BACK))
    assert (brought["lines"], brought["paid"], brought["returned"]) == (3, 2, 1)
    (entry,) = town.db.entries.find({"claim_id": claim, "kind": "pay"})
    assert [row["payment_id"] for row in entry["postings"]] == [None, lines[0]["_id"], lines[1]["_id"]]
    batch = town.call("get_batch", PAYMENT, batch_id=lines[0]["batch_id"])
    assert (batch["status"], batch["paid_fen"], batch["returned_lines"]) == ("settled", 2 * EACH_FEN, 1)
    assert [each["id"] for each in town.call("list_batches", PAYMENT, status="settled")["items"]] == [
        batch["id"]
    ]
    # the same file, the same content in another dress, and less of it
    known = refused(town, receipt(lines, today, PAID, PAID, BACK))
    assert (known.code, known.facts) == (
        "settlement.bank_file_known", {"line": 1, "item": "-", "file_id": brought["id"]},
    )  # fmt: skip
    again = receipt(lines, today, PAID, PAID, BACK).decode("gb18030").encode("utf-8-sig")
    assert refused(town, again).code == "settlement.bank_file_known"
    assert refused(town, receipt(lines, today, PAID)).code == "settlement.bank_file_known"
    # and what contradicts it
    assert refused(town, receipt(lines, today, PAID, PAID, PAID)).code == "settlement.bank_file_contradicts"
    listed = town.call("list_bank_files", officer("auditor", region="370000"), kind="receipt")["items"]
    assert [each["id"] for each in listed] == [brought["id"], under_way["id"]]
    elsewhere = town.call("list_bank_files", officer("auditor", region="370100"))["items"]
    assert elsewhere == []
    town.sound()
    # what was paid may still come back
    undone = bring(town, receipt(lines, today, BACK))
    assert (undone["paid"], undone["returned"]) == (0, 1)
    batch = town.call("get_batch", PAYMENT, batch_id=lines[0]["batch_id"])
    assert (batch["status"], batch["paid_fen"], batch["returned_lines"]) == ("settled", EACH_FEN, 2)
    assert refused(town, receipt(lines, today, PAID)).code == "settlement.bank_file_contradicts"
    assert refused(town, receipt(lines, today, BACK, PAID)).code == "settlement.bank_file_known"
    town.sound()


def statement(
    first: date, last: date, opening: int, closing: int, *rows: tuple[str, date, str, str, int, str]
) -> bytes:
    """Return a CSV statement; rows: entry, day, instruction, side, fen, reason."""
    head = f"{PAYER},{first},{last},{yuan(opening)},{yuan(closing)},CNY"
    lines = [",".join(tables.STATEMENT_HEAD), head, ",".join(tables.STATEMENT_COLUMNS)]
    for entry, on, instruction, side, fen, reason in rows:
        lines.append(f"{entry},{on},{instruction},{side},{yuan(fen)},CNY,{reason},摘要")
    return "\r\n".join(lines).encode()


@dataclass(frozen=True)
class Read:
    """Two payments whose debits a first statement showed, five days ago; left: the balance after it."""

    lines: list[Row]
    first: bytes
    brought: Row
    left: int


@pytest.fixture(scope="module")
def read(town: Town) -> Read:
    town.budget(BUDGET)
    lines = lines_of(town, living_costs(town, 2))
    today = today_in_shanghai(town.now)
    bring(town, receipt(lines, today, OPEN, OPEN))
    on = today - 5 * DAY
    debits = [(f"E{n}", on, f"{each['_id']}:1", "借", EACH_FEN, "") for n, each in enumerate(lines)]
    left = 100_000_00 - 2 * EACH_FEN
    # the first file has to reach back to what was sent first
    late = statement(on, on, 100_000_00, left, *debits)
    assert refused(town, late, "statement").code == "settlement.statement_gap"
    first = statement(today - 90 * DAY, on, 100_000_00, left, *debits)
    return Read(lines, first, bring(town, first, "statement"), left)


def test_statements_follow_each_other_without_gap_or_overlap(town: Town, read: Read) -> None:
    today, left = today_in_shanghai(town.now), read.left
    start, instruction = today - 90 * DAY, f"{read.lines[0]['_id']}:1"
    assert (read.brought["bookings"], read.brought["first"], read.brought["last"]) == (
        2,
        start.isoformat(),
        (today - 5 * DAY).isoformat(),
    )

    def place(content: bytes) -> tuple[str, int, str]:
        found = refused(town, content, "statement")
        assert found.field == "content"
        assert f"line {found.facts['line']}, {found.facts['item']}" in str(found)
        return found.code.removeprefix("settlement."), found.facts["line"], found.facts["item"]

    back = ("E9", today - 3 * DAY, f"{read.lines[1]['_id']}:1", "贷", EACH_FEN, "AC04")
    overlaps, after = ("statement_overlaps", 2, "起始日期"), today - 4 * DAY
    assert place(read.first) == ("bank_file_known", 1, "-")
    assert place(statement(today - 5 * DAY, today, left, left)) == overlaps
    assert place(statement(start, today, left, left)) == overlaps
    assert place(statement(today - 3 * DAY, today, left, left)) == ("statement_gap", 2, "起始日期")
    assert place(statement(after, today, left + 1, left + 1)) == ("statement_opening", 2, "期初余额")
    assert place(statement(after, today + DAY, left, left)) == ("statement_ahead", 2, "截止日期")
    assert place(statement(after, today, left, left, back)) == ("bank_file_invalid", 2, "Bal")
    other = statement(after, today, left, left).replace(PAYER.encode(), b"370600000002")
    assert place(other) == ("statement_account", 2, "账号")
    altered = ("E0", after, instruction, "借", 1, "")
    contradiction = ("bank_file_contradicts", 4, "AcctSvcrRef")
    assert place(statement(after, today, left, left - 1, altered)) == contradiction
    assert place(b"\xef\xbb\xbf")[0] == "bank_file_invalid"


def test_a_return_on_the_statement_is_booked_by_its_own_region(town: Town, read: Read) -> None:
    today, lines = today_in_shanghai(town.now), read.lines
    back = ("E9", today - 3 * DAY, f"{lines[1]['_id']}:1", "贷", EACH_FEN, "AC04")
    whole = statement(today - 4 * DAY, today, read.left, read.left + EACH_FEN, back)
    before = everything(town)
    with pytest.raises(Refusal) as far:
        bring(town, whole, "statement", who=officer("payment_officer", region="370100"))
    place = {"line": 4, "item": "AcctSvcrRef", "region": COUNTY}
    assert (far.value.code, far.value.facts) == ("settlement.file_region", place)
    assert everything(town) == before, "what came back is another region's to book"
    brought = bring(town, whole, "statement")
    assert (brought["bookings"], brought["returned"]) == (1, 1)
    line = town.db.payments.find_one({"_id": lines[1]["_id"]})
    assert (line["status"], line["bank_reason"]) == ("returned", "AC04")
    assert town.db.bank_lines.count_documents({"line_id": {"$in": [each["_id"] for each in lines]}}) == 3
    listed = town.call("list_bank_files", PAYMENT, kind="statement")["items"]
    assert listed[0]["id"] == brought["id"]
    county = officer("auditor", region=COUNTY)
    assert town.call("list_bank_files", county, kind="statement")["items"] == []


@pytest.mark.parametrize(("collection", "whose", "moment"), LISTS)
def test_lists_need_not_be_sorted(town: Town, collection: str, whose: str, moment: str) -> None:
    wanted = {"$and": [{whose: {"$in": [COUNTY, "370600"]}}]}
    plan = town.db[collection].find(wanted, sort=[(moment, -1), ("_id", -1)]).limit(51).explain()
    stages = str(plan["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in stages
    assert "'SORT'" not in stages


def whole(town: Town) -> Iterator[bytes]:
    """Yield every document of settlement's database as it lies there."""
    for name in town.db.list_collection_names():
        for doc in town.db[name].find():
            yield bson.encode(doc)


def test_the_officer_gets_the_file_and_settlement_keeps_no_account(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    town.standin.fault("bank", "down")
    accounts = ["6228000000990001", "6228000000990002"]
    people = town.paid_into(accounts)
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    batch = lines_of(town, claim["id"])[0]["batch_id"]
    wait_for(lambda: town.db.batches.find_one({"_id": batch})["tries"], 30, "a try to send")
    asked = {"batch_id": batch, "purpose": "柜面送盘"}
    file = town.call("batch_file", PAYMENT, **asked)
    content = base64.b64decode(file["content"])
    pain001.validate(content)
    assert all(account.encode() in content for account in accounts)
    assert (file["lines"], file["total_fen"], file["file_name"]) == (2, 2 * EACH_FEN, f"{batch}.xml")
    csv = town.call("batch_file", PAYMENT, format="csv", encoding="gb18030", **asked)
    orders = tables.read_payments(base64.b64decode(csv["content"])).orders
    assert {order.account for order in orders} == set(accounts)
    # on record at both ends: each payee in intake, the file in settlement
    kept = list(town.running.database("intake").disclosures.find({"purpose": {"$regex": "柜面送盘"}}))
    assert {row["payee_ref"] for row in kept} == set(people)
    assert all(PAYMENT.account in row["purpose"] and batch in row["purpose"] for row in kept)
    told = [row["event"]["data"] for row in town.db.outbox.find({"type": "settlement.batch.disclosed"})]
    assert [(each["by"], each["format"], each["sha256"]) for each in told] == [
        (PAYMENT.account, "pain.001", file["sha256"]),
        (PAYMENT.account, "csv", csv["sha256"]),
    ]
    with pytest.raises(Refusal, match="role"):
        town.call("batch_file", officer("finance_officer"), **asked)
    with pytest.raises(Refusal, match="region"):
        town.call("batch_file", officer("payment_officer", region="370100"), **asked)
    names = [order.name for order in orders]
    for raw in whole(town):
        assert not any(text.encode() in raw for text in (*accounts, *names))
    town.standin.fault("bank", "ok")
    town.await_lines(claim["id"], paid=2)
    town.reconciled()


def test_a_payee_without_an_account_comes_back_to_the_officer(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    people = town.people(1) + town.paid_into([None])  # type: ignore[list-item]
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=1, returned=1)
    (line,) = town.call("list_payments", PAYMENT, claim_id=claim["id"], status="returned")["items"]
    assert (line["payee_ref"], line["bank_reason"]) == (people[1], "no_account")
    town.change_account(people[1], "6228000000980001")
    # it came back: a file that is carried to the bank by now has the other one only
    file = town.call("batch_file", PAYMENT, batch_id=line["batch_id"], purpose="核对")
    assert file["lines"] == 1
    assert b"6228000000980001" not in base64.b64decode(file["content"])
    town.call("correct_payment", PAYMENT, payment_id=line["id"], reason="已提供账号")
    town.await_lines(claim["id"], paid=2)
    town.reconciled()
    town.sound()


def test_a_file_follows_what_the_channel_has_read_since_the_file_before(paying_town: PayingTown) -> None:
    town = paying_town
    day = today_in_shanghai(town.now)

    def read_through() -> bool:
        known = town.db.bank_days.find_one({"_id": "read"})
        return known is not None and known["through"] == day.isoformat()

    wait_for(read_through, 60, "the statement read up to today")
    town.standin.fault("bank", "down")
    bring(town, statement(day - 90 * DAY, day - 5 * DAY, 100_00, 100_00), "statement")
    # the days between are known, their balances are not
    between = bring(town, statement(day - 2 * DAY, day, 700_00, 700_00), "statement")
    assert between["first"] == (day - 2 * DAY).isoformat()
    overlap = refused(town, statement(day, day, 700_00, 700_00), "statement")
    assert (overlap.code, overlap.facts["known"]) == ("settlement.statement_overlaps", day.isoformat())
    town.running.clock.advance_to(town.now + 4 * DAY)
    gap = refused(town, statement(day + 2 * DAY, day + 3 * DAY, 700_00, 700_00), "statement")
    assert (gap.code, gap.facts["known"]) == ("settlement.statement_gap", day.isoformat())
    other = refused(town, statement(day + DAY, day + 3 * DAY, 100_00, 100_00), "statement")
    assert (other.code, other.facts["known_fen"]) == ("settlement.statement_opening", 700_00)
    bring(town, statement(day + DAY, day + 3 * DAY, 700_00, 700_00), "statement")
    town.standin.fault("bank", "ok")


def test_a_receipt_that_never_came_is_taken_back_and_its_rows_are_taken_again(town: Town) -> None:
    town.budget(BUDGET)
    (line,) = lines_of(town, living_costs(town, 1))
    bring(town, receipt([line], today_in_shanghai(town.now), PAID))
    about = {"claim_id": line["claim_id"], "ground": "not_eligible", "reason": "核查不符合条件"}
    (made,) = town.call("order_recovery", SUPERVISOR, **about)["items"]
    today, rows = today_in_shanghai(town.now), {"claims": line["claim_id"]}
    held = sorted(doc["_id"] for doc in town.db.limit_rows.find(rows))
    typed = {"recovery_id": made["id"], "amount_fen": EACH_FEN, "bank_reference": "HD-2"}
    assert town.call("record_receipt", FINANCE, **typed, received_on=today.isoformat())["status"] == "settled"
    assert town.db.limit_rows.count_documents(rows) == 0
    other = officer("finance_officer", "-second")
    asked = {"recovery_id": made["id"], "bank_reference": "HD-2", "reason": "款项未到账"}
    found = town.call("correct_receipt", other, **asked)
    assert (found["status"], found["outstanding_fen"]) == ("ordered", EACH_FEN)
    assert sorted(doc["_id"] for doc in town.db.limit_rows.find(rows)) == held
    assert town.call("get_claim", FINANCE, claim_id=line["claim_id"])["status"] == "paid"
    with pytest.raises(Refusal, match="not_found"):
        town.call("correct_receipt", other, **asked)
    # the reference is free for the money when it comes
    town.call("record_receipt", FINANCE, **typed, received_on=today.isoformat())
    town.sound()
