"""A payment line (付款明细): one payee of one claim, one instruction to the bank for each attempt.

ordered → sent → paid | returned → corrected → sent (next attempt) …; paid → returned when the bank sends it
back later (退票).
A line that is not at the bank can be stopped instead.
A line that waits is gathered into a batch first and goes to the bank with it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from contracts.vocabularies.errors import Refusal

PayeeKind = Literal["person", "body"]
TO_SEND: Final = ("ordered", "corrected")
OPEN: Final = (*TO_SEND, "sent")
# a bank may send back what it has confirmed before
AT_BANK: Final = ("sent", "paid")


@dataclass(frozen=True)
class Undone:
    """An attempt that the bank had confirmed and then sent back: when each was booked (UTC)."""

    paid_at: datetime
    returned_at: datetime


@dataclass(frozen=True)
class PaymentLine:
    """amount_fen: what this payee is owed; attempt counts from 1.

    account_changes: how often the payee had changed the bank account when this attempt was gathered;
    batch_id: the batch of this attempt, None while it waits for one; undone: attempts that came back after
    they were paid; waits_until: not gathered before.
    """

    id: str
    claim_id: str
    fund_account: str
    payee_kind: PayeeKind
    payee_ref: str
    amount_fen: int
    status: str
    attempt: int
    account_changes: int
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    paid_on: date | None = None
    bank_reason: str | None = None
    corrected_by: str | None = None
    correction: str | None = None
    batch_id: str | None = None
    undone: tuple[Undone, ...] = ()
    waits_until: datetime | None = None

    @property
    def instruction(self) -> str:
        """The instruction's id at the bank: the same one however often this attempt is sent."""
        return f"{self.id}:{self.attempt}"


def line_id(claim_id: str, number: int) -> str:
    """Return the id of a claim's line: with its attempt it fits the 35 characters of ISO 20022."""
    return f"{claim_id[:24]}-{number:04d}"


def line_of(instruction: str) -> str:
    """Return the id of the line whose attempt an instruction is."""
    return instruction.rpartition(":")[0]


def new_line(
    id: str, claim_id: str, fund_account: str, kind: PayeeKind, payee: str, amount_fen: int
) -> PaymentLine:
    """Return a line that is ordered and waits to be sent."""
    return PaymentLine(id, claim_id, fund_account, kind, payee, amount_fen, "ordered", 1, 0)


def gathered(line: PaymentLine, batch_id: str, account_changes: int) -> PaymentLine:
    """Return a waiting line in a batch. Raises ValueError when it does not wait: a fault of ours."""
    if line.status not in TO_SEND or line.batch_id is not None:
        raise ValueError(f"line {line.id} is {line.status} in batch {line.batch_id}")
    return replace(line, batch_id=batch_id, account_changes=account_changes)


def put_back(line: PaymentLine, until: datetime) -> PaymentLine:
    """Return a line of a released batch: it waits for another one, and until then an officer may see to it.

    Raises ValueError when it does not wait: a fault of ours.
    """
    if line.status not in TO_SEND:
        raise ValueError(f"line {line.id} is {line.status}")
    return replace(line, batch_id=None, waits_until=until)


def sent(line: PaymentLine, instruction: str, now: datetime) -> PaymentLine | None:
    """Return the line after the bank took the instruction; None when that is an older attempt or known
    already.
    """
    if line.status not in TO_SEND or instruction != line.instruction or line.batch_id is None:
        return None
    return replace(line, status="sent", sent_at=now, bank_reason=None)


def paid(line: PaymentLine, instruction: str, paid_on: date, now: datetime) -> PaymentLine | None:
    """Return the line after the bank confirmed it; None when that is known already or about an older
    attempt.
    """
    if line.status != "sent" or instruction != line.instruction:
        return None
    return replace(line, status="paid", settled_at=now, paid_on=paid_on)


def returned(line: PaymentLine, instruction: str, reason: str, now: datetime) -> PaymentLine | None:
    """Return the line after the bank sent it back, be it after it had confirmed it; None when that is known
    already or about an older attempt.
    """
    if line.status not in AT_BANK or instruction != line.instruction:
        return None
    undone = line.undone
    if line.status == "paid":
        undone = (*undone, Undone(line.settled_at or now, now))
    return replace(line, status="returned", settled_at=now, paid_on=None, bank_reason=reason, undone=undone)


def unpayable(line: PaymentLine, reason: str, now: datetime) -> PaymentLine | None:
    """Return a line in a batch that cannot be sent, since its payee has no account or name to write; None
    when it has been sent. It comes back to the officer as the bank's returns do.
    """
    if line.status not in TO_SEND or line.batch_id is None:
        return None
    return replace(line, status="returned", settled_at=now, bank_reason=reason)


def corrected(line: PaymentLine, account_changes: int, by: str, reason: str) -> PaymentLine:
    """Return the line ready for its next attempt, once the payee has given another account.

    account_changes: how often the payee has changed it by now. Bodies are corrected at their own
    record, of which no count is told. Raises Refusal `out_of_order` or `settlement.payee_unchanged`.
    """
    if line.status != "returned":
        raise Refusal("out_of_order", status=line.status, step="correct_payment")
    if line.payee_kind == "person" and account_changes <= line.account_changes:
        raise Refusal("settlement.payee_unchanged")
    return replace(
        line,
        status="corrected",
        attempt=line.attempt + 1,
        settled_at=None,
        corrected_by=by,
        correction=reason,
        batch_id=None,
    )


def stopped(line: PaymentLine, by: str, reason: str, now: datetime) -> PaymentLine:
    """Return the line as one that is never paid (S23: payment stopped).

    It is neither in a file to the bank nor paid. Raises Refusal `out_of_order`.
    """
    waits = line.status in TO_SEND and line.batch_id is None
    if not waits and line.status != "returned":
        raise Refusal("out_of_order", status=line.status, step="stop_payment")
    return replace(line, status="stopped", settled_at=now, corrected_by=by, correction=reason)
