"""Recovery (追回): what one payee of one paid claim owes back, and how it is settled. Amounts in fen.

ordered → settled, by receipts, offsets against later claims and write-offs. Source: S23 (37 §19; 600 §7;
AP; 7 §24); instalments, offsets and who decides are ours, the documents leave them open.

Limit rows: the documents limit how often a person enjoys a subsidy, and money that was given back was not
enjoyed. So once all that was paid for a person is back, the rows that the claim took for that person are
free again. They stay taken when the person's own fraud was the ground, and when a part was written off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeVar

from contracts.vocabularies.errors import Refusal
from services.settlement.domain.claims import Claim
from services.settlement.domain.limits import STAGE, Row

T = TypeVar("T")
ORDERED: Final = "ordered"
SETTLED: Final = "settled"
RECEIPT: Final = "receipt"
OFFSET: Final = "offset"
WRITE_OFF: Final = "write_off"
REVERSAL: Final = "reversal"
_KEEPS_ROWS: Final = frozenset({"person_fraud"})
Payee = tuple[str, str]


@dataclass(frozen=True)
class Share:
    """What is demanded back for one person, of so much that was paid for them."""

    person_ref: str
    amount_fen: int
    paid_fen: int


@dataclass(frozen=True)
class Instalment:
    """A part that is due on a day."""

    due: date
    amount_fen: int


@dataclass(frozen=True)
class Movement:
    """A part that was settled, or a receipt that was recorded wrong and is taken back (reversal).

    reference: the bank's of a receipt and of its reversal, the later claim of an offset.
    """

    kind: str
    amount_fen: int
    by: str
    at: datetime
    day: date
    reason: str
    reference: str | None = None

    @property
    def settles_fen(self) -> int:
        """By how much it makes the debt less; below zero for a reversal."""
        return -self.amount_fen if self.kind == REVERSAL else self.amount_fen


@dataclass(frozen=True)
class Recovery:
    """What a payee owes back of a claim; fund_account: where it was paid from and goes back to."""

    id: str
    claim_id: str
    region: str
    fund: str
    fund_account: str
    payee_kind: str
    payee_ref: str
    ground: str
    clause: str
    reason: str
    amount_fen: int
    people: tuple[Share, ...]
    ordered_by: str
    ordered_at: datetime
    status: str = ORDERED
    plan: tuple[Instalment, ...] = ()
    movements: tuple[Movement, ...] = ()

    @property
    def outstanding_fen(self) -> int:
        """What is not settled yet."""
        return self.amount_fen - sum(each.settles_fen for each in self.movements)

    @property
    def returned_fen(self) -> int:
        """What has come back, in money or by offset."""
        return sum(each.settles_fen for each in self.movements if each.kind != WRITE_OFF)

    @property
    def receipts(self) -> list[Movement]:
        """The receipts that stand: those that were not taken back."""
        standing: list[Movement] = []
        for each in self.movements:
            if each.kind == RECEIPT:
                standing.append(each)
            elif each.kind == REVERSAL:
                last = next(one for one in reversed(standing) if one.reference == each.reference)
                standing.remove(last)
        return standing

    @property
    def frees_rows(self) -> bool:
        """Whether the limit rows of the people are free again: all is back, and no person's own fraud."""
        return self.returned_fen == self.amount_fen and self.ground not in _KEEPS_ROWS

    def overdue_fen(self, today: date) -> int:
        """Return how much of the instalments due before today is still owed."""
        if not self.plan:
            return 0
        # the plan covers what was outstanding when it was made: what was settled before is not of it
        later = sum(each.amount_fen for each in self.plan if each.due >= today)
        return max(self.outstanding_fen - later, 0)


@dataclass(frozen=True)
class Paid:
    """What a claim paid, and what of it has been demanded back already.

    shares: by person; payee_of: who got it; payees: what each payee got in all.
    """

    shares: Mapping[str, int]
    payee_of: Mapping[str, Payee]
    payees: Mapping[Payee, int]
    demanded: Sequence[Recovery] = ()


