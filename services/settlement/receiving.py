"""What the bank says of payment lines: checked against what was sent, then booked, once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement import crediting
from services.settlement.bank_files.things import Outcome, Receipt, fail
from services.settlement.batch_files import PURPOSE
from services.settlement.domain import batches, claims, funds, payments
from services.settlement.domain.batches import Batch
from services.settlement.domain.claims import Claim
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Cause
from services.settlement.domain.payments import TO_SEND, PaymentLine, line_of
from services.settlement.domain.recovery import Recovery
from services.settlement.store import batches as store
from services.settlement.store import bookings, books, recoveries
from services.settlement.store import claims as claim_store
from services.settlement.store.documents import Source

# so long an officer may have a line of a released batch stopped before it is sent again
HOLD: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Tally:
    """How many lines something new was learnt of."""

    sent: int = 0
    paid: int = 0
    returned: int = 0

    @property
    def any(self) -> bool:
        """Whether anything was new."""
        return bool(self.sent or self.paid or self.returned)


def check(source: Source, batch: Batch, receipt: Receipt, today: date) -> None:
    """Compare a receipt with what was sent and is known of it.

    Raises Refusal `settlement.bank_file_stranger` or `settlement.bank_file_contradicts`, and BankFileError
    for a day to come.
    """
    mine = set(batch.instructions)
    lines = store.lines(source, batch.instructions)
    for outcome in receipt.outcomes:
        if outcome.instruction not in mine:
            raise _stranger(outcome, outcome.instruction)
        line = lines[line_of(outcome.instruction)]
        if outcome.amount_fen not in (None, line.amount_fen):
            raise _contradiction(outcome, "InstdAmt", f"{line.amount_fen} 分 / fen")
        if outcome.day is not None and outcome.day > today:
            fail(outcome.line, "date", "日期晚于今天", "the day is to come")
        known = line.status if outcome.instruction == line.instruction else "returned"
        known = "returned" if known == "stopped" else known
        # an older word of the bank's may stand in a receipt beside its later return on the statement
        said = (outcome.status, known) == ("paid", "returned")
        if said and not bookings.came_back(source, outcome.instruction):
            raise _contradiction(outcome, "TxSts", known)


def mark_sent(unit: Unit, batch_id: str, instructions: Sequence[str]) -> None:
    """Write that the bank has taken these lines of a batch."""
    lines = store.lines(unit, instructions)
    for instruction in instructions:
        after = payments.sent(lines[line_of(instruction)], instruction, unit.now)
        if after is not None and after.batch_id == batch_id:
            books.save_payment(unit, after, ["sent"])


def mark_batch_sent(unit: Unit, batch_id: str) -> None:
    """Write that the bank has taken a batch."""
    after = batches.sent(store.need(unit, batch_id), unit.now)
    if after is not None:
        store.save(unit, after, [("sent", {"sha256": after.sha256})])


def settle(unit: Unit, batch_id: str, outcomes: Iterable[Outcome]) -> Tally:
    """Book what the bank says of lines of a batch: once, whatever is said again.

    The last line pays its claim; there is one entry in the books for each claim. What comes back after it
    was paid is ordered again, or received of the payee who was ordered to give it back.
    """
    outcomes = list(outcomes)
    lines = store.lines(unit, [outcome.instruction for outcome in outcomes])
    paid: list[PaymentLine] = []
    undone: list[PaymentLine] = []
    sent = back = received = 0
    for outcome in outcomes:
        before = lines[line_of(outcome.instruction)]
        line, events = _applied(before, outcome, unit.now)
        if not events:
            continue
        if before.status == "paid" and (demanded := _demanded(unit, before)):
            received += crediting.take_back(unit, demanded, before)
            continue
        books.save_payment(unit, line, events)
        lines[line.id] = line
        sent += events == ["sent"]
        if before.status == "paid":
            undone.append(line)
        elif line.status == "paid":
            paid.append(line)
        else:
            back += line.status == "returned"
    for claim_id in sorted({line.claim_id for line in paid}):
        _pay(unit, batch_id, claim_id, [line for line in paid if line.claim_id == claim_id])
    for claim_id in sorted({line.claim_id for line in undone}):
        _unpay(unit, batch_id, claim_id, [line for line in undone if line.claim_id == claim_id])
    _progress(unit, batch_id, paid, back, taken=bool(outcomes))
    if undone:
        store.save(unit, batches.sent_back(store.need(unit, batch_id), [line.amount_fen for line in undone]))
    return Tally(sent, len(paid), back + len(undone) + received)


def release(unit: Unit, batch_id: str) -> None:
    """Let the lines of a batch wait for another one, after an officer asked for it."""
    batch = store.need(unit, batch_id)
    if batch.status != "built" or batch.release_by is None:
        return
    for line in store.lines(unit, batch.instructions).values():
        if line.batch_id == batch_id and line.status in TO_SEND:
            books.save_payment(unit, payments.put_back(line, unit.now + HOLD), [])
    facts = {"by": batch.release_by, "reason": batch.release_reason, "refused": batch.refused or "-"}
    store.save(unit, batches.released(batch), [("released", facts)])


def give_back(unit: Unit, batch_id: str, missing: Mapping[str, str]) -> None:
    """Give lines back to the officer that cannot stand in a payment file: (instruction, why)."""
    lines = store.lines(unit, missing)
    back = 0
    for instruction, reason in missing.items():
        line = lines[line_of(instruction)]
        after = payments.unpayable(line, reason, unit.now) if line.instruction == instruction else None
        if after is not None and after.batch_id == batch_id:
            books.save_payment(unit, after, ["returned"])
            back += 1
    _progress(unit, batch_id, [], back, taken=False)


def _applied(line: PaymentLine, outcome: Outcome, now: datetime) -> tuple[PaymentLine, list[str]]:
    """Return the line after an outcome and the facts to tell; none when nothing is new."""
    events = []
    # the bank has it, though nobody told us that it took it: a crash in between, or a file handed over
    taken = payments.sent(line, outcome.instruction, now)
    if taken is not None:
        line, events = taken, ["sent"]
    if outcome.status == "accepted":
        return line, events
    if outcome.status == "paid":
        after = payments.paid(line, outcome.instruction, outcome.day or today_in_shanghai(now), now)
    else:
        after = payments.returned(line, outcome.instruction, outcome.reason or "-", now)
    return (line, events) if after is None else (after, [*events, after.status])


def _demanded(unit: Unit, line: PaymentLine) -> list[Recovery]:
    """Return what the payee of a line was ordered to give back of its claim."""
    payee = (line.payee_kind, line.payee_ref)
    return [
        each
        for each in recoveries.of_claim(unit, line.claim_id)
        if (each.payee_kind, each.payee_ref) == payee
    ]


def _held(unit: Unit, claim_id: str, account_id: str) -> tuple[FundAccount, Claim]:
    account, claim = books.account(unit, account_id), claim_store.load(unit, claim_id)
    if account is None or claim is None:
        raise LookupError(f"claim {claim_id} or its fund account {account_id} is gone")
    return account, claim


def _unpay(unit: Unit, batch_id: str, claim_id: str, lines: Sequence[PaymentLine]) -> None:
    account, claim = _held(unit, claim_id, lines[0].fund_account)
    cause = Cause("unpay", unit.actor.account, f"退票 {batch_id}", claim_id)
    amounts = [(line.id, line.amount_fen) for line in lines]
    books.save_account(unit, *funds.unpay_lines(account, amounts, unit.now, cause))
    for line in lines:
        claim = claims.line_sent_back(claim, line.amount_fen)
    facts = {"lines": len(lines), "total_fen": sum(fen for _, fen in amounts)}
    claim_store.save(unit, claim, [("payment_returned", facts)])


def _pay(unit: Unit, batch_id: str, claim_id: str, lines: Sequence[PaymentLine]) -> None:
    account, claim = _held(unit, claim_id, lines[0].fund_account)
    cause = Cause("pay", unit.actor.account, f"{PURPOSE} {batch_id}", claim_id)
    changed, entry = funds.pay_lines(account, [(line.id, line.amount_fen) for line in lines], unit.now, cause)
    books.save_account(unit, changed, entry)
    for line in lines:
        claim = claims.line_paid(claim, line.amount_fen)
    last = max(line.paid_on for line in lines if line.paid_on)
    done = [("paid", {"total_fen": claim.paid_fen, "paid_on": last})] if claim.status == "paid" else []
    claim_store.save(unit, claim, done)


def _progress(unit: Unit, batch_id: str, paid: Sequence[PaymentLine], back: int, taken: bool) -> None:
    before = store.need(unit, batch_id)
    after = batches.settled(before, [line.amount_fen for line in paid], back, unit.now)
    told = []
    if taken and (now_sent := batches.sent(before, unit.now)) is not None:
        after = batches.settled(now_sent, [line.amount_fen for line in paid], back, unit.now)
        told.append(("sent", {"sha256": after.sha256}))
    if after == before:
        return
    if after.status == "settled":
        names = ("paid_lines", "paid_fen", "returned_lines")
        told.append(("settled", {name: getattr(after, name) for name in names}))
    store.save(unit, after, told)


def _stranger(outcome: Outcome, id: str) -> Refusal:
    return Refusal(
        "settlement.bank_file_stranger", field="content", line=outcome.line, item="EndToEndId", id=id
    )


def _contradiction(outcome: Outcome, item: str, known: str) -> Refusal:
    return Refusal(
        "settlement.bank_file_contradicts", field="content", line=outcome.line, item=item, known=known
    )
