"""What is done with a line that cannot stand in a file, while an earlier file may be at the bank."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.chassis.outside import Answered, Refused
from services.settlement import paying, receiving
from services.settlement.bank_files.things import Outcome, Receipt
from services.settlement.domain import batches, payments
from services.settlement.domain.batches import Batch
from services.settlement.store import batches as store

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
LATER = NOW + batches.LATE
LINES = [payments.new_line(f"c-{n:04d}", "c", "fund", "person", f"p{n}", 100) for n in range(2)]
NO_ACCOUNT, WITH_ACCOUNT = (line.instruction for line in LINES)


class Counter:
    """A bank of one file: it keeps what arrives and answers about that; all that happens is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tries: int, accounts: Sequence[str]) -> None:
        self.now = NOW
        self.done: list[str] = []
        self.arrived: list[str] = []
        made = batches.built("B1", "fund", "370611", [(line.instruction, 100) for line in LINES], NOW)
        self.batch = replace(made, tries=tries, tried_at=NOW if tries else None)
        self.lines = {line.id: payments.gathered(line, "B1", 0) for line in LINES}
        self.accounts = accounts
        self.before_sending: Callable[[], None] = lambda: None
        monkeypatch.setattr(store, "lines", lambda source, ids: self.lines)
        monkeypatch.setattr(store, "need", lambda source, id: self.batch)
        monkeypatch.setattr(store, "save", self.save)
        monkeypatch.setattr(receiving, "give_back", self.give_back)
        monkeypatch.setattr(receiving, "mark_sent", self.mark_sent)
        monkeypatch.setattr(receiving, "mark_batch_sent", lambda unit, id: None)

    def desk(self) -> paying.Desk:
        unit = SimpleNamespace(now=self.now)
        return cast("paying.Desk", SimpleNamespace(
            bank=self, reader=unit, transact=lambda run: run(unit), payee_details=self.details
        ))  # fmt: skip

    def details(self, refs: Sequence[str], why: str) -> dict[str, Any]:
        items = [{"payee_ref": ref, "name": "示例甲", "bank_account": "622200000017"} for ref in refs]
        return {"items": [each for each in items if each["payee_ref"] in self.accounts]}

    def save(self, unit: Any, batch: Batch, events: Any = ()) -> None:
        self.batch = batch

    def give_back(self, unit: Any, id: str, missing: dict[str, str]) -> None:
        for instruction, reason in missing.items():
            self.done.append(f"gave back {instruction}, {reason}")

    def mark_sent(self, unit: Any, id: str, told: Sequence[str]) -> None:
        for instruction in told:
            after = payments.sent(self.lines[payments.line_of(instruction)], instruction, NOW)
            assert after is not None
            self.lines[after.id] = after

    def receipt(self, id: str, read: Any) -> Answered[Receipt | None]:
        outcomes = tuple(Outcome(1, each, "accepted", 100, date(2026, 3, 20)) for each in self.arrived)
        return Answered(Receipt("R1", id, outcomes) if outcomes else None, NOW, "bank")

    def send_file(self, id: str, format: str, content: bytes, read: Any) -> Any:
        self.before_sending()
        if self.arrived:
            return Refused("message_conflict", "other content", NOW, "bank")
        self.arrived = [each for each in self.batch.instructions if each.encode() in content]
        self.done.append(f"sent {' '.join(self.arrived)}")
        return self.receipt(id, read)


GIVEN_BACK, SENT = f"gave back {NO_ACCOUNT}, no_account", f"sent {WITH_ACCOUNT}"


@pytest.mark.parametrize(("tries", "done"), [(0, [GIVEN_BACK, SENT]), (1, [SENT, GIVEN_BACK])])
def test_a_line_is_given_back_when_no_file_with_it_can_be_there(
    monkeypatch: pytest.MonkeyPatch, tries: int, done: list[str]
) -> None:
    bank = Counter(monkeypatch, tries, ["p1"])
    paying.work_through([bank.batch], lambda batch: paying.send(bank.desk(), batch))
    assert bank.done == done


def test_the_first_file_arrives_after_the_bank_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Counter(monkeypatch, 1, ["p1"])
    bank.before_sending = lambda: bank.arrived.extend(bank.batch.instructions)
    paying.work_through([bank.batch], lambda batch: paying.send(bank.desk(), batch))
    assert bank.done == []
    assert {line.status for line in bank.lines.values()} == {"sent"}


def test_where_nothing_can_be_sent_it_is_waited_for_what_may_still_arrive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bank = Counter(monkeypatch, 1, [])
    paying.work_through([bank.batch], lambda batch: paying.send(bank.desk(), batch))
    assert bank.done == []
    bank.now = LATER
    paying.work_through([bank.batch], lambda batch: paying.send(bank.desk(), batch))
    assert bank.done == [f"gave back {each}, no_account" for each in (NO_ACCOUNT, WITH_ACCOUNT)]


def test_a_refusal_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Counter(monkeypatch, 0, ["p0", "p1"])
    bank.send_file = lambda *rest: Refused("insufficient_funds", "-", NOW, "bank")  # type: ignore[method-assign]
    paying.work_through([bank.batch], lambda batch: paying.send(bank.desk(), batch))
    assert (bank.batch.refused, bank.batch.retry_at) == ("insufficient_funds", NOW + batches.RETRY_FIRST)
