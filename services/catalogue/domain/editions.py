"""An edition (版次) of a catalogue: draft → submitted → approved by another officer → published at its day.

draft ⇄ gathering; submitted → draft when it is sent back; draft, submitted, approved → discarded. A catalogue
has one edition at a time on its way. An item's rows say in which editions it holds: from `since` until before
`until`. So an edition that was published stays as it was, and a draft changes only what it enters and ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from contracts.vocabularies import catalogues
from contracts.vocabularies.catalogues import KINDS
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]
OPEN_END: Final = 1_000_000
UNDER_WAY: Final = ("draft", "gathering", "submitted", "approved")


@dataclass(frozen=True)
class Edition:
    """hands: the accounts that worked at it; entered, changed, left: items since the edition before."""

    id: str
    kind: str
    region: str
    number: int
    hands: tuple[str, ...]
    opened_at: datetime
    status: str = "draft"
    current: bool = False
    items: int = 0
    entered: int = 0
    changed: int = 0
    left: int = 0
    as_of: datetime | None = None
    source: Mapping[str, Any] | None = None
    publish_on: date | None = None
    reason: str | None = None
    published_at: datetime | None = None
    reviewed_by: str | None = None

    @property
    def catalogue(self) -> str:
        """Which catalogue it is an edition of."""
        return f"{self.kind}:{self.region}"


@dataclass(frozen=True)
class Row:
    """An item as it is from one edition until before another. reason: why it entered or was changed; left:
    why it left, None while it holds or when it was changed.
    """

    key: str
    values: Mapping[str, Any]
    since: int
    reason: str
    until: int = OPEN_END
    left: str | None = None


@dataclass(frozen=True)
class Place:
    """An item in a draft: as the edition before has it, and the draft's own row of it."""

    base: Row | None = None
    own: Row | None = None

    @property
    def change(self) -> str | None:
        """What the draft does to it, None for nothing."""
        if self.own is not None:
            return "changed" if self.base else "entered"
        return "left" if self.base and self.base.until != OPEN_END else None

    @property
    def there(self) -> bool:
        """Whether the draft has it."""
        return self.own is not None or (self.base is not None and self.base.until == OPEN_END)


NOWHERE: Final = Place()
Places = Mapping[str, Place]
Decision = tuple[Edition, list[Fact]]


def open_draft(
    id: str, kind: str, region: str, number: int, items: int, account: str, now: datetime
) -> Decision:
    """Begin an edition: all items of the one before, none changed."""
    edition = Edition(id, kind, region, number, (account,), now, items=items)
    return edition, [("catalogue.edition.opened", _told(edition))]


