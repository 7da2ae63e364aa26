"""Calls of editions: from the draft through another officer's review to the day of publication."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from contracts.commands import catalogue_editions as c
from contracts.vocabularies import catalogues, roles
from contracts.vocabularies.catalogues import CATALOGUES, ENTERED, GATHERED, TAKEN_IN
from contracts.vocabularies.errors import Refusal
from services.catalogue import gathering
from services.catalogue.domain import editions as rules
from services.catalogue.domain.editions import Edition, Place
from services.catalogue.scopes import may_see, reads_all
from services.catalogue.store import editions as store
from services.chassis.service import Reader, Unit, command, job, query

Body = dict[str, Any]
_AT_ONCE = 500
_EDITIONS_AT_ONCE = 20


class EditionCalls:
    """Catalogues, directories and lists in their editions."""

    reader: Any
    transact: Any

    @command(c.OPEN_EDITION)
    def open_edition(self, unit: Unit, body: Body) -> Body:
        """Begin the next edition of a catalogue."""
        unit.actor.require_region(body["region"])
        catalogue = f"{body['kind']}:{body['region']}"
        head = store.head(unit, catalogue)
        if head["open"]:
            raise Refusal("catalogue.edition_open", edition_id=head["open"])
        edition, facts = rules.open_draft(
            unit.new_id(), body["kind"], body["region"], head["number"] + 1, head["items"],
            unit.actor.account, unit.now,
        )  # fmt: skip
        store.save_head(unit, catalogue, open=edition.id)
        store.save_edition(unit, edition, facts)
        return _shown(edition, _version(unit, edition), officer=True)

    @command(c.PUT_ITEMS)
    def put_items(self, unit: Unit, body: Body) -> Body:
        """Enter items in a draft, or change them."""
        edition = _target(unit, body)
        rules.require_hand(edition, ENTERED, TAKEN_IN)
        return _put(unit, edition, rules.wanted(edition, body["items"]), body["reason"])

    @command(c.REMOVE_ITEMS)
    def remove_items(self, unit: Unit, body: Body) -> Body:
        """End items, with the reason."""
        edition = _target(unit, body)
        rules.require_hand(edition, ENTERED, TAKEN_IN, GATHERED)
        known = store.places(unit, edition, body["keys"])
        for key in body["keys"]:
            if not known.get(key, Place()).there:
                raise Refusal("catalogue.item_unknown", field="keys", key=key)
        return _put(unit, edition, dict.fromkeys(body["keys"]), body["reason"])

    @command(c.TAKE_LIST)
    def take_list(self, unit: Unit, body: Body) -> Body:
        """Take another authority's list in, whole."""
        edition = _target(unit, body)
        rules.require_hand(edition, TAKEN_IN)
        wanted = rules.wanted(edition, body["items"])
        gone = [key for key, place in store.every_place(unit, edition) if place.there and key not in wanted]
        taken = rules.take_in(edition, body["source"])
        return _put(unit, taken, {**wanted, **dict.fromkeys(gone)}, body["reason"])

    @command(c.GATHER_EDITION)
    def gather_edition(self, unit: Unit, body: Body) -> Body:
        """Have a draft filled from the platform's own records."""
        edition = rules.gather(_target(unit, body), unit.actor.account)
        return _saved(unit, edition)

    @command(c.SUBMIT_EDITION)
    def submit_edition(self, unit: Unit, body: Body) -> Body:
        """Give a draft to another officer."""
        edition = _target(unit, body)
        return _saved(unit, *rules.submit(edition, body["publish_on"], unit.actor.account, unit.now))

    @command(c.REVIEW_EDITION)
    def review_edition(self, unit: Unit, body: Body) -> Body:
        """Approve another officer's edition, or send it back."""
        edition = _target(unit, body)
        return _saved(unit, *rules.review(edition, body["accepted"], body["reason"], unit.actor.account))

    @command(c.DISCARD_EDITION)
    def discard_edition(self, unit: Unit, body: Body) -> Body:
        """Give an edition up that was not published."""
        edition, facts = rules.discard(_target(unit, body), body["reason"])
        shown = _saved(unit, edition, facts)
        _take_back(unit, edition.id)
        return shown

    @query(c.GET_EDITION)
    def get_edition(self, reader: Reader, body: Body) -> Body:
        """Show an edition: a published one to anyone, before that to officers of its region."""
        edition = _readable(reader, body)
        officer = may_see(reader.actor, edition.region)
        return _shown(edition, _version(reader, edition), officer)

    @query(c.LIST_EDITIONS)
    def list_editions(self, reader: Reader, body: Body) -> Body:
        """List editions: published ones to anyone, others to officers of their region."""
        officer = bool(reader.actor.roles & roles.OFFICERS)
        within = None if reads_all(reader.actor) else reader.actor.region
        seen = officer and (within is not None or reads_all(reader.actor))
        found, next = store.page_of_editions(reader, body, within, seen)
        items = [_shown(each, version, may_see(reader.actor, each.region)) for each, version in found]
        return {"items": items, "next": next}

    @query(c.EDITION_ITEMS)
    def edition_items(self, reader: Reader, body: Body) -> Body:
        """List what an edition holds."""
        rows, next = store.page_of_items(reader, _held(reader, body), body)
        shown = [
            {**_item(row.values), "key": row.key, "since": row.since, "reason": row.reason} for row in rows
        ]
        return {"items": shown, "next": next}

    @query(c.EDITION_CHANGES)
    def edition_changes(self, reader: Reader, body: Body) -> Body:
        """List what an edition changed."""
        found, next = store.page_of_changes(reader, _held(reader, body), body)
        return {"items": [_changed(key, place) for key, place in found], "next": next}

    @job("gather-editions", every=2)
    def gather_editions(self) -> None:
        """Fill drafts from the records, some items in a unit; cut off, it begins again where it was."""
        reader = self.reader()
        for edition in store.editions_in(reader, "gathering", _EDITIONS_AT_ONCE):
            at = reader.now
            changed = gathering.changes(reader, edition)
            for first in range(0, len(changed), _AT_ONCE):
                some = changed[first : first + _AT_ONCE]
                self.transact(partial(gathering.apply, edition_id=edition.id, changed=some))
            self.transact(partial(_gathered, edition_id=edition.id, at=at))

    @job("publish-editions", every=2)
    def publish_editions(self) -> None:
        """Publish what is approved when its day has come, and clear away what was discarded."""
        reader = self.reader()
        for edition in store.editions_in(reader, "approved", 0):
            if rules.due(edition, reader.now):
                self.transact(partial(_publish, edition_id=edition.id))
        for id in store.discarded(reader, _EDITIONS_AT_ONCE):
            self.transact(partial(_take_back, edition_id=id))


