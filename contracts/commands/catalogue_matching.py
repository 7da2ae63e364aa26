"""Calls of the matching board for parks: the firm states a need, the officer lists it, bodies offer courses
[37 §16, §17].
"""

from marshmallow import fields

from contracts.fields import (
    Contract,
    Count,
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
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import pools, roles

_FIRMS = {roles.ENTERPRISE, roles.AGENCY}
_OFFICER = {roles.CATALOGUE_OFFICER}


class NeedWish(Contract):
    """What is needed. park: the park that the firm is in; demand_id: its posted demand, if there is one."""

    park = Name(required=True)
    region = RegionCode(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    headcount = Count(low=1, high=100_000, required=True)
    skills = LongText(required=True)
    wanted_from = Day(required=True)
    demand_id = Ref(load_default=None, allow_none=True)


class NeedRequest(Contract):
    need_id = Ref(required=True)


class CorrectNeedRequest(NeedWish):
    need_id = Ref(required=True)


class EndNeedRequest(NeedRequest):
    reason = LongText(required=True)


class ConcludeNeedRequest(EndNeedRequest):
    """project_id: the project that came of it, if one did."""

    project_id = Ref(load_default=None, allow_none=True)


class OfferRequest(NeedRequest):
    """A course for a need. price_fen: for one person; hours: class hours."""

    course = Name(required=True)
    hours = Count(low=1, high=5000, required=True)
    seats = Count(low=1, high=100_000, required=True)
    price_fen = Fen(required=True)
    starts_on = Day(required=True)


class AcceptOfferRequest(NeedRequest):
    provider_ref = Ref(required=True)


class Offer(Contract):
    provider_ref = Ref(required=True)
    course = Name(required=True)
    hours = Count(required=True)
    seats = Count(required=True)
    price_fen = Fen(required=True)
    starts_on = Day(required=True)
    offered_at = Moment(required=True)
    status = one_of(pools.OFFER, required=True)


class Need(NeedWish):
    """A need on the board. offers: all of them to the firm and to officers, to a body its own, to others
    the one that was taken; offered: how many stand.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(pools.NEED, required=True)
    owner_ref = Ref(required=True)
    stated_at = Moment(required=True)
    offered = Count(required=True)
    offers = listed(fields.Nested(Offer), high=500, required=True)
    reason = LongText(required=True, allow_none=True)
    project_id = Ref(required=True, allow_none=True)


class NeedsRequest(Page):
    """mine: those of the own body, whatever their state."""

    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    status = one_of(pools.NEED, load_default=None, allow_none=True)
    mine = fields.Boolean(load_default=False)


class Needs(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Need), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class BoardRequest(Contract):
    region = RegionCode(load_default=None, allow_none=True)


class BoardColumn(Contract):
    status = one_of(pools.NEED, required=True)
    zh = fields.String(required=True)
    needs = Count(required=True)
    headcount = Count(high=10**9, required=True)


class Board(Contract):
    """How many needs, of how many people, stand in each state; without sign-in only the public ones."""

    columns = listed(fields.Nested(BoardColumn), high=10, required=True)


STATE_NEED = command("catalogue.state_need", NeedWish, Need, _FIRMS)
CORRECT_NEED = command("catalogue.correct_need", CorrectNeedRequest, Need, _FIRMS)
LIST_NEED = command("catalogue.list_need", NeedRequest, Need, _OFFICER)
RETURN_NEED = command("catalogue.return_need", EndNeedRequest, Need, _OFFICER)
OFFER_COURSE = command("catalogue.offer_course", OfferRequest, Need, {roles.PROVIDER})
WITHDRAW_OFFER = command("catalogue.withdraw_offer", NeedRequest, Need, {roles.PROVIDER})
ACCEPT_OFFER = command("catalogue.accept_offer", AcceptOfferRequest, Need, _FIRMS)
CONCLUDE_NEED = command("catalogue.conclude_need", ConcludeNeedRequest, Need, _OFFICER | _FIRMS)
WITHDRAW_NEED = command("catalogue.withdraw_need", EndNeedRequest, Need, _FIRMS)
GET_NEED = query("catalogue.get_need", NeedRequest, Need, set())
LIST_NEEDS = query("catalogue.list_needs", NeedsRequest, Needs, set())
MATCHING_BOARD = query("catalogue.matching_board", BoardRequest, Board, set())
