"""Commands and queries of settlement (买单): support from the province (省级调剂、奖补). Amounts in fen.

One finance officer asks, another of the province decides.
"""

from marshmallow import fields

from contracts.commands.settlement_roles import BOOKS, FINANCE
from contracts.fields import Contract, Count, Fen, LongText, Moment, Name, Ref, RegionCode, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies.money import FUNDS
from contracts.vocabularies.statuses import SUPPORT, SUPPORT_DECISIONS


class AskSupportRequest(Contract):
    """from_account: the province's; same fund, this year. document: 文号. months_of_benefits: how many months
    of unemployment benefits the city's fund can still pay [AP], where that is the ground.
    """

    from_account = Ref(required=True)
    to_account = Ref(required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    months_of_benefits = Count(high=1200, load_default=None, allow_none=True)
    reason = LongText(required=True)


class Watched(Contract):
    """What a text says of it; it refuses nothing. fact: a stable code."""

    outcome = one_of(("yes", "no", "needs_proof"), required=True)
    fact = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Support(Contract):
    """watched: the text's word on the months given, null without any or where no text is about it.

    transfer_id: of the transfer that was made when it was granted.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(SUPPORT, required=True)
    fund = one_of(FUNDS.codes, required=True)
    year = Count(low=2000, high=2100, required=True)
    from_account = Ref(required=True)
    to_account = Ref(required=True)
    from_region = RegionCode(required=True)
    to_region = RegionCode(required=True)
    amount_fen = Fen(required=True)
    document = Name(required=True)
    months_of_benefits = Count(high=1200, required=True, allow_none=True)
    watched = fields.Nested(Watched, required=True, allow_none=True)
    reason = LongText(required=True)
    asked_by = Ref(required=True)
    asked_at = Moment(required=True)
    decided_by = Ref(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)
    decision_reason = LongText(required=True, allow_none=True)
    transfer_id = Ref(required=True, allow_none=True)


class DecideSupportRequest(Contract):
    """By another finance officer, of the province. Granted, the transfer is made."""

    support_id = Ref(required=True)
    outcome = one_of(SUPPORT_DECISIONS, required=True)
    reason = LongText(required=True)


class ListSupportsRequest(Page):
    """Those from or to an account of the officer's region, newest first."""

    status = one_of(SUPPORT, load_default=None, allow_none=True)


class SupportList(Contract):
    items = listed(fields.Nested(Support), high=100, required=True)
    next = Ref(required=True, allow_none=True)


ASK_SUPPORT = command("settlement.ask_support", AskSupportRequest, Support, FINANCE)
DECIDE_SUPPORT = command("settlement.decide_support", DecideSupportRequest, Support, FINANCE)
LIST_SUPPORTS = query("settlement.list_supports", ListSupportsRequest, SupportList, BOOKS)
