"""Calls of sealed bids (应榜): handing in, taking back, opening by two officers."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Final

from nacl.exceptions import CryptoError

from contracts.commands import acceptance_bids as c
from contracts.vocabularies import bid_files
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, unsealing, views, who
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.attachments import Attachment, BidFile
from services.acceptance.domain.bids import Bid, Opened, Seal
from services.acceptance.domain.copies import Project
from services.acceptance.domain.sourcing import Sourcing
from services.acceptance.store import sealed
from services.chassis.clock import real_now
from services.chassis.service import Reader, Service, Unit, command, job, query

Body = dict[str, Any]
ABANDONED: Final = timedelta(hours=1)


class BidCalls(Service):
    """Bids from the sealing to the opening."""

    @command(c.PUT_BID_PART)
    def put_bid_part(self, unit: Unit, body: Body) -> Body:
        """A provider sends one part of a sealed attachment, before the bid that tells of it."""
        it = store.load(unit, Sourcing, body["sourcing_id"])
        bidding.require_open(it, unit.now)
        id = bidding.bid_id(it.id, who.provider_of(unit).id)
        sealed.put_part(unit, id, body["upload_id"], body["number"], body["content"])
        return {"upload_id": body["upload_id"], "number": body["number"]}

    @command(c.SUBMIT_BID)
    def submit_bid(self, unit: Unit, body: Body) -> Body:
        """A provider hands in or replaces its sealed bid before the deadline, whole or not at all."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        project = store.load(unit, Project, it.project_id, "acceptance.project_unknown")
        provider = who.acting_provider(unit, "submit_bid", project.occupation)
        old = store.find(unit, Bid, bidding.bid_id(it.id, provider.id))
        seal = Seal(body["seal"]["scheme"], tuple(body["seal"]["key_ids"]), body["seal"]["commitment"])
        told = tuple(Attachment(**each) for each in body["attachments"])
        it, bid, facts = bidding.submit(it, old, provider, body["ciphertext"], seal, unit.now, told)
        sealed.take(unit, bid.id, old.attachments if old else (), told)
        self._require_complete(told)
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
        before = _bids(unit, it)
        brought = self._brought(before, body["bids"])
        it, after, facts = bidding.open_layer(it, before, unit.actor.account, brought, unit.now)
        for bid in after:
            if bid not in before:
                store.save(unit, bid)
        # saved even without news, so that two calls at once cannot each miss the other's half
        return views.sourcing(it, store.save(unit, it, facts), unit.now, after)

    @query(c.OPENED_BIDS)
    def opened_bids(self, reader: Reader, body: Body) -> Body:
        """The opened bids with their plans, for the panel and the region's officers."""
        it = _for_reader(reader, body["sourcing_id"])
        shown = _shown(reader, it)
        return {"sourcing_id": it.id, "items": [views.opened_bid(bid, it) for bid in shown]}

    @query(c.OPEN_BID_FILE)
    def open_bid_file(self, reader: Reader, body: Body) -> Body:
        """What an attachment of an opened bid is, for the panel and the region's officers."""
        return views.bid_file(_file(reader, body)[1])

    @query(c.READ_BID_FILE_PART)
    def read_bid_file_part(self, reader: Reader, body: Body) -> Body:
        """One part of it. Who puts them together compares the hash."""
        attachment, file = _file(reader, body)
        found = sealed.part(reader, attachment.upload_id, body["part"])
        if file.problem is not None or found is None:
            raise Refusal("acceptance.attachment_unreadable", problem=file.problem or "?")
        count = bid_files.parts_of(attachment.size)
        try:
            return {"content": unsealing.opened_part(file.inside, found, body["part"], count)}
        except (CryptoError, ValueError) as problem:
            raise Refusal("acceptance.attachment_unreadable", problem="swapped") from problem

    @job("sweep-bid-uploads", every=10)
    def sweep_bid_uploads(self) -> None:
        """Delete sealed parts that belong to no bid: not handed in, replaced, or re-invited."""
        for id in sealed.abandoned(self.reader(), real_now() - ABANDONED):
            if self.transact(partial(sealed.give_up, upload_id=id)):
                sealed.delete_parts(self.reader().database, id)

    def _require_complete(self, told: tuple[Attachment, ...]) -> None:
        # parts are written once and read beside the unit, so that 20 MB do not lie in a transaction
        database = self.reader().database
        for place, each in enumerate(told):
            if not unsealing.complete(each, sealed.parts(database, each.upload_id)):
                raise Refusal("acceptance.attachment_missing", field=f"attachments.{place}")

    def _brought(self, bids: list[Bid], brought: list[Body]) -> list[Opened]:
        """Return what an officer brought, with what lies here of the attachments that the bids name."""
        known = {bid.id: bid for bid in bids if bid.attachments and bid.inner is not None}
        parts = partial(sealed.parts, self.reader().database)
        found = []
        for each in brought:
            bid, content = known.get(each["bid_id"]), each["content"]
            opened = Opened(each["bid_id"], content, each["problem"] or "")
            if bid is not None and content and sha256(content).hexdigest() == bid.seal.commitment:
                opened = replace(opened, files=unsealing.files_of(bid, content, parts))
            found.append(opened)
        return found


def _for_reader(reader: Reader, sourcing_id: str) -> Sourcing:
    it = store.load(reader, Sourcing, sourcing_id)
    # a member reads others' offers only after declaring to be free of conflicts
    who.require_panel(reader.actor, it, it.panel)
    return it


def _file(reader: Reader, body: Body) -> tuple[Attachment, BidFile]:
    it = _for_reader(reader, body["sourcing_id"])
    for bid in _shown(reader, it):
        for attachment, file in zip(bid.attachments, bid.files, strict=False):
            if (bid.id, file.inside.sha256) == (body["bid_id"], body["sha256"]):
                return attachment, file
    raise Refusal("not_found", what=f"bid_file/{body['sha256']}")


def _bids(reader: Any, it: Sourcing) -> list[Bid]:
    return store.among(reader, Bid, sourcing_id=it.id)


def _shown(reader: Any, it: Sourcing) -> list[Bid]:
    return [bid for bid in _bids(reader, it) if bid.withdrawn_at is None] if it.opened_at else []
