"""Commands and queries of the catalogues, directories and lists that are published in editions."""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    Day,
    Fen,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    level,
    listed,
    mode,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import catalogues, programmes, roles, statuses

_OFFICER = {roles.CATALOGUE_OFFICER}
MOST_ITEMS = 500
MOST_READ = 1000


class Item(Contract):
    """An item of a catalogue; which fields it has depends on the catalogue's kind.

    workers: null where it was left out to protect people (contracts/vocabularies/small_cells.py).
    """

    code = Ref(load_default=None, allow_none=True)
    name = Name(load_default=None, allow_none=True)
    credit_code = CreditCode(load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)
    industry = Name(load_default=None, allow_none=True)
    body_kind = one_of(statuses.BODY_KINDS, load_default=None, allow_none=True)
    grade = one_of(statuses.GRADES, load_default=None, allow_none=True)
    occupations = listed(OccupationCode(), high=100, load_default=None, allow_none=True)
    workers = Count(high=1_000_000_000, load_default=None, allow_none=True)
    mode = mode(load_default=None, allow_none=True)
    programme = one_of(programmes.CODES, load_default=None, allow_none=True)
    seats = Count(load_default=None, allow_none=True)
    hours = Count(load_default=None, allow_none=True)
    standard_fen = Fen(load_default=None, allow_none=True)
    illustrative = fields.Boolean(load_default=None, allow_none=True)
    status = one_of(statuses.PROJECT, load_default=None, allow_none=True)
    issuer = Name(load_default=None, allow_none=True)
    scope = LongText(load_default=None, allow_none=True)
    note = LongText(load_default=None, allow_none=True)


class Source(Contract):
    """Whose list was taken in: the authority, its document, its day."""

    authority = Name(required=True)
    document = Name(required=True)
    day = Day(required=True)


class OpenEditionRequest(Contract):
    kind = one_of(catalogues.CODES, required=True)
    region = RegionCode(required=True)


class EditionRequest(Contract):
    edition_id = Ref(required=True)


class PutItemsRequest(EditionRequest):
    """Items that enter, or take the place of those with the same key."""

    items = listed(fields.Nested(Item), low=1, high=MOST_ITEMS, required=True)
    reason = LongText(required=True)


class RemoveItemsRequest(EditionRequest):
    keys = listed(Ref(), low=1, high=MOST_ITEMS, required=True)
    reason = LongText(required=True)


class TakeListRequest(EditionRequest):
    """A whole list: items that are not in it leave the catalogue, with the reason given."""

    items = listed(fields.Nested(Item), low=1, high=catalogues.MOST_IN_A_LIST, required=True)
    source = fields.Nested(Source, required=True)
    reason = LongText(required=True)


class SubmitEditionRequest(EditionRequest):
    """publish_on: the day from which it holds, today or later."""

    publish_on = Day(required=True)


class ReviewEditionRequest(EditionRequest):
    accepted = fields.Boolean(required=True)
    reason = LongText(required=True)


class DiscardEditionRequest(EditionRequest):
    reason = LongText(required=True)


class Edition(Contract):
    """An edition. current: the one in force; entered, changed, left: items since the edition before;
    as_of: the moment at which items were gathered; opened_by and reviewed_by: for officers.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    kind = one_of(catalogues.CODES, required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    region = RegionCode(required=True)
    number = Count(low=1, required=True)
    status = one_of(catalogues.EDITION, required=True)
    current = fields.Boolean(required=True)
    items = Count(required=True)
    entered = Count(required=True)
    changed = Count(required=True)
    left = Count(required=True)
    as_of = Moment(required=True, allow_none=True)
    source = fields.Nested(Source, required=True, allow_none=True)
    publish_on = Day(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)
    opened_at = Moment(required=True)
    published_at = Moment(required=True, allow_none=True)
    opened_by = fields.String(required=True, allow_none=True)
    reviewed_by = fields.String(required=True, allow_none=True)


class ListEditionsRequest(Page):
    """current: the editions in force alone."""

    kind = one_of(catalogues.CODES, load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)
    status = one_of(catalogues.EDITION, load_default=None, allow_none=True)
    current = fields.Boolean(load_default=False)


class Editions(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Edition), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class EditionItemsRequest(EditionRequest):
    limit = Count(low=1, high=MOST_READ, load_default=100)
    cursor = Ref(load_default=None, allow_none=True)


class KeptItem(Item):
    """since: the edition in which it entered or was last changed, and why."""

    key = Ref(required=True)
    since = Count(low=1, required=True)
    reason = LongText(required=True)


class EditionItems(Contract):
    items = listed(fields.Nested(KeptItem), high=MOST_READ, required=True)
    next = Ref(required=True, allow_none=True)


class Change(Contract):
    """What became of an item since the edition before. before: null for one that entered; after: null for
    one that left.
    """

    key = Ref(required=True)
    change = one_of(catalogues.EDITION_CHANGES, required=True)
    reason = LongText(required=True)
    before = fields.Nested(Item, required=True, allow_none=True)
    after = fields.Nested(Item, required=True, allow_none=True)


class Changes(Contract):
    items = listed(fields.Nested(Change), high=MOST_READ, required=True)
    next = Ref(required=True, allow_none=True)


OPEN_EDITION = command("catalogue.open_edition", OpenEditionRequest, Edition, _OFFICER)
GATHER_EDITION = command("catalogue.gather_edition", EditionRequest, Edition, _OFFICER)
PUT_ITEMS = command("catalogue.put_items", PutItemsRequest, Edition, _OFFICER)
REMOVE_ITEMS = command("catalogue.remove_items", RemoveItemsRequest, Edition, _OFFICER)
TAKE_LIST = command("catalogue.take_list", TakeListRequest, Edition, _OFFICER)
SUBMIT_EDITION = command("catalogue.submit_edition", SubmitEditionRequest, Edition, _OFFICER)
REVIEW_EDITION = command("catalogue.review_edition", ReviewEditionRequest, Edition, _OFFICER)
DISCARD_EDITION = command("catalogue.discard_edition", DiscardEditionRequest, Edition, _OFFICER)
GET_EDITION = query("catalogue.get_edition", EditionRequest, Edition, set())
LIST_EDITIONS = query("catalogue.list_editions", ListEditionsRequest, Editions, set())
EDITION_ITEMS = query("catalogue.edition_items", EditionItemsRequest, EditionItems, set())
EDITION_CHANGES = query("catalogue.edition_changes", EditionItemsRequest, Changes, set())
