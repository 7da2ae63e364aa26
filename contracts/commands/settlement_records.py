"""Queries of settlement (买单): what real-name records lack (实名制, S20). Opaque ids only."""

from marshmallow import fields

from contracts.commands.settlement_roles import REVIEWERS
from contracts.fields import Contract, Count, LongText, Ref, listed, one_of
from contracts.paging import Page
from contracts.registry import query
from contracts.vocabularies import roles
from contracts.vocabularies.statuses import REAL_NAME_GAPS

OFFICERS = REVIEWERS | {roles.AUDITOR}


class ClaimRecordsRequest(Page):
    claim_id = Ref(required=True)


class PersonRecordRequest(Contract):
    person_ref = Ref(required=True)


class Gap(Contract):
    code = one_of(REAL_NAME_GAPS, required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class PersonRecord(Contract):
    person_ref = Ref(required=True)
    complete = fields.Boolean(required=True)
    gaps = listed(fields.Nested(Gap), high=20, required=True)


class ClaimRecords(Contract):
    """people: all of the claim; complete: how many lack nothing; items: those who lack something."""

    people = Count(high=100_000, required=True)
    complete = Count(high=100_000, required=True)
    items = listed(fields.Nested(PersonRecord), high=100, required=True)
    next = Ref(required=True, allow_none=True)


CLAIM_RECORDS = query("settlement.claim_records", ClaimRecordsRequest, ClaimRecords, OFFICERS)
PERSON_RECORD = query("settlement.person_record", PersonRecordRequest, PersonRecord, OFFICERS)
