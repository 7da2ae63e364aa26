"""A claim (补贴申请): one for each stage of a project, class, batch of certificates or wage month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.policy.results import Calculation

PROJECT_ADVANCE: Final = "project_advance"
PROJECT_BALANCE: Final = "project_balance"
LIVING_COST: Final = "living_cost"
CLASS_TRAINING: Final = "class_training"
TRANSPORT: Final = "transport"
EMPLOYMENT_UPLIFT: Final = "employment_uplift"
CERTIFICATE_BATCH: Final = "certificate_batch"
PERSON_TRAINING: Final = "person_training"
WAGE_MONTH: Final = "wage_month"
ORIENTED_TRAINING: Final = "oriented_training"
PERSON: Final = "person"
# what such a claim paid or set off does not stand
ENDED: Final = frozenset({"refused", "withdrawn", "recovered"})


@dataclass(frozen=True)
class StepTaken:
    """A step of a claim: which, in which duty, by which account, when (UTC) and why."""

    step: str
    duty: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Claim:
    """Amounts in fen. attempt counts the calculations from 1; outcome is that of the last one.

    fund_account: where the amount is encumbered, None before acceptance; suspended_from: the status to resume
    to. payee: the role in which the money is received; claimant_kind: body or person; month: YYYY-MM.
    round: of review, one more after each upheld objection; open_objections: those not answered yet.
    paid_fen: through the bank; offset_fen: set off against debts of the payees; demanded_fen: ordered to be
    given back; recovered_fen: given back or set off since; stopped_fen: ordered, then stopped.
    """

    id: str
    kind: str
    project_id: str | None
    class_id: str | None
    claimant_ref: str
    claimant_name: str
    region: str
    fund: str
    status: str
    attempt: int
    outcome: str
    people: int
    refused_people: int
    total_fen: int
    rules_edition: str
    rules_hash: str
    submitted_at: datetime
    fund_account: str | None = None
    suspended_from: str | None = None
    notice_until: datetime | None = None
    payment_lines: int = 0
    paid_lines: int = 0
    paid_fen: int = 0
    steps: tuple[StepTaken, ...] = ()
    payee: str = "provider"
    claimant_kind: str = "body"
    month: str | None = None
    round: int = 1
    open_objections: tuple[str, ...] = ()
    offset_fen: int = 0
    demanded_fen: int = 0
    recovered_fen: int = 0
    stopped_fen: int = 0

    @property
    def payable(self) -> bool:
        """Whether anything is owed as computed; if not, the claim is held."""
        return self.outcome == "payable" and self.total_fen > 0

    @property
    def stage(self) -> str:
        """The id of the one row that a live claim of this stage holds."""
        parts = ["stage", self.kind, self.project_id or "-", self.class_id or "-"]
        if self.month is not None:
            parts += [self.claimant_ref, self.month]
        elif self.claimant_kind == PERSON:
            parts.append(self.claimant_ref)
        elif self.project_id is None:
            # a list of certificates is no stage: each certificate holds its own row
            parts.append(self.id)
        return ":".join(parts)

    @property
    def project_stages(self) -> str | None:
        """The id of the row that the two stages of a project share: of two submitted at once, one runs again
        and sees the other.
        """
        staged = self.kind in (PROJECT_ADVANCE, PROJECT_BALANCE)
        return f"stage:project:{self.project_id}" if staged else None


@dataclass(frozen=True)
class Subject:
    """What is claimed, by whom and from which fund, before anything is computed."""

    kind: str
    project_id: str | None
    class_id: str | None
    claimant_ref: str
    claimant_name: str
    region: str
    fund: str
    payee: str = "provider"
    claimant_kind: str = "body"
    month: str | None = None


def check_first(balances: Iterable[Claim]) -> None:
    """Check that an advance comes before the balance, which without one pays the whole.

    balances: of the same project. Raises Refusal `settlement.balance_claimed`.
    """
    for balance in balances:
        if balance.status not in ENDED:
            raise Refusal("settlement.balance_claimed", field="project_id", claim_id=balance.id)


def new_claim(
    id: str, subject: Subject, calculation: Calculation, by: str, reason: str, now: datetime
) -> Claim:
    """Return a claim as submitted and computed."""
    return Claim(
        id=id,
        **vars(subject),
        status="computed",
        attempt=1,
        submitted_at=now,
        steps=(StepTaken("submit", "claimant", by, now, reason),),
        **_computed(calculation),
    )


def recomputed(claim: Claim, calculation: Calculation) -> Claim:
    """Return the claim with its next calculation; the step itself is taken in review."""
    return replace(claim, attempt=claim.attempt + 1, notice_until=None, **_computed(calculation))


def submitted_event(claim: Claim) -> dict[str, Any]:
    """Return the data of the events submitted and resubmitted."""
    names = (
        "kind",
        "project_id",
        "class_id",
        "claimant_ref",
        "region",
        "fund",
        "people",
        "rules_edition",
        "rules_hash",
        "payee",
        "month",
    )
    person_ref = claim.claimant_ref if claim.claimant_kind == PERSON else None
    # what is set off against an earlier payment is not a sum that is asked for
    asked_for = {"total_fen": max(claim.total_fen, 0), "person_ref": person_ref}
    return {name: getattr(claim, name) for name in names} | asked_for


def encumbered(claim: Claim, fund_account: str) -> Claim:
    """Return the claim with its amount set aside in a fund account."""
    return replace(claim, fund_account=fund_account)


def released(claim: Claim) -> Claim:
    """Return the claim without its encumbrance."""
    return replace(claim, fund_account=None)


def ordered(claim: Claim, lines: int) -> Claim:
    """Return the claim with that many payment lines ordered."""
    return replace(claim, payment_lines=lines)


def line_paid(claim: Claim, amount_fen: int) -> Claim:
    """Return the claim after one of its lines was paid; with the last one it is paid."""
    after = replace(claim, paid_lines=claim.paid_lines + 1, paid_fen=claim.paid_fen + amount_fen)
    return replace(after, status="paid") if after.paid_lines == after.payment_lines else after


def line_sent_back(claim: Claim, amount_fen: int) -> Claim:
    """Return the claim after one of its paid lines came back from the bank: it is to be paid again."""
    after = replace(claim, paid_lines=claim.paid_lines - 1, paid_fen=claim.paid_fen - amount_fen)
    return replace(after, status="ordered") if after.status == "paid" else after


def line_stopped(claim: Claim, amount_fen: int) -> Claim:
    """Return the claim after one of its lines was stopped; without any other it is refused, with the last
    one it is paid.
    """
    after = replace(claim, payment_lines=claim.payment_lines - 1, stopped_fen=claim.stopped_fen + amount_fen)
    if after.paid_lines < after.payment_lines:
        return after
    return replace(after, status="paid" if after.paid_fen or after.offset_fen else "refused")


def payees(claim: Claim, calculation: Calculation) -> Mapping[tuple[str, str], int]:
    """Return what each payee (kind, ref) gets in fen: persons what is theirs, the claiming body the rest."""
    sums: dict[tuple[str, str], int] = {}
    for line in calculation.lines:
        payee = (PERSON, line.person_ref) if claim.payee == PERSON else ("body", claim.claimant_ref)
        sums[payee] = sums.get(payee, 0) + line.amount_fen
    return {payee: fen for payee, fen in sums.items() if fen > 0}


def got_nothing(claim: Claim, calculation: Calculation, payee_ref: str, stopped_fen: int) -> bool:
    """Whether a payee whose line was stopped got nothing of a claim: no part of its amount was set off."""
    owed = sum(fen for (_, ref), fen in payees(claim, calculation).items() if ref == payee_ref)
    return stopped_fen >= owed


def set_off(claim: Claim, calculation: Calculation) -> Mapping[str, int]:
    """Return what a balance sets off of what the advance paid, in fen by person.

    Nothing while it has ended or cannot be accepted: then the advance is recovered in a recovery of its own.
    """
    if claim.status in ENDED or not claim.payable:
        return {}
    return {line.person_ref: -line.amount_fen for line in calculation.lines if line.amount_fen < 0}


def _computed(calculation: Calculation) -> dict[str, Any]:
    paid_for = {line.person_ref for line in calculation.lines}
    refused = {refusal.person_ref for refusal in calculation.refusals if refusal.person_ref} - paid_for
    return {
        "outcome": calculation.outcome,
        "people": len(paid_for | refused),
        "refused_people": len(refused),
        "total_fen": calculation.total_fen,
        "rules_edition": calculation.edition,
        "rules_hash": calculation.hash,
    }
