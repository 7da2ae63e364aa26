"""Payments against a bank: paid once whatever is killed, returned and corrected, agreeing to the fen."""

import random
import signal
import time
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.settlement import paying
from services.settlement.domain import batches
from services.settlement.store import books
from services.settlement.store.documents import plain, renewed
from tests.integration.settlement.plain import COUNTY, DAY
from tests.integration.settlement.world import PAYMENT, SHARE_FEN, SUPERVISOR, PayingTown, officer
from tests.support.services import wait_for

BUDGET = 10_000_000_00
EACH_FEN = 5 * 30_00


def test_a_returned_payment_is_corrected_and_paid(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    people = town.paid_into(["6228000000010001", "6228000000010000", "6228000000010002"])
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=2, returned=1)
    (line,) = town.call("list_payments", PAYMENT, claim_id=claim["id"], status="returned")["items"]
    worker = town.workers[line["payee_ref"]]
    assert (line["bank_reason"], line["payee_ref"]) == ("AC04", people[1])
    own = Actor(worker.account, worker.roles, person_ref=people[1])
    assert [each["id"] for each in town.call("list_payments", own)["items"]] == [line["id"]]
    correction = {"payment_id": line["id"], "reason": "已更正账号"}
    with pytest.raises(Refusal) as refused:
        town.call("correct_payment", PAYMENT, **correction)
    assert refused.value.code == "settlement.payee_unchanged"
    town.change_account(people[1], "6228000000010003")
    corrected = town.call("correct_payment", PAYMENT, **correction)
    assert (corrected["status"], corrected["instruction"]) == ("corrected", f"{line['id']}:2")
    town.await_lines(claim["id"], paid=3)
    assert town.status(claim["id"]) == "paid"
    assert town.reconciled()["statement_day"] is not None
    town.sound()


def came_back(town: PayingTown, claim_id: str, payee_ref: str) -> dict[str, Any]:
    """Let a paid line come back on the bank's statement of the next day; return the line."""
    line = town.db.payments.find_one({"claim_id": claim_id, "payee_ref": payee_ref})
    town.running.clock.advance_to(town.now + timedelta(days=1))
    day = today_in_shanghai(town.now).isoformat()
    back = {"returns": [{"instruction_id": f"{line['_id']}:{line['attempt']}", "booked_on": day}]}
    town.standin.post("/admin/returns", back).raise_for_status()
    return line


def sums(town: PayingTown) -> tuple[int, int, int]:
    """Return what the county's account has paid, ordered and available, as it was last written."""
    doc = town.db.fund_accounts.find_one({"_id": f"employment_subsidy:{COUNTY}:{town.year}"})
    account = books.account_of(doc)
    return account.paid_fen, account.ordered_fen, account.available_fen


