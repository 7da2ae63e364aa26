"""A payment line (付款明细): one payee of one claim, one instruction to the bank for each attempt.

ordered → sent → paid | returned → corrected → sent (next attempt) …
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from contracts.vocabularies.errors import Refusal

PayeeKind = Literal["person", "body"]
TO_SEND: Final = ("ordered", "corrected")


@dataclass(frozen=True)
class PaymentLine:
    """amount_fen: what this payee is owed; attempt counts from 1.

    account_changes: how often the payee had changed the bank account when this attempt was prepared.
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

    @property
    def instruction(self) -> str:
        """The instruction's id at the bank: the same one however often this attempt is sent."""
        return f"{self.id}:{self.attempt}"


def new_line(
    id: str, claim_id: str, fund_account: str, kind: PayeeKind, payee: str, amount_fen: int
) -> PaymentLine:
    """Return a line that is ordered and waits to be sent."""
    return PaymentLine(id, claim_id, fund_account, kind, payee, amount_fen, "ordered", 1, 0)


def sent(line: PaymentLine, instruction: str, account_changes: int, now: datetime) -> PaymentLine | None:
    """Return the line after the bank took the instruction; None when that is an older attempt or known
    already.
    """
    if line.status not in TO_SEND or instruction != line.instruction:
        return None
    return replace(line, status="sent", sent_at=now, account_changes=account_changes, bank_reason=None)


def paid(line: PaymentLine, instruction: str, paid_on: date, now: datetime) -> PaymentLine | None:
    """Return the line after the bank confirmed it; None when that is known already or about an older
    attempt.
    """
    if line.status != "sent" or instruction != line.instruction:
        return None
    return replace(line, status="paid", settled_at=now, paid_on=paid_on)


def returned(line: PaymentLine, instruction: str, reason: str, now: datetime) -> PaymentLine | None:
    """Return the line after the bank sent it back; None when that is known already or about an older
    attempt.
    """
    if line.status != "sent" or instruction != line.instruction:
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
    )
