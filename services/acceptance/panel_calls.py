"""Calls of the panel: the pool of experts, the draw, declared conflicts, scores with their sheet."""

from typing import Any

from contracts.commands import acceptance_panel as c
from contracts.commands import acceptance_sourcing as scores
from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.acceptance import sourcing_views, store, who
from services.acceptance.domain import panel, scoring
from services.acceptance.domain.panel import Expert
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.sourcing_work import Body, bids_of, in_region, pool_of, saved
from services.chassis.service import Reader, Unit, command, query


class PanelCalls:
    """From the pool to the scores."""

    @command(c.REGISTER_EXPERT)
    def register_expert(self, unit: Unit, body: Body) -> Body:
        """A supervisor puts an expert into the pool, again if it was taken out."""
        unit.actor.require_region(body["region"])
        known = store.find(unit, Expert, body["account"])
        if known is not None and known.removed_at is None:
            raise Refusal("acceptance.expert_known", field="account")
        new = Expert(body["account"], body["region"], tuple(body["body_refs"]), unit.actor.account, unit.now)
        return sourcing_views.expert(new, store.save(unit, new))

    @command(c.REMOVE_EXPERT)
    def remove_expert(self, unit: Unit, body: Body) -> Body:
        """A supervisor takes an expert out of the pool; panels that are drawn stay."""
        known = store.target(unit, Expert, body["account"])
        unit.actor.require_region(known.region)
        gone = panel.remove(known, body["reason"], unit.now)
        return sourcing_views.expert(gone, store.save(unit, gone))

    @query(c.LIST_EXPERTS)
    def list_experts(self, reader: Reader, body: Body) -> Body:
        """The pool of the officer's region, page by page."""
        region = body["region"] or reader.actor.region
        reader.actor.require_region(region)
        within = [code for code in regions.CODES if regions.covers(region, code)]
        items, following = store.page(reader, Expert, body["cursor"], body["limit"], region={"$in": within})
        return {
            "items": [sourcing_views.expert(each, version) for each, version in items],
            "next": following,
        }

    @command(c.DRAW_PANEL)
    def draw_panel(self, unit: Unit, body: Body) -> Body:
        """The panel of opened bids is drawn from the pool of the region and those above it."""
        it = in_region(unit, body)
        drawn = panel.draw(it, bids_of(unit, it), pool_of(unit, it), unit.actor.account, unit.now)
        return saved(unit, *drawn)

    @command(c.DECLARE_CONFLICT)
    def declare_conflict(self, unit: Unit, body: Body) -> Body:
        """A drawn member declares a conflict of interest, or that there is none."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        return saved(unit, *panel.declare(it, unit.actor.account, body["conflict"], unit.now))

    @command(c.EXCUSE_MEMBER)
    def excuse_member(self, unit: Unit, body: Body) -> Body:
        """A supervisor gives the seat of a member who stands still to the next of the order."""
        it, by = in_region(unit, body), unit.actor.account
        bids = bids_of(unit, it)
        return saved(unit, *panel.excuse(it, bids, body["account"], body["reason"], by, unit.now))

    @query(c.GET_PANEL)
    def get_panel(self, reader: Reader, body: Body) -> Body:
        """The panel with all that its draw was made of, for who sits on it and the region's officers."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        if it.draw is None:
            raise Refusal("not_found", what="panel")
        who.require_panel(reader.actor, it, {each.account for each in it.draw.sitting()})
        return sourcing_views.panel(it, it.draw, bids_of(reader, it))

    @command(scores.SCORE_BID)
    def score_bid(self, unit: Unit, body: Body) -> Body:
        """A panel member judges one bid; the last judgement: opened → scored."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        points = {each["criterion"]: each["points"] for each in body["scores"]}
        if len(points) < len(body["scores"]):
            raise Refusal("acceptance.scores_incomplete", field="scores")
        bids = bids_of(unit, it)
        it, facts = scoring.score(it, bids, body["bid_id"], unit.actor.account, points, unit.now)
        store.add_scores(unit, it.id, body["bid_id"], body["scores"])
        return saved(unit, it, facts)

    @query(scores.SCORE_SHEET)
    def score_sheet(self, reader: Reader, body: Body) -> Body:
        """All scores with reasons and arithmetic, for everybody once they are complete."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        if it.scored_at is None:
            raise Refusal("not_found", what="score_sheet")
        given: list[dict[str, Any]] = reader.find("scores", {"sourcing_id": it.id})
        return sourcing_views.score_sheet(it, given)
