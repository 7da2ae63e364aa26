"""Calls of sealed bids (应榜): handing in, taking back, opening by two officers."""

from typing import Any

from contracts.commands import acceptance_bids as c
from services.acceptance import store, views, who
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.bids import Bid, Opened, Seal
from services.acceptance.domain.sourcing import Sourcing
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class BidCalls:
    """Bids from the sealing to the opening."""

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


def _bids(reader: Any, it: Sourcing) -> list[Bid]:
    return store.among(reader, Bid, sourcing_id=it.id)


def _shown(reader: Any, it: Sourcing) -> list[Bid]:
    return [bid for bid in _bids(reader, it) if bid.withdrawn_at is None] if it.opened_at else []
