"""Calls of sourcing and sealed bids."""

import base64
from typing import Any

from contracts.commands import acceptance_sourcing as c
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, views, who
from services.acceptance.domain import bids as bidding
from services.acceptance.domain import sourcing as rules
from services.acceptance.domain.bids import Bid, Opened, Seal
from services.acceptance.domain.copies import Project
from services.acceptance.domain.sourcing import Answer, Criterion, Notice, OpeningKey, Sourcing
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
        new, facts = rules.publish(unit.new_id(), project, _notice(body), unit.actor.account, unit.now)
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


class BidCalls:
    """Bids from the sealing to the scores."""

    @command(c.SUBMIT_BID)
    def submit_bid(self, unit: Unit, body: Body) -> Body:
        """A provider hands in or replaces its sealed bid before the deadline."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        provider = who.body_of(unit)
        old = store.find(unit, Bid, bidding.bid_id(it.id, provider.id))
        seal = Seal(body["seal"]["scheme"], tuple(body["seal"]["key_ids"]), body["seal"]["commitment"])
        it, bid, facts = bidding.submit(it, old, provider, body["ciphertext"], seal, unit.now)
        store.save_sealed(unit, it, facts)
        return views.bid(bid, store.save(unit, bid), opened=False)

    @command(c.WITHDRAW_BID)
    def withdraw_bid(self, unit: Unit, body: Body) -> Body:
        """A provider takes its bid back before the deadline."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        old = store.load(unit, Bid, bidding.bid_id(it.id, who.body_of(unit).id))
        it, bid, facts = bidding.withdraw(it, old, unit.now)
        store.save_sealed(unit, it, facts)
        return views.bid(bid, store.save(unit, bid), opened=False)

    @query(c.MY_BID)
    def my_bid(self, reader: Reader, body: Body) -> Body:
        """The provider's own bid and receipt."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        bid = store.load(reader, Bid, bidding.bid_id(it.id, who.body_of(reader).id))
        return views.bid(bid, store.version_of(reader, Bid, bid.id), it.opened_at is not None)

    @query(c.SEALED_BIDS)
    def sealed_bids(self, reader: Reader, body: Body) -> Body:
        """What an opening officer has to open, after the deadline only."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        account = reader.actor.account
        contents = bidding.contents_for(it, _bids(reader, it), account, reader.now)
        layer = it.layer_of(account)
        items = [
            {
                "bid_id": bid.id, "receipt": bid.receipt, "commitment": bid.seal.commitment,
                "intact": bid.intact(), "content": content,
            }
            for bid, content in contents
        ]  # fmt: skip
        key_id = it.notice.keys[layer - 1].key_id
        return {"sourcing_id": it.id, "layer": layer, "key_id": key_id, "items": items}

    @command(c.OPEN_LAYER)
    def open_layer(self, unit: Unit, body: Body) -> Body:
        """An opening officer brings back one layer; the last one: sealed → opened."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        brought = [Opened(each["bid_id"], each["content"], each["problem"] or "") for each in body["bids"]]
        before = _bids(unit, it)
        it, after, facts = bidding.open_layer(it, before, unit.actor.account, brought, unit.now)
        for bid in after:
            if bid not in before:
                store.save(unit, bid)
        # saved even without news, so that two calls at once cannot each miss the other's half
        return views.sourcing(it, store.save(unit, it, facts), unit.now, after)

    @query(c.OPENED_BIDS)
    def opened_bids(self, reader: Reader, body: Body) -> Body:
        """The opened bids with their plans, for the panel and the region's officers."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        if reader.actor.account not in it.notice.panel:
            reader.actor.require_region(it.region)
        shown = _shown(reader, it)
        return {"sourcing_id": it.id, "items": [views.opened_bid(bid, it) for bid in shown]}

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


def _notice(body: Body) -> Notice:
    keys = [
        OpeningKey(
            rules.key_id(each["public_key"]),
            each["officer_account"],
            base64.b64encode(each["public_key"]).decode(),
        )
        for each in body["opening_keys"]
    ]
    return Notice(
        body["goal"], body["ceiling_fen"], tuple(Criterion(**each) for each in body["criteria"]),
        body["questions_until"], body["bids_until"], tuple(keys), tuple(body["panel_accounts"]),
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
