"""What a caller is shown of each thing: answers of the contracts, as dicts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from contracts.vocabularies import units
from services.acceptance import sourcing_views
from services.acceptance.domain.attachments import BidFile
from services.acceptance.domain.attendance import Attended
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.classes import Training, as_filed
from services.acceptance.domain.employment import Employment
from services.acceptance.domain.sourcing import Objection, Reinvitation, Sourcing

View = dict[str, Any]


def sourcing(it: Sourcing, version: int, now: datetime, bids: list[Bid]) -> View:
    """A challenge; its bids show once all of them are open."""
    notice = it.notice
    keys = enumerate(notice.keys, 1)
    return {
        "id": it.id, "version": version, "status": it.status(now), "project_id": it.project_id,
        "name": it.name, "region": it.region, "seats": it.seats, "hours": it.hours, "goal": notice.goal,
        "ceiling_fen": notice.ceiling_fen, "criteria": [asdict(each) for each in notice.criteria],
        "published_at": it.published_at, "questions_until": notice.questions_until,
        "bids_until": notice.bids_until,
        "opening_keys": [
            {"layer": layer, "key_id": key.key_id, "public_key": key.public_key} for layer, key in keys
        ],
        "sealed_bids": it.sealed_bids,
        "bids": [bid_line(each, it) for each in bids] if it.opened_at else [],
        "candidate": asdict(it.candidate) if it.candidate else None,
        "objections": [objection(each) for each in it.objections],
        "awarded_at": it.awarded_at, "failure": it.failure, **sourcing_views.process(it),
        "reinvitations": [reinvitation(each) for each in it.reinvitations],
    }  # fmt: skip


def reinvitation(it: Reinvitation) -> View:
    """A re-invitation as everybody sees it; who did it is not told."""
    return {"reason": it.reason, "at": it.at, "bids_until": it.bids_until, "set_aside": it.set_aside}


def bid_line(bid: Bid, it: Sourcing) -> View:
    """An opened bid as everybody sees it."""
    ranked = next((each for each in it.ranking if each.bid_id == bid.id), None)
    return {
        "bid_id": bid.id, "provider_ref": bid.provider_ref, "provider_name": bid.provider_name,
        "receipt": bid.receipt, "attachments": [each.sha256 for each in bid.attachments],
        "price_fen": bid.offer.price_fen if bid.offer else None,
        "points": ranked.points if ranked else None, "tie": ranked.tie if ranked else None,
        "excluded": bid.excluded, "excluded_note": bid.excluded_note,
    }  # fmt: skip


def opened_bid(bid: Bid, it: Sourcing) -> View:
    """An opened bid with its plan, for the panel."""
    offer = bid.offer
    return {
        **bid_line(bid, it),
        "plan": offer.plan if offer else None,
        "teachers": list(offer.teachers) if offer else [],
        "places": list(offer.places) if offer else [],
        "files": [bid_file(each) for each in bid.files],
    }


def bid_file(it: BidFile) -> View:
    """An attachment of an opened bid, without its key."""
    return {
        "name": it.inside.name, "size": it.inside.size, "sha256": it.inside.sha256,
        "content_type": it.content_type, "problem": it.problem,
    }  # fmt: skip


def objection(it: Objection) -> View:
    """An objection with its answer, if it has one."""
    return {
        "id": it.id, "provider_ref": it.provider_ref, "reason": it.reason, "at": it.at,
        "upheld": it.answer.upheld if it.answer else None, "answer": it.answer.text if it.answer else None,
    }  # fmt: skip


def bid(it: Bid, version: int, opened: bool) -> View:
    """A bid as its bidder sees it."""
    status = "withdrawn" if it.withdrawn_at else "sealed"
    if it.set_aside_at:
        status = "set_aside"
    if opened and status == "sealed":
        status = "excluded" if it.excluded else "opened"
    return {
        "id": it.id, "version": version, "status": status, "sourcing_id": it.sourcing_id,
        "provider_ref": it.provider_ref, "receipt": it.receipt, "received_at": it.received_at,
        "earlier": [asdict(each) for each in it.earlier],
        "attachments": [asdict(each) for each in it.attachments],
    }  # fmt: skip


def training(it: Training, version: int, now: datetime) -> View:
    """A class; its persons are counted."""
    return {
        **as_filed(it), "id": it.id, "version": version, "status": it.status(now),
        "units_missing": units.missing(frozenset(code for each in it.plan.sessions for code in each.units)),
        "plan_since": it.changed_at or it.filed_at, "change": "waiting" if it.change else it.change_answer,
        "sourcing_id": it.sourcing_id, "begins": it.begins, "ends": it.ends, "on_roster": len(it.roster),
        "completed": len(it.completed), "reason": it.reason,
    }  # fmt: skip


def learners(it: Training, attendance: tuple[Attended, ...]) -> list[View]:
    """The learners on the roster with attendance and results."""
    passed = {each.person_ref: each.passed for each in it.results}
    return [
        {
            "person_ref": each.person_ref, "days": list(each.days), "hours": each.hours,
            "passed": passed.get(each.person_ref), "completed": each.person_ref in it.completed,
        }
        for each in attendance
    ]  # fmt: skip


def employment(it: Employment, version: int, *, whole: bool = False) -> View:
    """A reported employment; whole: with the firm, the proof and who reported it, for who decides it."""
    return {
        "employer_code": it.report.employer_code if whole else None,
        "proof": it.report.proof if whole else None, "reported_by": it.reported_by if whole else None,
        "id": it.id, "version": version, "status": it.status, "project_id": it.project_id,
        "class_id": it.class_id, "person_ref": it.report.person_ref, "since": it.report.since,
        "reported_at": it.reported_at, "checked_at": it.checked_at, "basis": it.report.basis,
        "registry_found": it.registry_found, "reason": it.reason,
    }  # fmt: skip
