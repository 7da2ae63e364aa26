"""The way of a claim: which step follows which, whose duty it is, and that no one acts in two duties.

The order of steps, four different officers and a public notice of working days are good practice of
such funds, not in the documents themselves (docs/policy: readings); S19: 600 §3, §8, §10; 37 §19; 107 §2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from contracts.vocabularies import calendar, roles
from contracts.vocabularies.dates import day_ends, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.settlement.domain.claims import Claim, StepTaken

_DAY: Final = timedelta(days=1)
CLAIMANT: Final = "claimant"
FIRST: Final = "first_review"
SECOND: Final = "second_review"
FINANCE: Final = "finance"
PAYMENT: Final = "payment"
SUPERVISION: Final = "supervision"
ANSWER: Final = "objection_answer"
OBJECTOR: Final = "objector"
PREPARATION: Final = "preparation"
DECISION: Final = "decision"
WRITE_OFF: Final = "write_off"

OFFICER_OF: Final[Mapping[str, str]] = {
    FIRST: roles.FIRST_REVIEWER,
    SECOND: roles.SECOND_REVIEWER,
    FINANCE: roles.FINANCE_OFFICER,
    PAYMENT: roles.PAYMENT_OFFICER,
    SUPERVISION: roles.SUPERVISOR,
    ANSWER: roles.SUPERVISOR,
    # a decision on money belongs to review; the one who decides below the rate does not pass the second
    # review of the same claim, which stays with another hand
    DECISION: roles.SECOND_REVIEWER,
    WRITE_OFF: roles.SUPERVISOR,
}
# duties in which an upheld objection asks for new people
_ANEW: Final = (FIRST, SECOND)
# whose turn it is in each status: the duty that takes the next step, and may send back or refuse instead
TURN_OF: Final[Mapping[str, str]] = {
    "computed": FIRST,
    "accepted": FIRST,
    "first_reviewed": SECOND,
    "second_reviewed": SECOND,
    "public_notice": SECOND,
    "funds_requested": FINANCE,
    "finance_reviewed": PAYMENT,
    "suspended": SUPERVISION,
}
OPEN: Final = frozenset(TURN_OF)
BEFORE_FUNDS: Final = frozenset(
    {"computed", "accepted", "first_reviewed", "second_reviewed", "public_notice"}
)


@dataclass(frozen=True)
class Step:
    """A step: allowed in `before`, leads to `after`; duty None means whoever's turn it is."""

    name: str
    before: frozenset[str]
    after: str
    duty: str | None
    event: str


def _step(name: str, before: frozenset[str] | str, after: str, duty: str | None, event: str) -> Step:
    return Step(name, frozenset({before}) if isinstance(before, str) else before, after, duty, event)


STEPS: Final[Mapping[str, Step]] = {
    step.name: step
    for step in (
        _step("accept", "computed", "accepted", FIRST, "accepted"),
        _step("first_review", "accepted", "first_reviewed", FIRST, "first_reviewed"),
        _step("second_review", "first_reviewed", "second_reviewed", SECOND, "second_reviewed"),
        _step("publish_notice", "second_reviewed", "public_notice", SECOND, "notice_published"),
        _step("request_funds", "public_notice", "funds_requested", SECOND, "funds_requested"),
        _step("finance_review", "funds_requested", "finance_reviewed", FINANCE, "finance_reviewed"),
        _step("order", "finance_reviewed", "ordered", PAYMENT, "ordered"),
        _step("send_back", BEFORE_FUNDS, "sent_back", None, "sent_back"),
        _step("refuse", OPEN | {"sent_back"}, "refused", None, "refused"),
        _step("withdraw", (OPEN - {"suspended"}) | {"sent_back"}, "withdrawn", CLAIMANT, "withdrawn"),
        _step("resubmit", frozenset({"computed", "sent_back"}), "computed", CLAIMANT, "resubmitted"),
        _step("suspend", OPEN - {"suspended"}, "suspended", SUPERVISION, "suspended"),
        _step("resume", "suspended", "computed", SUPERVISION, "resumed"),
        _step("uphold", "public_notice", "accepted", ANSWER, "objection_upheld"),
        _step("decide", "computed", "computed", DECISION, "decided"),
    )
}


def duty_of(step: Step, claim: Claim) -> str:
    """Return the duty that a step belongs to on this claim."""
    return step.duty or TURN_OF.get(claim.status, FIRST)


def check_step(claim: Claim, name: str) -> Step:
    """Return the step when the claim's status allows it. Raises Refusal `out_of_order`."""
    step = STEPS[name]
    if claim.status not in step.before:
        raise Refusal("out_of_order", status=claim.status, step=name)
    return step


