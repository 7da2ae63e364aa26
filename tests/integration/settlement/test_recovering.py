"""Recovery on the real stack, with a bank: orders, instalments, receipts, offset, write-off; masked names."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.outside_bank import PAYER
from tests.integration.settlement.world import (
    FINANCE,
    FIRST,
    PAYMENT,
    PRICE_FEN,
    SHARE_FEN,
    SUPERVISOR,
    PayingTown,
    at_once,
    codes,
    officer,
)
from tests.support.services import wait_for

BUDGET = 10_000_000_00
EACH_FEN = 5 * 30_00
SUPERVISOR2 = officer("supervisor", "2")
FINANCE2 = officer("finance_officer", "2")
FAR = officer("supervisor", "far", "370200")


def refused(town: PayingTown, method: str, actor: Actor | None, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def paid_living_costs(town: PayingTown, people: list[str]) -> dict[str, Any]:
    town.budget(BUDGET)
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=len(people))
    return town.call("get_claim", FINANCE, claim_id=claim["id"])


def day(town: PayingTown, later: int = 0) -> str:
    return (today_in_shanghai(town.now) + timedelta(days=later)).isoformat()


@pytest.fixture(autouse=True)
def one_budget_year(paying_town: PayingTown) -> None:
    """Two notices of a test fall into one year, whose account it looks at."""
    now = paying_town.now
    if (date(now.year, 12, 31) - now.date()).days < 50:
        paying_town.running.clock.advance_to(now.replace(year=now.year + 1, month=1, day=5))


def rows_of(town: PayingTown, claim_id: str, person: str) -> int:
    return town.db.limit_rows.count_documents({"claims": claim_id, "subject": {"$regex": f"-{person}$"}})


def order_of(claim: dict[str, Any]) -> dict[str, Any]:
    return {"claim_id": claim["id"], "ground": "not_eligible", "reason": "核查不符合条件"}


def owed_by(town: PayingTown, claim: dict[str, Any], people: list[str]) -> dict[str, str]:
    """Order what these people were paid back; return the recovery of each."""
    wanted = [{"person_ref": ref} for ref in people]
    made = town.call("order_recovery", SUPERVISOR, **order_of(claim), people=wanted)["items"]
    return {each["payee_ref"]: each["id"] for each in made}


def receipt_of(town: PayingTown, recovery: str, fen: int, reference: str) -> dict[str, Any]:
    known = {"recovery_id": recovery, "amount_fen": fen, "bank_reference": reference}
    return {**known, "received_on": day(town)}


def paid_in(town: PayingTown, fen: int) -> str:
    """Somebody pays this into the account; return the bank's entry of it."""
    said = {"amount_fen": fen, "booked_on": day(town), "reference": town.name("transfer")}
    town.standin.load("deposits", {"account": PAYER, **said})
    asked = {"account": PAYER, "from": day(town), "to": day(town)}
    lines = town.standin.post("/bank/statements", asked).json()["lines"]
    (entry,) = [each["entry"] for each in lines if each["instruction_id"] == said["reference"]]
    return str(entry)


