"""Mandates (代办授权): recorded by who gives or who holds them, with a term, withdrawn, listed."""

from marshmallow import fields

from contracts.commands.intake import BodyDetails, PersonDetails
from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    Day,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_PARTIES = {roles.WORKER, roles.ENTERPRISE, roles.AGENCY}
_OFFICERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR}


class RecordMandateRequest(Contract):
    """A worker or a firm names the agency (agency_code) that may post for it; an agency names the person or
    the firm that it has a paper mandate of, and what paper that is (ground). Without an end it lasts as long
    as the rules of the day allow at least.
    """

    agency_code = CreditCode(load_default=None, allow_none=True)
    person = fields.Nested(PersonDetails, load_default=None, allow_none=True)
    enterprise = fields.Nested(BodyDetails, load_default=None, allow_none=True)
    ground = LongText(load_default=None, allow_none=True)
    valid_from = Day(load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True)


class Mandate(Contract):
    """given: by the principal's own account, or on paper; ended_by: which side withdrew it."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.MANDATE, required=True)
    principal_ref = Ref(required=True)
    agency_ref = Ref(required=True)
    agency_name = Name(required=True)
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    region = RegionCode(required=True)
    given = one_of(statuses.MANDATE_GIVEN, required=True)
    ground = LongText(required=True, allow_none=True)
    valid_from = Day(required=True)
    valid_until = Day(required=True)
    recorded_at = Moment(required=True)
    ended_by = fields.String(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)


class WithdrawMandateRequest(Contract):
    mandate_id = Ref(required=True)
    reason = LongText(load_default="撤销授权 / the mandate is withdrawn")


class ListMandatesRequest(Page):
    """Parties see those that they gave or hold; officers those of their region."""

    status = one_of(statuses.MANDATE, load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)


class Mandates(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Mandate), high=100, required=True)
    next = Ref(required=True, allow_none=True)


RECORD_MANDATE = command("intake.record_mandate", RecordMandateRequest, Mandate, _PARTIES)
WITHDRAW_MANDATE = command(
    "intake.withdraw_mandate", WithdrawMandateRequest, Mandate, {*_PARTIES, *_OFFICERS}
)
LIST_MANDATES = query(
    "intake.list_mandates", ListMandatesRequest, Mandates, {*_PARTIES, *_OFFICERS, roles.AUDITOR}
)