def check_hand(duty: str, actor_roles: frozenset[str], held_duty: str | None) -> None:
    """Check that an actor may act in this duty. held_duty: the duty that the same account already has
    on the claim.

    Raises Refusal `role.forbidden` or `settlement.same_person`.
    """
    needed = OFFICER_OF.get(duty)
    if needed is not None and needed not in actor_roles:
        raise Refusal("role.forbidden", roles=needed)
    if held_duty is not None and held_duty != duty:
        raise Refusal("settlement.same_person", held=held_duty, wanted=duty)


def check_round(duty: str, held_round: int, claim: Claim) -> None:
    """Check that a reviewer of an earlier round does not review again after an upheld objection.

    held_round: in which round the account got its duty. Raises Refusal `settlement.earlier_round`.
    """
    if duty in _ANEW and held_round < claim.round:
        raise Refusal("settlement.earlier_round", round=claim.round)


def noted(claim: Claim, step: str, duty: str, by: str, reason: str, now: datetime) -> Claim:
    """Return the claim with a step on record that leaves its status as it is."""
    return replace(claim, steps=(*claim.steps, StepTaken(step, duty, by, now, reason)))


def take(claim: Claim, name: str, by: str, reason: str, now: datetime) -> Claim:
    """Return the claim after a step. Raises Refusal `out_of_order` or `settlement.nothing_payable`."""
    step = check_step(claim, name)
    if name == "accept" and not claim.payable:
        raise Refusal("settlement.nothing_payable")
    after = claim.suspended_from if name == "resume" and claim.suspended_from else step.after
    taken = StepTaken(name, duty_of(step, claim), by, now, reason)
    return replace(
        claim,
        status=after,
        suspended_from=claim.status if name == "suspend" else None,
        steps=(*claim.steps, taken),
    )


def publish_notice(
    claim: Claim, by: str, reason: str, now: datetime, working_days: int, estimates: bool
) -> Claim:
    """Begin the public notice; it ends with the last of its working days after today (Asia/Shanghai).

    estimates: whether years without their notice may be estimated (demonstration).
    Raises Refusal `settlement.calendar_ends`.
    """
    after = take(claim, "publish_notice", by, reason, now)
    try:
        last = calendar.add_working_days(today_in_shanghai(now), working_days, estimates=estimates)
    except calendar.CalendarEnds as end:
        raise Refusal("settlement.calendar_ends", year=end.year) from end
    return replace(after, notice_until=day_ends(last))


def resume(claim: Claim, by: str, reason: str, now: datetime, estimates: bool) -> Claim:
    """Return a suspended claim where it stood. A notice that was broken off lasts as many working days more
    as were left of it, that of its suspension included: nobody saw it meanwhile, or could object.

    estimates: as in publish_notice. Raises Refusal `out_of_order` or `settlement.calendar_ends`.
    """
    after = take(claim, "resume", by, reason, now)
    if after.status != "public_notice" or claim.notice_until is None:
        return after
    stopped = _last(claim, "suspend").at
    if stopped >= claim.notice_until:
        return after
    begun = today_in_shanghai(_last(claim, "publish_notice", "resume").at)
    seen = max(begun, today_in_shanghai(stopped) - _DAY)
    end = today_in_shanghai(claim.notice_until) - _DAY
    try:
        left = calendar.working_days_between(seen, end, estimates=estimates)
        last = calendar.add_working_days(today_in_shanghai(now), left, estimates=estimates)
    except calendar.CalendarEnds as problem:
        raise Refusal("settlement.calendar_ends", year=problem.year) from problem
    return replace(after, notice_until=day_ends(last))


def _last(claim: Claim, *names: str) -> StepTaken:
    return next(each for each in reversed(claim.steps) if each.step in names)


def request_funds(claim: Claim, by: str, reason: str, now: datetime) -> Claim:
    """Request the funds after the notice, with no objection open.

    Raises Refusal `settlement.notice_running` or `settlement.objection_open`.
    """
    after = take(claim, "request_funds", by, reason, now)
    if claim.notice_until is None or now < claim.notice_until:
        until = claim.notice_until.isoformat() if claim.notice_until else "?"
        raise Refusal("settlement.notice_running", until=until)
    check_answered(claim)
    return after


def check_answered(claim: Claim) -> None:
    """Raise Refusal `settlement.objection_open` while an objection has no answer."""
    if claim.open_objections:
        raise Refusal("settlement.objection_open", count=len(claim.open_objections))