def wanted(edition: Edition, items: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return items by their keys, fields without a value left out.

    Raises Refusal `catalogue.item_field` (missing, or none of this kind), `catalogue.item_twice`.
    """
    kind, found = KINDS[edition.kind], {}
    for number, item in enumerate(items):
        values = {name: value for name, value in item.items() if value is not None}
        missing = [name for name in kind.needs if name not in values]
        strange = [name for name in values if name not in kind.shows]
        for name in (*missing, *strange):
            zh, en = ("缺少", "lacks") if name in missing else ("不应有", "must not have")
            column, field = catalogues.COLUMNS[name], f"items.{number}.{name}"
            raise Refusal("catalogue.item_field", field=field, column=column, zh=zh, en=en)
        key = kind.key_of(values)
        if key in found:
            raise Refusal("catalogue.item_twice", field=f"items.{number}", key=key)
        found[key] = values
    return found


def put(
    edition: Edition, places: Places, values: Mapping[str, Mapping[str, Any] | None], reason: str
) -> tuple[Edition, dict[str, Place]]:
    """Give items these values in a draft, or end them (None). places: what the draft has of them now.

    Returns the places that have changed. An item that is again as it was before counts as untouched.
    """
    changed = {}
    for key, given in values.items():
        before = places.get(key, NOWHERE)
        after = _placed(edition.number, key, before.base, given, reason)
        if after != before and not _same(before, given):
            changed[key] = after
            edition = _counted(edition, before, after)
    return edition, changed


def untouched(place: Place) -> Place:
    """Return an item as the edition before has it."""
    return Place(replace(place.base, until=OPEN_END, left=None) if place.base else None, None)


def _same(place: Place, given: Mapping[str, Any] | None) -> bool:
    """Whether the draft has these values already, whatever the reason was."""
    now = place.own or (place.base if place.there else None)
    return (now.values if now else None) == given


def _placed(number: int, key: str, base: Row | None, given: Mapping[str, Any] | None, reason: str) -> Place:
    if given is None:
        return Place(replace(base, until=number, left=reason) if base else None, None)
    if base is not None and base.values == given:
        return Place(replace(base, until=OPEN_END, left=None), None)
    ended = replace(base, until=number, left=None) if base else None
    return Place(ended, Row(key, MappingProxyType(dict(given)), number, reason))


def _counted(edition: Edition, before: Place, after: Place) -> Edition:
    by = dict.fromkeys(catalogues.EDITION_CHANGES, 0)
    for place, sign in ((before, -1), (after, 1)):
        if place.change:
            by[place.change] += sign
    return replace(
        edition,
        items=edition.items + after.there - before.there,
        **{name: getattr(edition, name) + count for name, count in by.items()},
    )


def require_hand(edition: Edition, *ways: str) -> None:
    """Check that officers may change its items: a draft, of one of these ways.

    Raises Refusal `out_of_order`, `catalogue.items_not_by_hand`.
    """
    require(edition, ("draft",), "edit")
    if KINDS[edition.kind].way not in ways:
        raise Refusal("catalogue.items_not_by_hand")


def worked(edition: Edition, account: str) -> Edition:
    """Note that somebody worked at it."""
    return edition if account in edition.hands else replace(edition, hands=(*edition.hands, account))


def take_in(edition: Edition, source: Mapping[str, Any]) -> Edition:
    """Note whose list it is. source: authority, document, day."""
    return replace(edition, source=dict(source))


def superseded(edition: Edition) -> Edition:
    """Another edition holds now; this one stays readable."""
    return replace(edition, current=False)


def gather(edition: Edition, account: str) -> Edition:
    """Have its items gathered from the records (draft → gathering).

    Raises Refusal `out_of_order`, `catalogue.not_gathered`.
    """
    require(edition, ("draft",), "gather")
    if KINDS[edition.kind].way not in (catalogues.GATHERED, catalogues.RECKONED):
        raise Refusal("catalogue.not_gathered")
    return replace(worked(edition, account), status="gathering")


def gathered(edition: Edition, as_of: datetime) -> Edition:
    """All its items are as the records were at that moment (gathering → draft)."""
    require(edition, ("gathering",), "gathered")
    return replace(edition, status="draft", as_of=as_of)


def submit(edition: Edition, publish_on: date, account: str, now: datetime) -> Decision:
    """Give it to another officer (draft → submitted).

    Raises Refusal `out_of_order`, `catalogue.edition_empty`, `…source_missing`, `…past_day`.
    """
    require(edition, ("draft",), "submit")
    way = KINDS[edition.kind].way
    if not (edition.items or edition.left):
        raise Refusal("catalogue.edition_empty")
    if way == catalogues.TAKEN_IN and edition.source is None:
        raise Refusal("catalogue.source_missing")
    if publish_on < today_in_shanghai(now):
        raise Refusal("catalogue.past_day", field="publish_on", day=publish_on.isoformat())
    edition = replace(worked(edition, account), status="submitted", publish_on=publish_on, reason=None)
    return edition, [("catalogue.edition.submitted", {**_counts(edition), "publish_on": publish_on})]


def review(edition: Edition, accepted: bool, reason: str, account: str) -> Decision:
    """Approve it or send it back (submitted → approved | draft).

    Raises Refusal `out_of_order`, `catalogue.own_edition` for somebody who worked at it.
    """
    require(edition, ("submitted",), "review")
    if account in edition.hands:
        raise Refusal("catalogue.own_edition")
    status = "approved" if accepted else "draft"
    edition = replace(edition, status=status, reason=reason, reviewed_by=account)
    return edition, [
        ("catalogue.edition.reviewed", {**_told(edition), "accepted": accepted, "reason": reason})
    ]


def due(edition: Edition, now: datetime) -> bool:
    """Whether its day has come."""
    return (
        edition.status == "approved"
        and edition.publish_on is not None
        and edition.publish_on <= today_in_shanghai(now)
    )


def publish(edition: Edition, now: datetime) -> Decision:
    """It holds from now on (approved → published)."""
    require(edition, ("approved",), "publish")
    edition = replace(edition, status="published", current=True, published_at=now)
    return edition, [("catalogue.edition.published", _counts(edition))]


def discard(edition: Edition, reason: str) -> Decision:
    """Give it up. Raises Refusal `out_of_order`."""
    require(edition, ("draft", "submitted", "approved"), "discard")
    told = {**_told(edition), "reason": reason}
    return replace(edition, status="discarded", reason=reason), [("catalogue.edition.discarded", told)]


def require(edition: Edition, allowed: Sequence[str], step: str) -> None:
    """Check its status. Raises Refusal `out_of_order`."""
    if edition.status not in allowed:
        raise Refusal("out_of_order", status=edition.status, step=step)


def _told(edition: Edition) -> dict[str, Any]:
    return {name: getattr(edition, name) for name in ("kind", "region", "number")}


def _counts(edition: Edition) -> dict[str, Any]:
    return _told(edition) | {n: getattr(edition, n) for n in ("items", "entered", "changed", "left")}
