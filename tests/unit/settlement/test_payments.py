"""A payment line: sent once for each attempt, booked once, corrected only by the payee's new account."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import payments
from services.settlement.domain.payments import PaymentLine, new_line

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)


def line(kind: payments.PayeeKind = "person") -> PaymentLine:
    waiting = new_line("claim1-0001", "claim1", "fund", kind, "payee1", 150_00)
    return payments.gathered(waiting, "B1", 1)


def sent() -> PaymentLine:
    after = payments.sent(line(), "claim1-0001:1", NOW)
    assert after is not None
    return after


def returned() -> PaymentLine:
    after = payments.returned(sent(), "claim1-0001:1", "AC04", NOW)
    assert after is not None
    return after


def test_each_answer_counts_once() -> None:
    assert payments.sent(sent(), "claim1-0001:1", NOW) is None
    paid = payments.paid(sent(), "claim1-0001:1", DAY, NOW)
    assert paid is not None
    assert (paid.status, paid.paid_on) == ("paid", DAY)
    assert payments.paid(paid, "claim1-0001:1", DAY, NOW) is None


def test_what_comes_back_after_it_was_paid_is_paid_again_or_stopped() -> None:
    paid = payments.paid(sent(), "claim1-0001:1", DAY, NOW)
    assert paid is not None
    assert payments.returned(paid, "claim1-0001:2", "AC04", NOW) is None
    later = NOW + timedelta(days=1)
    back = payments.returned(paid, "claim1-0001:1", "AC04", later)
    assert back is not None
    assert (back.status, back.paid_on, back.bank_reason) == ("returned", None, "AC04")
    assert back.undone == (payments.Undone(NOW, later),)
    assert payments.returned(back, "claim1-0001:1", "AC04", later) is None, "it is said once more"
    again = payments.corrected(back, 2, "officer", "已更正")
    assert (again.instruction, again.undone) == ("claim1-0001:2", back.undone)
    assert payments.returned(again, "claim1-0001:1", "AC04", later) is None
    assert payments.stopped(back, "supervisor", "已死亡", later).status == "stopped"


def test_nothing_is_settled_that_was_not_sent() -> None:
    assert payments.paid(line(), "claim1-0001:1", DAY, NOW) is None
    assert payments.returned(line(), "claim1-0001:1", "AC04", NOW) is None


def test_a_late_answer_about_an_older_attempt_changes_nothing() -> None:
    again = payments.corrected(returned(), 2, "officer", "已更正")
    assert (again.status, again.instruction, again.batch_id) == ("corrected", "claim1-0001:2", None)
    assert payments.sent(again, "claim1-0001:2", NOW) is None, "it is in no batch yet"
    again = payments.gathered(again, "B2", 2)
    assert payments.sent(again, "claim1-0001:1", NOW) is None
    second = payments.sent(again, "claim1-0001:2", NOW)
    assert second is not None
    assert second.bank_reason is None
    assert payments.paid(second, "claim1-0001:1", DAY, NOW) is None


@pytest.mark.parametrize("status", ["ordered", "sent", "paid", "corrected"])
def test_only_a_returned_payment_is_corrected(status: str) -> None:
    with pytest.raises(Refusal) as refused:
        payments.corrected(replace(line(), status=status), 9, "officer", "理由")
    assert refused.value.code == "out_of_order"


def test_a_line_is_in_one_batch_at_a_time() -> None:
    with pytest.raises(ValueError, match="B1"):
        payments.gathered(line(), "B2", 1)


def test_a_line_of_a_released_batch_waits_for_another() -> None:
    free = payments.put_back(line(), NOW)
    assert (free.batch_id, free.instruction, free.waits_until) == (None, "claim1-0001:1", NOW)
    assert payments.gathered(free, "B2", 1).batch_id == "B2"
    assert payments.stopped(free, "supervisor", "举报属实", NOW).status == "stopped"
    with pytest.raises(ValueError, match="sent"):
        payments.put_back(sent(), NOW)


def test_who_has_no_account_comes_back_to_the_officer() -> None:
    back = payments.unpayable(line(), "no_account", NOW)
    assert back is not None
    assert (back.status, back.bank_reason) == ("returned", "no_account")
    assert payments.unpayable(sent(), "no_account", NOW) is None
    assert payments.corrected(back, 2, "officer", "已提供账号").attempt == 2


def test_an_instruction_fits_iso_20022() -> None:
    id = payments.line_id("0123456789abcdef0123456789abcdef", 99_999)
    longest = replace(new_line(id, "c", "f", "person", "p", 1), attempt=999).instruction
    assert len(longest) <= 35
    assert payments.line_of(longest) == id


def test_the_same_account_is_not_tried_twice() -> None:
    with pytest.raises(Refusal) as refused:
        payments.corrected(returned(), 1, "officer", "理由")
    assert refused.value.code == "settlement.payee_unchanged"
    body = replace(returned(), payee_kind="body")
    assert payments.corrected(body, 0, "officer", "理由").attempt == 2


@pytest.mark.parametrize(("status", "batch"), [("ordered", None), ("corrected", None), ("returned", "B1")])
def test_what_is_not_at_the_bank_can_be_stopped(status: str, batch: str | None) -> None:
    line = replace(payments.new_line("l1", "c1", "acc", "person", "p1", 100), status=status, batch_id=batch)
    after = payments.stopped(line, "supervisor", "举报属实", NOW)
    assert (after.status, after.corrected_by, after.correction) == ("stopped", "supervisor", "举报属实")
    with pytest.raises(Refusal, match="out_of_order"):
        payments.stopped(after, "supervisor", "再次", NOW)


@pytest.mark.parametrize(("status", "batch"), [("ordered", "B1"), ("sent", "B1"), ("paid", "B1")])
def test_what_is_at_the_bank_cannot(status: str, batch: str) -> None:
    line = replace(payments.new_line("l1", "c1", "acc", "person", "p1", 100), status=status, batch_id=batch)
    with pytest.raises(Refusal, match="out_of_order"):
        payments.stopped(line, "supervisor", "举报属实", NOW)