def test_what_was_paid_comes_back_and_is_paid_again_or_stopped(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    people = town.people(2)
    claim = town.living_costs(people)
    town.through_review(claim["id"])
    town.await_lines(claim["id"], paid=2)
    paid, ordered, available = sums(town)
    line = came_back(town, claim["id"], people[0])
    town.await_lines(claim["id"], paid=1, returned=1)
    assert sums(town) == (paid - EACH_FEN, ordered + EACH_FEN, available)
    assert town.status(claim["id"]) == "ordered"
    batch = town.db.batches.find_one({"_id": line["batch_id"]})
    assert (batch["status"], batch["paid_fen"], batch["returned_lines"]) == ("settled", EACH_FEN, 1)
    town.reconciled()
    town.sound()
    town.change_account(people[0], "6228000000960001")
    town.call("correct_payment", PAYMENT, payment_id=line["_id"], reason="已更正账号")
    town.await_lines(claim["id"], paid=2)
    assert town.status(claim["id"]) == "paid"
    town.reconciled()
    line = came_back(town, claim["id"], people[1])
    town.await_lines(claim["id"], paid=1, returned=1)
    # the days of the first return were read again for the second
    assert town.db.entries.count_documents({"claim_id": claim["id"], "kind": "unpay"}) == 2
    town.call("stop_payment", SUPERVISOR, payment_id=line["_id"], reason="人员已死亡")
    town.await_lines(claim["id"], paid=1, stopped=1)
    assert town.status(claim["id"]) == "paid"
    assert sums(town) == (paid - EACH_FEN, ordered, available + EACH_FEN)
    town.reconciled()
    town.sound()
    assert town.running.dead("settlement") == 0


def test_a_project_is_paid_to_its_provider_and_the_balance_takes_it_off(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    by, people = town.provider(), town.people(3)
    project, id = town.training(by, people)
    advance = town.advance(by, project)
    town.through_review(advance["id"])
    town.await_lines(advance["id"], paid=1)
    town.finish(project, id, people[:2])
    town.employ(project, id, people[:2])
    balance = town.call("submit_claim", by, kind="project_balance", project_id=project)
    # two are certified, the advance of the third is set off
    assert balance["total_fen"] == 2 * 720_00 - SHARE_FEN
    town.through_review(balance["id"])
    town.await_lines(balance["id"], paid=1)
    slots = town.db.limit_rows.find({"kind": "slot", "subject": {"$regex": f"^{project}-"}})
    assert sorted(row["subject"] for row in slots) == sorted(f"{project}-{ref}" for ref in people[:2])
    town.reconciled()


def test_an_outage_of_the_bank_delays_and_doubles_nothing(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    claim = town.living_costs(town.people(4))
    before = town.bank_sum()
    town.standin.fault("bank", "down")
    town.through_review(claim["id"])
    asked = town.standin.asked("bank")
    end = time.monotonic() + 30
    while town.standin.asked("bank") == asked:
        assert time.monotonic() < end, "nothing was sent"
        time.sleep(0.05)
    town.await_lines(claim["id"], ordered=4)
    # done, but the answer is lost: the same instructions go again and are booked once
    town.standin.fault("bank", "lost", remaining=3)
    town.await_lines(claim["id"], paid=4)
    assert town.bank_sum() - before == 4 * EACH_FEN
    town.reconciled()


def test_a_refused_batch_waits_and_an_officer_may_release_it(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    people = town.people(2)
    first, second = town.living_costs(people), town.living_costs(town.people(1))
    # past both notices before anything is ordered: a jump of the clock is a wait too
    town.running.clock.advance_to(max(town.to_notice(each["id"]) for each in (first, second)))
    town.standin.fault("bank", "broke")
    town.to_order(first["id"])

    def refused(claim_id: str) -> dict[str, Any] | None:
        line = town.db.payments.find_one({"claim_id": claim_id})
        batch = town.db.batches.find_one({"_id": line["batch_id"]}) if line else None
        return batch if batch and batch["refused"] else None

    batch = wait_for(lambda: refused(first["id"]), 60, "a refusal")
    town.to_order(second["id"])
    later = wait_for(lambda: refused(second["id"]), 60, "another refusal")
    shown = town.call("get_batch", PAYMENT, batch_id=batch["_id"])
    # it had its turn since: nothing was sent, nobody's account disclosed again
    assert (shown["status"], shown["refused"], shown["tries"]) == ("built", "insufficient_funds", 1)
    assert shown["retry_at"] > shown["refused_at"]
    kept = town.running.database("intake").disclosures
    assert kept.count_documents({"payee_ref": {"$in": people}}) == 2
    asked = {"batch_id": batch["_id"], "reason": "账户余额不足"}
    with pytest.raises(Refusal, match="region"):
        town.call("release_batch", officer("payment_officer", region="370100"), **asked)
    assert town.call("release_batch", PAYMENT, **asked)["release_by"] == PAYMENT.account
    wait_for(lambda: town.db.batches.find_one({"_id": batch["_id"]})["status"] == "released", 60, "release")
    lines = list(town.db.payments.find({"claim_id": first["id"]}, sort=[("_id", 1)]))
    assert [(line["status"], line["batch_id"]) for line in lines] == [("ordered", None)] * 2
    with pytest.raises(Refusal, match="out_of_order"):
        town.call("release_batch", PAYMENT, **asked)
    town.call("stop_payment", SUPERVISOR, payment_id=lines[0]["_id"], reason="举报属实")
    town.standin.fault("bank", "ok")
    town.running.clock.advance_to(town.now + timedelta(minutes=11))
    town.await_lines(first["id"], paid=1, stopped=1)
    town.await_lines(second["id"], paid=1)
    again = town.call("get_batch", PAYMENT, batch_id=later["_id"])
    assert (again["status"], again["tries"], again["refused"]) == ("settled", 2, None)
    town.reconciled()
    town.sound()


def test_batches_that_stay_where_they_are_do_not_keep_others_from_their_turn(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    old = [
        batches.built(f"B20250101-{n:04d}", "gone", COUNTY, [(f"gone-{n:04d}:1", 1)], town.now - 90 * DAY)
        for n in range(paying.AT_ONCE)
    ]
    stuck = [{**renewed(None, plain(each)), "version": 1, "seq": 0} for each in old]
    town.db.batches.insert_many(stuck)
    try:
        claim = town.living_costs(town.people(1))
        town.through_review(claim["id"])
        town.await_lines(claim["id"], paid=1)
    finally:
        town.db.batches.delete_many({"fund_account": "gone"})


def test_payments_survive_kills_and_are_booked_once(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    claims = [town.living_costs(town.people(12)) for _ in range(2)]
    before = town.bank_sum()
    town.through_review(*[claim["id"] for claim in claims])
    chance = random.Random(20260310)
    for _ in range(5):
        time.sleep(chance.uniform(0.1, 2.5))
        town.running.kill("settlement", signal.SIGKILL)
    for claim in claims:
        town.await_lines(claim["id"], paid=12)
    assert town.bank_sum() - before == 24 * EACH_FEN
    for claim in claims:
        posted = list(town.db.entries.find({"claim_id": claim["id"], "kind": "pay"}))
        booked = [row["payment_id"] for each in posted for row in each["postings"] if row["payment_id"]]
        assert len(set(booked)) == len(booked) == 12
        told = town.db.outbox.count_documents({"type": "settlement.claim.paid", "subject": claim["id"]})
        assert (told, town.status(claim["id"])) == (1, "paid")
    town.reconciled()
    town.sound()
    assert town.running.dead("settlement") == 0


def test_a_second_instance_pays_nothing_twice(paying_town: PayingTown) -> None:
    town = paying_town
    town.budget(BUDGET)
    claim = town.living_costs(town.people(8))
    before = town.bank_sum()
    second = town.running.start_second("settlement")
    try:
        town.through_review(claim["id"])
        town.await_lines(claim["id"], paid=8)
    finally:
        second.terminate()
        second.wait(30)
    assert town.bank_sum() - before == 8 * EACH_FEN
    town.reconciled()
    town.sound()


def test_a_kill_between_send_and_receipt_is_settled_by_asking(paying_town: PayingTown) -> None:
    """The bank has the file, nobody told us; by then a payee has another account."""
    town = paying_town
    town.budget(BUDGET)
    people = town.people(5)
    claim = town.living_costs(people)
    before = town.bank_sum()
    town.standin.fault("bank", "lost")
    town.through_review(claim["id"])
    wait_for(
        lambda: town.db.batches.find_one({"status": "built", "tries": {"$gt": 0}}), 30, "a batch under way"
    )
    (batch,) = town.db.batches.find({"status": "built"})
    wait_for(lambda: town.standin.booked(batch["instructions"]) == 5, 30, "the bank's bookings")
    town.running.kill("settlement", signal.SIGKILL)
    assert [line["status"] for line in town.db.payments.find({"claim_id": claim["id"]})] == ["ordered"] * 5
    town.change_account(people[0], "6228000000970001")
    town.standin.fault("bank", "ok")
    town.await_lines(claim["id"], paid=5)
    assert town.bank_sum() - before == 5 * EACH_FEN
    known = town.call("get_batch", PAYMENT, batch_id=batch["_id"])
    # it was asked about, not sent again
    assert (known["status"], known["paid_fen"]) == ("settled", 5 * EACH_FEN)
    assert town.standin.booked(batch["instructions"]) == 5
    assert len(list(town.db.entries.find({"claim_id": claim["id"], "kind": "pay"}))) == 1
    town.reconciled()
    town.sound()


@pytest.mark.parametrize("fault", ["twice", "wrong", "garbage", "slow"])
def test_whatever_the_bank_does_a_batch_is_booked_once(paying_town: PayingTown, fault: str) -> None:
    town = paying_town
    town.budget(BUDGET)
    claim = town.living_costs(town.people(3))
    before = town.bank_sum()
    town.standin.fault("bank", fault, seconds=6)
    asked = town.standin.asked("bank")
    town.through_review(claim["id"])
    wait_for(lambda: town.standin.asked("bank") > asked + 3, 60, "the bank under its fault")
    town.running.kill("settlement", signal.SIGKILL)
    assert town.db.entries.count_documents({"claim_id": claim["id"], "kind": "pay"}) == 0
    town.standin.fault("bank", "ok")
    town.await_lines(claim["id"], paid=3)
    assert town.bank_sum() - before == 3 * EACH_FEN
    town.reconciled()
    town.sound()
