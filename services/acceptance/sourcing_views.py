"""What a caller is shown of a sourcing's questions, panel, filings, scores, papers and contract."""

from dataclasses import asdict
from typing import Any

from services.acceptance.domain import panel as drawing
from services.acceptance.domain import scoring
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.filings import Filing
from services.acceptance.domain.panel import Expert
from services.acceptance.domain.records import Draw, Paper, Tender
from services.acceptance.domain.sourcing import Sourcing

View = dict[str, Any]


def process(it: Sourcing) -> View:
    """What a sourcing shows beside notice, bids and candidate."""
    contract = asdict(it.contract) if it.contract else None
    for name in ("recorded_by", "recorded_at", "confirmed_by") if contract else ():
        del contract[name]
    return {
        "way": it.way, "attempt": it.attempt, "ground": it.ground, "fixed_price": it.notice.fixed_price,
        "panel_seats": it.notice.panel_seats,
        "draw_commitment": drawing.commitment(it.nonce) if it.nonce else None,
        "draw_nonce": it.nonce if it.draw and it.nonce else None,
        "questions": [
            {
                "id": each.id, "question": each.text, "asked_at": each.asked_at, "answer": each.answer,
                "answered_at": each.answered_at,
            }
            for each in it.questions
        ],
        "postponements": [
            {"before": each.before, "after": each.after, "reason": each.reason, "at": each.at}
            for each in it.postponements
        ],
        "past_candidates": [
            {name: value for name, value in asdict(each).items() if name not in ("bid_id", "awarded_at")}
            for each in it.past
        ],
        "papers": [paper(each) for each in it.papers],
        "tender": tender(it.tender) if it.tender else None,
        "contract": contract,
    }  # fmt: skip


def paper(it: Paper) -> View:
    """A paper without its content."""
    return {
        "id": it.id, "kind": it.kind, "name": it.name, "sha256": it.sha256, "size": it.size, "at": it.at,
    }  # fmt: skip


def tender(it: Tender) -> View:
    """A recorded tender."""
    return {
        "platform": it.platform, "number": it.number, "method": it.method, "published_at": it.published_at,
        "opened_at": it.opened_at, "notice_until": it.notice_until,
        "bidders": [asdict(each) for each in it.bidders], "winner": it.winner,
    }  # fmt: skip


def expert(it: Expert, version: int) -> View:
    """One of the pool."""
    return {
        "account": it.id, "version": version, "status": "removed" if it.removed_at else "active",
        "region": it.region, "body_refs": list(it.body_refs), "registered_at": it.registered_at,
        "removed_for": it.removed_for,
    }  # fmt: skip


def panel(it: Sourcing, drawn: Draw, bids: list[Bid]) -> View:
    """A drawn panel with all that its draw was made of."""
    return {
        "sourcing_id": it.id, "nonce": it.nonce or "none", "receipts": sorted(bid.receipt for bid in bids),
        "seed": drawn.seed, "order": list(drawn.order), "excluded": [asdict(each) for each in drawn.excluded],
        "seats": drawn.seats, "drawn_at": drawn.at, "ready": drawn.ready(),
        "members": [
            {
                "member": place, "account": each.account, "declared_at": each.declared_at,
                "conflict": each.conflict, "excused_for": each.excused_for,
            }
            for place, each in enumerate(drawn.members, 1)
        ],
    }  # fmt: skip


def filing(it: Filing, version: int) -> View:
    """A filing as its provider and the officers see it."""
    return {
        "id": it.id, "version": version, "status": it.status, "sourcing_id": it.sourcing_id,
        "provider_ref": it.provider_ref, "provider_name": it.provider_name, "price_fen": it.offer.price_fen,
        "plan": it.offer.plan, "teachers": list(it.offer.teachers), "places": list(it.offer.places),
        "received_at": it.received_at, "decided_at": it.decided_at, "reason": it.reason,
    }  # fmt: skip


def score_sheet(it: Sourcing, given: list[View]) -> View:
    """The scores of all members with their reasons. given: rows of the store."""
    places = {each.account: place for place, each in enumerate(it.draw.members if it.draw else (), 1)}
    sums = {(mark.bid_id, mark.account): mark.hundredths for mark in it.marks}
    lowest = min((each.price_fen for each in it.ranking), default=0)
    items = [
        {
            "bid_id": ranked.bid_id, "provider_name": ranked.provider_name, "price_fen": ranked.price_fen,
            "points": ranked.points, "arithmetic": scoring.arithmetic(it, ranked, lowest),
            "members": [
                {
                    "member": places[row["account"]], "points": sums[(row["bid_id"], row["account"])],
                    "scores": row["scores"],
                }
                for row in sorted(given, key=lambda row: places[row["account"]])
                # an excused member's scores stay in the store and count no more
                if row["bid_id"] == ranked.bid_id and (row["bid_id"], row["account"]) in sums
            ],
        }
        for ranked in it.ranking
    ]  # fmt: skip
    return {"sourcing_id": it.id, "items": items}