def _target(unit: Unit, body: Body) -> Edition:
    """Return a command's edition. Raises Refusal `not_found`, `stale_version`, `region.forbidden`."""
    edition = store.target_edition(unit, body["edition_id"])
    unit.actor.require_region(edition.region)
    return edition


def _readable(reader: Reader, body: Body) -> Edition:
    """Return a query's edition. Raises Refusal `not_found` where the caller may not see it, too."""
    edition = store.load_edition(reader, body["edition_id"])
    if edition is None or not (edition.status == "published" or may_see(reader.actor, edition.region)):
        raise Refusal("not_found", what=f"catalogue-editions/{body['edition_id']}")
    return edition


def _held(reader: Reader, body: Body) -> Edition:
    """As _readable, for its items: those of a discarded one are taken back."""
    edition = _readable(reader, body)
    if edition.status == "discarded":
        raise Refusal("not_found", what=f"catalogue-editions/{edition.id}/items")
    return edition


def _put(unit: Unit, edition: Edition, values: Mapping[str, Body | None], reason: str) -> Body:
    before = store.places(unit, edition, values)
    edition, after = rules.put(edition, before, values, reason)
    store.save_places(unit, edition, before, after)
    return _saved(unit, rules.worked(edition, unit.actor.account))


def _saved(unit: Unit, edition: Edition, facts: Any = ()) -> Body:
    store.save_edition(unit, edition, facts)
    return _shown(edition, _version(unit, edition), officer=True)


def _gathered(unit: Unit, edition_id: str, at: Any) -> None:
    edition = store.load_edition(unit, edition_id)
    if edition is not None and edition.status == "gathering":
        store.save_edition(unit, rules.gathered(edition, at))


def _publish(unit: Unit, edition_id: str) -> None:
    edition = store.load_edition(unit, edition_id)
    if edition is None or not rules.due(edition, unit.now):
        return
    head = store.head(unit, edition.catalogue)
    last = store.load_edition(unit, head["current"]) if head["current"] else None
    if last is not None:
        store.save_edition(unit, rules.superseded(last))
    edition, facts = rules.publish(edition, unit.now)
    store.save_edition(unit, edition, facts)
    store.save_head(
        unit, edition.catalogue, open=None, current=edition.id, number=edition.number, items=edition.items
    )


def _take_back(unit: Unit, edition_id: str) -> None:
    """Undo some of what a discarded draft changed; with the last of it the catalogue is free for another."""
    edition = store.load_edition(unit, edition_id)
    if edition is None or store.head(unit, edition.catalogue)["open"] != edition.id:
        return
    if gathering.undo(unit, edition, _AT_ONCE):
        store.save_head(unit, edition.catalogue, open=None)


def _version(source: Unit | Reader, edition: Edition) -> int:
    doc = source.get(store.EDITIONS, edition.id)
    return int(doc["version"]) if doc else 0


def _shown(edition: Edition, version: int, officer: bool) -> Body:
    return {
        **{name: value for name, value in vars(edition).items() if name != "hands"},
        "version": version,
        "name_zh": CATALOGUES.name(edition.kind),
        "name_en": CATALOGUES.name(edition.kind, "en"),
        "opened_by": edition.hands[0] if officer else None,
        "reviewed_by": edition.reviewed_by if officer else None,
    }


def _item(values: Mapping[str, Any]) -> Body:
    return {name: values.get(name) for name in catalogues.COLUMNS}


def _changed(key: str, place: Place) -> Body:
    before, after = place.base, place.own
    reason = after.reason if after else before.left if before and before.left else "-"
    return {
        "key": key, "change": place.change, "reason": reason,
        "before": before and _item(before.values), "after": after and _item(after.values),
    }  # fmt: skip