def shares_of(paid: Paid, asked: Mapping[str, int | None]) -> dict[Payee, list[Share]]:
    """Return what each payee is to give back. asked: people with an amount or None (all); empty: everybody.

    Raises Refusal `settlement.nothing_to_recover` or `settlement.recovery_too_much`.
    """
    before = _sums((share.person_ref, share.amount_fen) for each in paid.demanded for share in each.people)
    found: dict[Payee, list[Share]] = {}
    for person, wanted in (asked or dict.fromkeys(paid.shares)).items():
        free = paid.shares.get(person, 0) - before.get(person, 0)
        if free <= 0:
            if asked:
                raise Refusal("settlement.nothing_to_recover", field="people", what=person)
            continue
        amount = free if wanted is None else wanted
        if not 0 < amount <= free:
            raise Refusal("settlement.recovery_too_much", field="people", asked_fen=amount, free_fen=free)
        share = Share(person, amount, paid.shares[person])
        found.setdefault(paid.payee_of[person], []).append(share)
    owed = _sums(((each.payee_kind, each.payee_ref), each.amount_fen) for each in paid.demanded)
    capped = {
        payee: _within(shares, paid.payees[payee] - owed.get(payee, 0), bool(asked))
        for payee, shares in found.items()
    }
    made = {payee: shares for payee, shares in capped.items() if shares}
    if not made:
        raise Refusal("settlement.nothing_to_recover", what="-")
    return made


def _within(shares: list[Share], free: int, asked: bool) -> list[Share]:
    """Keep a payee's shares within what it got: set-offs of others may have made that less than their sum."""
    total = sum(each.amount_fen for each in shares)
    if total <= free:
        return shares
    if asked:
        raise Refusal("settlement.recovery_too_much", field="people", asked_fen=total, free_fen=free)
    kept = []
    for each in shares:
        amount = min(each.amount_fen, free)
        free -= amount
        if amount:
            kept.append(replace(each, amount_fen=amount))
    return kept


def planned(recovery: Recovery, instalments: Sequence[Instalment], today: date) -> Recovery:
    """Return the recovery with its instalment plan.

    Raises Refusal `out_of_order`, `settlement.plan_mismatch` or `settlement.plan_order`.
    """
    _check_open(recovery, "plan_recovery")
    total = sum(each.amount_fen for each in instalments)
    if total != recovery.outstanding_fen or any(each.amount_fen <= 0 for each in instalments):
        raise Refusal(
            "settlement.plan_mismatch",
            field="instalments",
            sum_fen=total,
            outstanding_fen=recovery.outstanding_fen,
        )
    before = None
    for number, each in enumerate(instalments):
        if each.due < today or (before is not None and each.due <= before):
            raise Refusal(
                "settlement.plan_order", field=f"instalments.{number}.due", due=each.due.isoformat()
            )
        before = each.due
    return replace(recovery, plan=tuple(instalments))


def moved(recovery: Recovery, movement: Movement, today: date) -> Recovery:
    """Return the recovery after a part was received, set off or written off; with the last it is settled.

    Raises Refusal `out_of_order`, `settlement.receipt_too_much` or `settlement.receipt_in_future`.
    """
    _check_open(recovery, movement.kind)
    if not 0 < movement.amount_fen <= recovery.outstanding_fen:
        raise Refusal(
            "settlement.receipt_too_much",
            field="amount_fen",
            amount_fen=movement.amount_fen,
            outstanding_fen=recovery.outstanding_fen,
        )
    if movement.day > today:
        raise Refusal("settlement.receipt_in_future", field="received_on", day=movement.day.isoformat())
    after = replace(recovery, movements=(*recovery.movements, movement))
    return after if after.outstanding_fen else replace(after, status=SETTLED)


def reversed_by(recovery: Recovery, reference: str, by: str, at: datetime, reason: str) -> Recovery:
    """Return the recovery after a receipt that was recorded wrong is taken back, by another hand.

    Nothing is edited: the reversal stands beside it. Raises Refusal `not_found` or `settlement.other_hand`.
    """
    wrong = next((each for each in reversed(recovery.receipts) if each.reference == reference), None)
    if wrong is None:
        raise Refusal("not_found", field="bank_reference", what=f"receipt/{reference}")
    if wrong.by == by:
        raise Refusal("settlement.other_hand", held="record_receipt")
    movement = Movement(REVERSAL, wrong.amount_fen, by, at, wrong.day, reason, reference)
    return replace(recovery, status=ORDERED, movements=(*recovery.movements, movement))


