"""Calls of sourcing. Those of sealed bids stand in bid_calls, those of the officers' keys in key_calls."""

from typing import Any

from contracts.commands import acceptance_sourcing as c
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, views, who
from services.acceptance.domain import bids as bidding
from services.acceptance.domain import sourcing as rules
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.copies import Project
from services.acceptance.domain.sourcing import Answer, Criterion, Notice, Sourcing
from services.acceptance.key_calls import opening_keys
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


def sourcing_row(project_id: str) -> str:
    """Return the key of the row that holds a project's one challenge."""
    return f"sourcing:{project_id}"


class SourcingCalls:
    """Notice, candidate, objections, award."""

    settings: Any

    @command(c.PUBLISH_NOTICE)
    def publish_notice(self, unit: Unit, body: Body) -> Body:
        """→ questions. One open challenge for a project, held by its row."""
        project = store.load(
            unit, Project, body["project_id"], "acceptance.project_unknown", field="project_id"
        )
        unit.actor.require_region(project.region)
        held = store.claimed(unit, sourcing_row(project.id))
        if held is not None:
            raise Refusal("acceptance.project_sourced", sourcing_id=held)
        notice = _notice(unit, project, body)
        new, facts = rules.publish(unit.new_id(), project, notice, unit.actor.account, unit.now)
        store.claim(unit, sourcing_row(project.id), new.id)
        return views.sourcing(new, store.save(unit, new, facts), unit.now, [])

    @command(c.NAME_CANDIDATE)
    def name_candidate(self, unit: Unit, body: Body) -> Body:
        """Scored → public_notice."""
        it = _in_region(unit, body)
        estimates = self.settings.mode == "demonstration"
        return _saved(unit, *rules.name_candidate(it, unit.actor.account, unit.now, estimates=estimates))

    @command(c.OBJECT)
    def object(self, unit: Unit, body: Body) -> Body:
        """A verified provider objects to the candidate."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        provider = who.provider_of(unit)
        return _saved(unit, *rules.raise_objection(it, unit.new_id(), provider.id, body["reason"], unit.now))

    @command(c.ANSWER_OBJECTION)
    def answer_objection(self, unit: Unit, body: Body) -> Body:
        """A supervisor answers; upheld: public_notice → scored."""
        it = _in_region(unit, body)
        answer = Answer(body["upheld"], body["answer"], unit.actor.account, unit.now)
        return _saved(unit, *rules.answer_objection(it, body["objection_id"], answer))

    @command(c.AWARD)
    def award(self, unit: Unit, body: Body) -> Body:
        """public_notice → awarded."""
        it = _in_region(unit, body)
        return _saved(unit, *rules.award(it, unit.actor.account, unit.now))

    @command(c.FAIL_SOURCING)
    def fail_sourcing(self, unit: Unit, body: Body) -> Body:
        """→ failed; the project can be offered again."""
        it = _in_region(unit, body)
        failed, facts = rules.fail(it, body["reason"], unit.now)
        store.release(unit, sourcing_row(it.project_id))
        return _saved(unit, failed, facts)

    @query(c.GET_SOURCING)
    def get_sourcing(self, reader: Reader, body: Body) -> Body:
        """The challenge as everybody sees it."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        return _view(reader, it, store.version_of(reader, Sourcing, it.id))

    @query(c.LIST_SOURCINGS)
    def list_sourcings(self, reader: Reader, body: Body) -> Body:
        """Challenges page by page, with their bids left out."""
        where = store.where(body)
        items, following = store.page(reader, Sourcing, body["cursor"], body["limit"], **where)
        return {
            "items": [views.sourcing(it, version, reader.now, []) for it, version in items],
            "next": following,
        }

    @command(c.SCORE_BID)
    def score_bid(self, unit: Unit, body: Body) -> Body:
        """A panel member judges one bid; the last judgement: opened → scored."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        points = {each["criterion"]: each["points"] for each in body["scores"]}
        if len(points) < len(body["scores"]):
            raise Refusal("acceptance.scores_incomplete", field="scores")
        bids = _bids(unit, it)
        it, facts = bidding.score(it, bids, body["bid_id"], unit.actor.account, points, unit.now)
        store.add_scores(unit, it.id, body["bid_id"], body["scores"])
        return _saved(unit, it, facts)


def _notice(unit: Unit, project: Project, body: Body) -> Notice:
    keys = opening_keys(unit, body["opening_officers"], project.region)
    return Notice(
        body["goal"], body["ceiling_fen"], tuple(Criterion(**each) for each in body["criteria"]),
        body["questions_until"], body["bids_until"], keys,
        tuple(body["panel_accounts"]),
    )  # fmt: skip


def _in_region(unit: Unit, body: Body) -> Sourcing:
    it = store.target(unit, Sourcing, body["sourcing_id"])
    unit.actor.require_region(it.region)
    return it


def _bids(reader: Any, it: Sourcing) -> list[Bid]:
    return store.among(reader, Bid, sourcing_id=it.id)


def _shown(reader: Any, it: Sourcing) -> list[Bid]:
    return [bid for bid in _bids(reader, it) if bid.withdrawn_at is None] if it.opened_at else []


def _view(reader: Any, it: Sourcing, version: int) -> Body:
    return views.sourcing(it, version, reader.now, _shown(reader, it))


def _saved(unit: Unit, it: Sourcing, facts: Any) -> Body:
    return _view(unit, it, store.save(unit, it, facts))
