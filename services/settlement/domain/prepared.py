"""A first review prepared by a third party (第三方预审): commissioned by the first reviewer, it advises and
never decides.

commissioned → prepared → read, or called off. Who prepares is a verified agency that the first reviewer
names for this one claim, so no role of its own is needed; it sees that claim alone. Source: S19 (600 §3, §8:
third parties may prepare checks and reviews); "never decides" is ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal

COMMISSIONED: Final = "commissioned"
PREPARED: Final = "prepared"
READ: Final = "read"
CALLED_OFF: Final = "called_off"
WAITING: Final = frozenset({COMMISSIONED, PREPARED})
REVIEWED_BEFORE: Final = frozenset({"computed", "accepted"})
_UNFIT: Final[Mapping[str, tuple[str, str]]] = {
    "unknown": ("不是已核查的代办机构", "not a verified agency"),
    "related": ("与申请各方有关联", "it is related to the claim"),
    "barred": ("正在受处理", "it is under a sanction"),
}


@dataclass(frozen=True)
class Finding:
    """One finding; person_ref where it is about one person of the claim."""

    about: str
    person_ref: str | None
    sound: bool
    text: str


@dataclass(frozen=True)
class Reading:
    """Who took note of a prepared review, when (UTC) and with what remark."""

    by: str
    at: datetime
    remark: str


@dataclass(frozen=True)
class PreparedReview:
    """attempt: the calculation it is about; read_by: who read it last; readings: who read it, in order."""

    id: str
    claim_id: str
    attempt: int
    region: str
    body_ref: str
    commissioned_by: str
    commissioned_at: datetime
    status: str = COMMISSIONED
    findings: tuple[Finding, ...] = ()
    advice: str | None = None
    prepared_by: str | None = None
    prepared_at: datetime | None = None
    read_by: str | None = None
    read_at: datetime | None = None
    remark: str | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def readers(self) -> set[str]:
        """The accounts that have taken note of it."""
        return {each.by for each in _readings(self)}


def check_fit(body: Mapping[str, Any] | None, parties: Iterable[Mapping[str, Any]], barred: bool) -> None:
    """Check that a body may prepare the review of a claim.

    parties: the bodies of the claim (claimant, provider, assessors). Two registrations of one firm have the
    same credit code. Raises Refusal `settlement.third_party_unfit`.
    """
    if body is None or body.get("kind") != "agency" or not body.get("verified"):
        raise _unfit("unknown")
    for each in parties:
        same_code = body.get("credit_code") is not None and each.get("credit_code") == body["credit_code"]
        if each["_id"] == body["_id"] or same_code:
            raise _unfit("related")
    if barred:
        raise _unfit("barred")


def prepare(
    review: PreparedReview, findings: tuple[Finding, ...], advice: str, by: str, now: datetime
) -> PreparedReview:
    """Return the review with what the third party found. Raises Refusal `out_of_order`."""
    _check(review, {COMMISSIONED}, "prepare_review")
    return replace(review, status=PREPARED, findings=findings, advice=advice, prepared_by=by, prepared_at=now)


def read(review: PreparedReview, by: str, remark: str, now: datetime) -> PreparedReview:
    """Return the review after a first reviewer took note of it: each reviewer once, as another one reviews
    after an upheld objection. Raises Refusal `out_of_order`.
    """
    _check(review, {PREPARED} if by in review.readers else {PREPARED, READ}, "read_review")
    readings = (*_readings(review), Reading(by, now, remark))
    return replace(review, status=READ, read_by=by, read_at=now, remark=remark, readings=readings)


def call_off(review: PreparedReview, by: str, reason: str, now: datetime) -> PreparedReview:
    """Return the review as called off before it was prepared. Raises Refusal `out_of_order`."""
    _check(review, {COMMISSIONED}, "call_off_review")
    return replace(review, status=CALLED_OFF, read_by=by, read_at=now, remark=reason)


def to_read(reviews: Sequence[PreparedReview], attempt: int, by: str) -> PreparedReview | None:
    """Return the latest review of a calculation that a first reviewer has yet to read, else the latest."""
    unread = [
        each
        for each in reviews
        if each.attempt == attempt and each.status in {PREPARED, READ} and by not in each.readers
    ]
    return next(reversed(unread or reviews), None)


def check_read(reviews: Iterable[PreparedReview], attempt: int, by: str) -> None:
    """Check that the first reviewer has read what was prepared on this calculation.

    Raises Refusal `settlement.commission_open`.
    """
    for each in reviews:
        if each.attempt != attempt or each.status == CALLED_OFF:
            continue
        if each.status in WAITING or by not in each.readers:
            raise Refusal("settlement.commission_open", status=each.status)


def _readings(review: PreparedReview) -> tuple[Reading, ...]:
    # a review that was read before readings were kept names its one reader
    if review.readings or review.status != READ or review.read_by is None or review.read_at is None:
        return review.readings
    return (Reading(review.read_by, review.read_at, review.remark or ""),)


def _check(review: PreparedReview, states: set[str], step: str) -> None:
    if review.status not in states:
        raise Refusal("out_of_order", status=review.status, step=step)


def _unfit(why: str) -> Refusal:
    zh, en = _UNFIT[why]
    return Refusal("settlement.third_party_unfit", field="body_ref", zh=zh, en=en)