def shared_out(debts: Iterable[Recovery], amount_fen: int) -> list[tuple[Recovery, int]]:
    """Return how much of an amount each debt takes up, the oldest first; empty when they take up less."""
    parts = []
    for debt in sorted(debts, key=lambda each: (each.ordered_at, each.id)):
        fen = min(debt.outstanding_fen, amount_fen) if debt.status == ORDERED else 0
        amount_fen -= fen
        if fen:
            parts.append((debt, fen))
    return [] if amount_fen else parts


@dataclass(frozen=True)
class Offset:
    """So much of a payee's new amount is set off against one recovery."""

    payee: Payee
    recovery_id: str
    amount_fen: int


def offsets(owed: Mapping[Payee, int], debts: Iterable[Recovery]) -> tuple[dict[Payee, int], list[Offset]]:
    """Return what each payee is still paid of a new claim, and what is set off, the oldest debt first."""
    left, made = dict(owed), []
    for debt in sorted(debts, key=lambda each: (each.ordered_at, each.id)):
        payee = (debt.payee_kind, debt.payee_ref)
        amount = min(left.get(payee, 0), debt.outstanding_fen)
        if amount > 0:
            left[payee] -= amount
            made.append(Offset(payee, debt.id, amount))
    return {payee: fen for payee, fen in left.items() if fen > 0}, made


def people_freed(settled: Iterable[Recovery], every: Iterable[Recovery]) -> set[str]:
    """Return the people of settled recoveries for whom all that was paid is back.

    every: all recoveries of the same claim, which may have demanded other parts for the same people.
    """
    free = [each for each in every if each.frees_rows]
    back = _sums((share.person_ref, share.amount_fen) for each in free for share in each.people)
    shares = (share for each in settled for share in each.people)
    return {each.person_ref for each in shares if back.get(each.person_ref, 0) >= each.paid_fen}


def given_back(claim: Claim, amount_fen: int) -> Claim:
    """Return the recovered claim after a part came back; with all that was paid it is recovered."""
    after = replace(claim, recovered_fen=claim.recovered_fen + amount_fen)
    whole = after.recovered_fen == claim.paid_fen + claim.offset_fen
    return replace(after, status="recovered") if whole else after


def taken_back(claim: Claim, amount_fen: int) -> Claim:
    """Return a claim after a receipt of its recovery was taken back: that much is paid and not back."""
    return replace(
        claim,
        recovered_fen=claim.recovered_fen - amount_fen,
        status="paid" if claim.status == "recovered" else claim.status,
    )


def rows_given_up(
    rows: Iterable[Row], subjects: set[str], claim: Claim, settled: Iterable[Recovery]
) -> list[Row]:
    """Return the rows that a claim gives up when some of its recoveries are settled.

    subjects: the trainings of the people whose money is back. The stage's own row goes when nothing of the
    claim stays paid, so that it can be claimed again.
    """
    whole = claim.status == "recovered" and any(each.frees_rows for each in settled)
    return [row for row in rows if row.subject in subjects or (row.kind == STAGE and whole)]


def less_set_off(paid: Paid, set_off: Mapping[str, int]) -> Paid:
    """Return what was paid less what a later claim sets off of it. set_off: fen by person."""
    shares = {ref: fen - set_off.get(ref, 0) for ref, fen in paid.shares.items()}
    by_payee = _sums((paid.payee_of[ref], fen) for ref, fen in set_off.items() if ref in paid.payee_of)
    return replace(
        paid,
        shares={ref: fen for ref, fen in shares.items() if fen > 0},
        payees={payee: fen - by_payee.get(payee, 0) for payee, fen in paid.payees.items()},
    )


def less_demanded(paid: Mapping[str, int], demanded: Iterable[Recovery]) -> dict[str, int]:
    """Return what each person was paid less what is demanded back of it, people without a rest left out."""
    back = _sums((share.person_ref, share.amount_fen) for each in demanded for share in each.people)
    rest = {ref: fen - back.get(ref, 0) for ref, fen in paid.items()}
    return {ref: fen for ref, fen in rest.items() if fen}


def _check_open(recovery: Recovery, step: str) -> None:
    if recovery.status != ORDERED:
        raise Refusal("out_of_order", status=recovery.status, step=step)


def _sums(pairs: Iterable[tuple[T, int]]) -> dict[T, int]:
    sums: dict[T, int] = {}
    for key, fen in pairs:
        sums[key] = sums.get(key, 0) + fen
    return sums