def test_who_orders_a_recovery_and_of_what(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(3)
    claim = paid_living_costs(town, people)
    order, two = order_of(claim), [{"person_ref": ref} for ref in people[:2]]
    assert refused(town, "order_recovery", FINANCE, **order).code == "role.forbidden"
    assert refused(town, "order_recovery", FAR, **order).code == "region.forbidden"
    too_much = [{"person_ref": people[0], "amount_fen": EACH_FEN + 1}]
    assert refused(town, "order_recovery", SUPERVISOR, **order, people=too_much).code == (
        "settlement.recovery_too_much"
    )
    assert refused(town, "order_recovery", SUPERVISOR, **order, people=[*two, two[0]]).field == "people"
    before = town.account()["due_fen"]
    made = town.call("order_recovery", SUPERVISOR, **order, people=two)["items"]
    assert sorted(each["payee_ref"] for each in made) == sorted(people[:2])
    assert {(each["amount_fen"], each["status"], each["clause"]) for each in made} == {
        (EACH_FEN, "ordered", "600 §7; AP")
    }
    again = refused(town, "order_recovery", SUPERVISOR, **order, people=two)
    assert again.code == "settlement.nothing_to_recover"
    assert town.account()["due_fen"] == before + 2 * EACH_FEN
    town.sound()


def test_instalments_are_planned_and_received_once(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(3)
    owed = owed_by(town, paid_living_costs(town, people), people[:2])
    first, second = owed[people[0]], owed[people[1]]
    plan = [{"due": day(town), "amount_fen": 50_00}, {"due": day(town, 30), "amount_fen": 100_00}]
    wrong = [plan[0], {**plan[1], "amount_fen": 99_00}]
    asked = {"recovery_id": first, "reason": "本人申请分期"}
    assert (
        refused(town, "plan_recovery", FINANCE, **asked, instalments=wrong).code == "settlement.plan_mismatch"
    )
    assert refused(town, "plan_recovery", SUPERVISOR, **asked, instalments=plan).code == "role.forbidden"
    assert len(town.call("plan_recovery", FINANCE, **asked, instalments=plan)["plan"]) == 2
    receipt = receipt_of(town, first, 50_00, paid_in(town, 50_00))
    part = town.call("record_receipt", FINANCE, **receipt)
    assert (part["outstanding_fen"], part["status"]) == (100_00, "ordered")
    replay = refused(town, "record_receipt", FINANCE, **{**receipt, "recovery_id": second})
    assert (replay.code, replay.field) == ("settlement.receipt_replayed", "bank_reference")
    for changes, code in (
        ({"amount_fen": 100_01}, "settlement.receipt_too_much"),
        ({"amount_fen": 0}, "settlement.receipt_too_much"),
        ({"received_on": day(town, 1)}, "settlement.receipt_in_future"),
    ):
        body = {**receipt, "bank_reference": "HD-2026-0002", **changes}
        assert refused(town, "record_receipt", FINANCE, **body).code == code
    # the debtor sees the own debt, another person none
    debtor, other = (Actor("x", frozenset({"worker"}), person_ref=ref) for ref in (people[0], people[2]))
    assert town.call("get_recovery", debtor, recovery_id=first)["outstanding_fen"] == 100_00
    assert refused(town, "get_recovery", other, recovery_id=first).code == "not_found"
    town.sound()


def test_a_debt_is_set_off_against_a_later_claim(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(2)
    claim = paid_living_costs(town, people)
    debt = owed_by(town, claim, people[:1])[people[0]]
    town.call("record_receipt", FINANCE, **receipt_of(town, debt, 50_00, (entry := paid_in(town, 50_00))))
    assert rows_of(town, claim["id"], people[0]) == 1
    # the rest is set off, the bank pays what is left
    later = town.living_costs(people)
    before, bank = town.account(), town.bank_sum()
    town.through_review(later["id"])
    town.await_lines(later["id"], paid=2)
    lines = {doc["payee_ref"]: doc["amount_fen"] for doc in town.db.payments.find({"claim_id": later["id"]})}
    assert lines == {people[0]: EACH_FEN - 100_00, people[1]: EACH_FEN}
    assert town.bank_sum() - bank == 2 * EACH_FEN - 100_00
    after = town.account()
    assert after["recovered_fen"] - before["recovered_fen"] == 100_00
    assert after["paid_fen"] - before["paid_fen"] == 2 * EACH_FEN
    done = town.call("get_recovery", FINANCE, recovery_id=debt)
    assert (done["status"], done["outstanding_fen"], done["overdue_fen"]) == ("settled", 0, 0)
    assert [(each["kind"], each["reference"]) for each in done["movements"]] == [
        ("receipt", entry),
        ("offset", later["id"]),
    ]
    # the money is back, so the person did not enjoy it
    assert rows_of(town, claim["id"], people[0]) == 0
    again = receipt_of(town, debt, 1, "HD-2026-0012")
    assert refused(town, "record_receipt", FINANCE, **again).code == "out_of_order"
    town.reconciled()
    town.sound()


def test_what_a_debtor_pays_in_is_read_from_the_banks_statement(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(1)
    debt = owed_by(town, paid_living_costs(town, people), people)[people[0]]
    paid_in = {"account": PAYER, "amount_fen": EACH_FEN, "booked_on": day(town), "reference": debt}
    town.standin.load("deposits", paid_in)

    def settled() -> dict[str, Any] | None:
        shown = town.call("get_recovery", FINANCE, recovery_id=debt)
        return shown if shown["status"] == "settled" else None

    (movement,) = wait_for(settled, 60, "the credit read")["movements"]
    assert (movement["kind"], movement["amount_fen"], movement["day"]) == ("receipt", EACH_FEN, day(town))
    assert (movement["by"], movement["reference"][-2:]) == ("service:settlement", "-D")
    town.reconciled()
    town.sound()


def test_a_debt_is_given_up_by_another_hand(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(2)
    claim = paid_living_costs(town, people)
    owed, due = owed_by(town, claim, people), town.account()["due_fen"]
    town.call(
        "record_receipt", FINANCE, **receipt_of(town, owed[people[0]], EACH_FEN, paid_in(town, EACH_FEN))
    )
    off = {"recovery_id": owed[people[1]], "reason": "本人去世，无遗产"}
    assert refused(town, "write_off", SUPERVISOR, **off).code == "settlement.same_person"
    assert refused(town, "write_off", FINANCE, **off).code == "role.forbidden"
    assert town.call("write_off", SUPERVISOR2, **off)["status"] == "settled"
    assert [rows_of(town, claim["id"], ref) for ref in people] == [0, 1]
    shown = town.call("get_claim", FINANCE, claim_id=claim["id"])
    assert (shown["status"], shown["demanded_fen"], shown["recovered_fen"]) == (
        "paid",
        2 * EACH_FEN,
        EACH_FEN,
    )
    assert town.account()["due_fen"] == due - 2 * EACH_FEN
    town.reconciled()
    town.sound()


def test_a_whole_claim_comes_back_from_the_body_and_its_stage_is_free(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    by, people = town.provider(), town.people(2)
    project, _id = town.training(by, people)
    claim = town.advance(by, project)
    order = {"claim_id": claim["id"], "ground": "body_fraud", "reason": "名册不实"}
    assert refused(town, "order_recovery", SUPERVISOR, **order).code == "out_of_order"
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=1)
    # of two orders at once one finds nothing left
    both = [lambda who=who: town.call("order_recovery", who, **order) for who in (SUPERVISOR, SUPERVISOR2)]
    answers = at_once(both)
    assert codes(answers) == ["settlement.nothing_to_recover"]
    (made,) = next(each for each in answers if isinstance(each, dict))["items"]
    assert (made["payee_ref"], made["amount_fen"]) == (by.body_ref, 2 * SHARE_FEN)
    # a receipt recorded by two officers at once is recorded once
    receipt = {
        "recovery_id": made["id"],
        "amount_fen": 2 * SHARE_FEN,
        "bank_reference": paid_in(town, 2 * SHARE_FEN),
        "received_on": day(town),
    }
    both = [lambda who=who: town.call("record_receipt", who, **receipt) for who in (FINANCE, FINANCE2)]
    assert codes(at_once(both)) in (["settlement.same_person"], ["settlement.receipt_replayed"])
    shown = town.call("get_claim", FIRST, claim_id=claim["id"])
    assert (shown["status"], shown["recovered_fen"]) == ("recovered", 2 * SHARE_FEN)
    assert town.db.limit_rows.count_documents({"claims": claim["id"]}) == 0
    # so the stage can be claimed anew
    assert town.advance(by, project)["total_fen"] == 2 * SHARE_FEN
    told = town.db.outbox.count_documents({"type": "settlement.claim.recovered", "subject": claim["id"]})
    assert told == 1
    town.reconciled()
    town.sound()


def test_what_a_balance_sets_off_is_not_recovered_too(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people)
    advance = town.advance(by, project)
    town.through_review(advance["id"])
    town.await_lines(advance["id"], paid=1)
    town.finish(project, id, people[:2])
    town.employ(project, id, people[:2])

    def written() -> int:
        stage = town.db.limit_rows.find_one({"claims": advance["id"], "kind": "stage"})
        return int(stage["version"])

    before = written()
    balance = town.call("submit_claim", by, kind="project_balance", project_id=project)
    assert balance["total_fen"] == 2 * (PRICE_FEN - SHARE_FEN) - SHARE_FEN
    # submitting the balance and ordering the recovery write one row, so neither passes the other by
    assert written() == before + 1
    order = {"claim_id": advance["id"], "ground": "not_eligible", "reason": "未取得证书"}
    one = [{"person_ref": people[2]}]
    refusal = refused(town, "order_recovery", SUPERVISOR, **order, people=one)
    assert refusal.code == "settlement.nothing_to_recover"
    town.call("withdraw_claim", by, claim_id=balance["id"], reason="理由")
    (made,) = town.call("order_recovery", SUPERVISOR, **order, people=one)["items"]
    assert made["amount_fen"] == SHARE_FEN
    assert written() == before + 2
    # what is demanded back is not set off
    again = town.call("submit_claim", by, kind="project_balance", project_id=project)
    assert again["total_fen"] == 2 * (PRICE_FEN - SHARE_FEN)
    town.reconciled()
    town.sound()


def test_a_claim_that_is_set_off_whole_needs_no_bank(paying_town: PayingTown) -> None:
    town = paying_town
    people = town.people(1)
    claim = paid_living_costs(town, people)
    order = {"claim_id": claim["id"], "ground": "overpaid", "reason": "重复支付"}
    (made,) = town.call("order_recovery", SUPERVISOR, **order)["items"]
    later = town.living_costs(people)
    town.through_review(later["id"])
    shown = town.call("get_claim", PAYMENT, claim_id=later["id"])
    assert (shown["status"], shown["paid_fen"], shown["offset_fen"], shown["payment_lines"]) == (
        "paid", 0, EACH_FEN, 0,
    )  # fmt: skip
    assert town.call("get_recovery", FINANCE, recovery_id=made["id"])["status"] == "settled"
    assert town.status(claim["id"]) == "recovered"
    # what was set off counts as paid: it can be demanded back itself
    (again,) = town.call("order_recovery", SUPERVISOR, **{**order, "claim_id": later["id"]})["items"]
    assert again["amount_fen"] == EACH_FEN
    town.reconciled()
    town.sound()


def test_a_notice_shows_masked_names_to_anybody(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    people = town.people(3)
    claim = town.living_costs(people)
    assert refused(town, "get_notice", None, claim_id=claim["id"]).code == "not_found"
    town.to_notice(claim["id"])
    claim_until = town.call("get_claim", FIRST, claim_id=claim["id"])["notice_until"]
    first = town.call("get_notice", None, claim_id=claim["id"], limit=2)
    rest = town.call("get_notice", None, claim_id=claim["id"], limit=2, cursor=first["next"])
    items = [*first["items"], *rest["items"]]
    assert rest["next"] is None
    assert [each["number"] for each in items] == [1, 2, 3]
    assert {each["amount_fen"] for each in items} == {EACH_FEN}
    for each in items:
        assert each["name"][0] == "示"
        assert set(each["name"][1:]) == {"*"}
    text = repr((first, rest))
    assert not [ref for ref in people if ref in text]
    about = first["notice"]
    assert (about["project_name"], about["class_name"]) == ("示例项目", "示例班")
    assert about["until"] == claim_until
    # who is forgotten is gone from the list at once
    town.running.call("intake.forget_person", {}, town.workers[people[0]])
    shown = town.call("get_notice", None, claim_id=claim["id"])["items"]
    assert sum(each["name"] is None for each in shown) == 1
    # nobody else asks intake for names
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        town.running.call("intake.masked_names", {"person_refs": people}, FIRST)


def test_a_returned_payment_is_stopped_and_the_rest_stays_paid(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    # the bank returns what goes to an account that ends in 0000
    people = town.paid_into(["6228000000070001", "6228000000070000"])
    start = town.account()["ordered_fen"]
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=1, returned=1)
    # the account is written after its lines
    wait_for(lambda: town.account()["ordered_fen"] == start + EACH_FEN, 60, "the paid line in the account")
    before = town.account()
    line = town.db.payments.find_one({"claim_id": claim["id"], "status": "returned"})
    stop = {"payment_id": line["_id"], "reason": "经查冒用他人身份"}
    # nobody who reviewed the claim releases its payment again
    both = Actor(FIRST.account, FIRST.roles | PAYMENT.roles, region=FIRST.region)
    assert refused(town, "correct_payment", both, **stop).code == "settlement.same_person"
    assert refused(town, "stop_payment", FINANCE, **stop).code == "role.forbidden"
    assert refused(town, "stop_payment", FAR, **stop).code == "region.forbidden"
    assert town.call("stop_payment", SUPERVISOR, **stop)["status"] == "stopped"
    assert refused(town, "stop_payment", SUPERVISOR, **stop).code == "out_of_order"
    assert refused(town, "correct_payment", PAYMENT, **stop).code == "out_of_order"
    paid = town.db.payments.find_one({"claim_id": claim["id"], "status": "paid"})
    assert (
        refused(town, "stop_payment", SUPERVISOR, **{**stop, "payment_id": paid["_id"]}).code
        == "out_of_order"
    )
    assert town.status(claim["id"]) == "paid"
    after = town.account()
    assert before["ordered_fen"] - after["ordered_fen"] == EACH_FEN
    assert after["available_fen"] - before["available_fen"] == EACH_FEN
    # who was not paid has not enjoyed it, and owes nothing
    assert [rows_of(town, claim["id"], ref) for ref in people] == [1, 0]
    order = {"claim_id": claim["id"], "ground": "not_eligible", "reason": "核查不符合条件"}
    (made,) = town.call("order_recovery", SUPERVISOR, **order)["items"]
    assert (made["payee_ref"], made["amount_fen"]) == (people[0], EACH_FEN)
    town.reconciled()
    town.sound()
