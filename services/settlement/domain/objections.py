"""An objection (异议) to a claim on public notice: filed by anybody, answered by an uninvolved supervisor.

open → upheld | rejected | lapsed (the claim ended or went back to review before the answer). Source: S19;
the notice and who answers are good practice of such funds, not in the documents.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import review
from services.settlement.domain.claims import Claim

BACK_IN_REVIEW: Final = (
    "同一申请的另一异议成立，申请退回初审；再次公示时可重新提出 / "
    "another objection was upheld; object again at the next notice"
)
ENDED: Final = "申请已终止：{reason} / the claim has ended"


@dataclass(frozen=True)
class Objection:
    """filed_by: the account; round: of the claim's review when it was filed."""

    id: str
    claim_id: str
    round: int
    region: str
    grounds: str
    filed_by: str
    filed_at: datetime
    status: str = "open"
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


def file(claim: Claim, id: str, grounds: str, by: str, now: datetime) -> tuple[Claim, Objection]:
    """Return the claim with one more open objection, and the objection.

    Raises Refusal `out_of_order` or `settlement.notice_over`.
    """
    if claim.status != "public_notice":
        raise Refusal("out_of_order", status=claim.status, step="object_to_claim")
    if claim.notice_until is None or now >= claim.notice_until:
        until = claim.notice_until.isoformat() if claim.notice_until else "-"
        raise Refusal("settlement.notice_over", until=until)
    filed = Objection(id, claim.id, claim.round, claim.region, grounds, by, now)
    return replace(claim, open_objections=(*claim.open_objections, id)), filed


def answer(
    claim: Claim, objection: Objection, upheld: bool, by: str, reason: str, now: datetime
) -> tuple[Claim, Objection]:
    """Return claim and objection after the answer. Upheld: the claim goes back to its first review.

    Its amount stays encumbered, because it is accepted still; a refusal or withdrawal releases it.
    Raises Refusal `out_of_order`.
    """
    if objection.status != "open" or claim.status != "public_notice":
        status = objection.status if objection.status != "open" else claim.status
        raise Refusal("out_of_order", status=status, step="answer_objection")
    status = "upheld" if upheld else "rejected"
    answered = replace(objection, status=status, answer=reason, answered_by=by, answered_at=now)
    if upheld:
        back = review.take(claim, "uphold", by, reason, now)
        return replace(back, round=claim.round + 1, notice_until=None, open_objections=()), answered
    left = tuple(id for id in claim.open_objections if id != objection.id)
    noted = review.noted(claim, "reject_objection", review.ANSWER, by, reason, now)
    return replace(noted, open_objections=left), answered


def lapse(objection: Objection, reason: str, now: datetime) -> Objection:
    """Return the objection as one that needs no answer any more."""
    return replace(objection, status="lapsed", answer=reason, answered_at=now)
