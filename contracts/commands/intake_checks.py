"""What settlement asks of intake: checks again, and who shares a phone or an account."""

from marshmallow import fields, validate

from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    LongText,
    Moment,
    OccupationCode,
    Ref,
    level,
    listed,
    one_of,
)
from contracts.registry import command, query
from contracts.vocabularies import roles

MOST_RECHECKED = 200
MOST_COMPARED = 2000
CONTACTS = ("phone", "bank_account")
_SETTLEMENT = {roles.service_role("settlement")}


class CertificateAsked(Contract):
    """A certificate as acceptance registered it: whose it should be, and of what."""

    number = Ref(required=True)
    person_ref = Ref(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)


class RecheckRequest(Contract):
    """Ask the registries again about what was last answered before not_before. The answers come as facts.

    purpose: kept with the question.
    """

    not_before = Moment(required=True)
    purpose = LongText(required=True)
    person_refs = listed(Ref(), high=MOST_RECHECKED, load_default=list)
    body_refs = listed(Ref(), high=MOST_RECHECKED, load_default=list)
    certificates = listed(fields.Nested(CertificateAsked), high=MOST_RECHECKED, load_default=list)


class RecheckTaken(Contract):
    """waiting: how many of the questions now wait for a registry."""

    waiting = Count(required=True)


class CompareWagesRequest(Contract):
    """Ask whether these people were insured by a firm in a month (YYYY-MM). The answers come as facts."""

    employer_code = CreditCode(required=True)
    month = fields.String(required=True, validate=validate.Regexp(r"^20\d\d-(0[1-9]|1[0-2])\Z"))
    purpose = LongText(required=True)
    person_refs = listed(Ref(), low=1, high=MOST_RECHECKED, required=True)


class SharedContactsRequest(Contract):
    """people: how many must share one to be told; purpose: kept with the question."""

    person_refs = listed(Ref(), low=1, high=MOST_COMPARED, required=True)
    people = Count(low=2, required=True)
    purpose = LongText(required=True)


class SharedContact(Contract):
    """One phone or account that several share. person_refs: those asked about; people: all who share it."""

    kind = one_of(CONTACTS, required=True)
    person_refs = listed(Ref(), low=1, high=MOST_COMPARED, required=True)
    people = Count(low=2, required=True)


class SharedContacts(Contract):
    """References only, never a number. unread: people asked about who cannot be compared yet."""

    clusters = listed(fields.Nested(SharedContact), high=2 * MOST_COMPARED, required=True)
    unread = Count(required=True)


RECHECK = command("intake.recheck", RecheckRequest, RecheckTaken, _SETTLEMENT)
COMPARE_WAGES = command("intake.compare_wages", CompareWagesRequest, RecheckTaken, _SETTLEMENT)
SHARED_CONTACTS = query("intake.shared_contacts", SharedContactsRequest, SharedContacts, _SETTLEMENT)
