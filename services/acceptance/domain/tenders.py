"""Tender (招投标): run on the statutory platform, its result recorded here with its papers [S10; 37 §6]."""

from dataclasses import replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.copies import TRAINERS, Body, Project
from services.acceptance.domain.facts import Fact, distinct, require
from services.acceptance.domain.records import Bidder, Rules, Tender
from services.acceptance.domain.sourcing import Candidate, Notice, Sourcing, told

# what has to lie here before a result is confirmed: the tender's notice and its award notice
PAPERS_NEEDED = ("tender_notice", "award_notice")


def record(
    id: str,
    project: Project,
    notice: Notice,
    tender: Tender,
    winner: Body,
    rules: Rules,
    attempt: int,
) -> tuple[Sourcing, list[Fact]]:
    """An officer records a tender that is over: → candidate, until another officer confirms it.

    Raises Refusal `acceptance.project_not_open`, `acceptance.tender_dates`, `acceptance.ceiling`,
    `acceptance.tender_bidders`, `acceptance.tender_winner`, `acceptance.body_unverified`.
    """
    if project.status not in ("listed", "sourcing") or project.sourcing_way != "tender":
        raise Refusal("acceptance.project_not_open", status=project.status)
    winner.require(TRAINERS)
    now = tender.recorded_at
    dates = (tender.published_at, notice.bids_until, tender.opened_at, tender.notice_until, now)
    if list(dates) != sorted(dates) or tender.published_at == notice.bids_until:
        raise Refusal("acceptance.tender_dates", field="published_at")
    if notice.ceiling_fen > project.standard_fen:
        raise Refusal("acceptance.ceiling", field="ceiling_fen", standard_fen=project.standard_fen)
    _check_bidders(tender, notice, rules, attempt)
    new = Sourcing(
        id, project.id, project.name, project.region, project.seats, project.hours, notice,
        tender.recorded_by, tender.published_at, sealed_bids=len(tender.bidders),
        opened_at=None, way="tender", attempt=attempt, rules=rules, tender=tender,
    )  # fmt: skip
    return new, [("acceptance.sourcing.notice_published", told(new))]


def _check_bidders(tender: Tender, notice: Notice, rules: Rules, attempt: int) -> None:
    names = [each.name for each in tender.bidders]
    least = rules.least_bids(attempt)
    refs = [each.provider_ref for each in tender.bidders if each.provider_ref is not None]
    if len(names) < least or not distinct(names) or not distinct(refs):
        raise Refusal("acceptance.tender_bidders", field="bidders", least=least)
    if winning(tender).price_fen > notice.ceiling_fen:
        raise Refusal("acceptance.above_ceiling", field="bidders", ceiling_fen=notice.ceiling_fen)


def winning(tender: Tender) -> Bidder:
    """Return the bidder who won; raises Refusal `acceptance.tender_winner` when none of them is it."""
    found = next((each for each in tender.bidders if each.provider_ref == tender.winner), None)
    if found is None:
        raise Refusal("acceptance.tender_winner", field="winner_ref")
    return found


def confirm(sourcing: Sourcing, winner: Body, by: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """A supervisor compared the record with the papers: candidate → awarded.

    Raises Refusal `out_of_order`, `acceptance.own_work`, `acceptance.papers_missing`,
    `acceptance.body_unverified`.
    """
    require(sourcing.status(now), ("candidate",), "confirm_tender")
    tender = sourcing.tender
    if tender is None:
        raise Refusal("acceptance.other_way", way=sourcing.way)
    if by == tender.recorded_by:
        raise Refusal("acceptance.own_work")
    winner.require(TRAINERS)
    missing = [kind for kind in PAPERS_NEEDED if kind not in {each.kind for each in sourcing.papers}]
    if missing:
        raise Refusal("acceptance.papers_missing", missing=", ".join(missing))
    won = winning(tender)
    candidate = Candidate(
        f"{sourcing.id}:{winner.id}", winner.id, winner.name, won.price_fen, tender.recorded_by,
        tender.opened_at, tender.notice_until,
    )  # fmt: skip
    new = replace(
        sourcing,
        candidate=candidate,
        tender=replace(tender, confirmed_by=by),
        opened_at=tender.opened_at,
        awarded_by=by,
        awarded_at=now,
    )
    data = {
        "project_id": sourcing.project_id, "provider_ref": winner.id, "provider_name": winner.name,
        "price_fen": won.price_fen,
    }  # fmt: skip
    return new, [("acceptance.sourcing.awarded", data)]
