"""Queries of a person's rights in their data (个人信息保护法): copies, deletion, what is kept [S08]."""

from marshmallow import fields

from contracts.fields import Contract, LongText, Moment, Name, Ref, listed, one_of
from contracts.personal import Nothing, PersonalData
from contracts.registry import query
from contracts.vocabularies import roles

IDENTITY = ("name", "id_number")


class SubjectRequest(Contract):
    """purpose: written into the record of disclosures, which the person sees."""

    person_ref = Ref(required=True)
    fields_wanted = listed(one_of(IDENTITY), low=1, high=2, required=True)
    purpose = LongText(required=True)


class Subject(Contract):
    """Null where it was not asked for."""

    name = Name(required=True, allow_none=True)
    id_number = fields.String(required=True, allow_none=True)


class Deleted(Contract):
    what = Name(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Kept(Deleted):
    """why: the ground; until: when it goes, null for what names nobody."""

    why_zh = LongText(required=True)
    why_en = LongText(required=True)
    until = Moment(required=True, allow_none=True)


class Hindrance(Contract):
    """What has to end before: the refusal's code and the demand."""

    code = fields.String(required=True)
    demand_id = Ref(required=True)


class Deletion(Contract):
    """What a deletion does, before it (done_at null) and after it."""

    asked_at = Moment(required=True, allow_none=True)
    done_at = Moment(required=True, allow_none=True)
    reason = LongText(required=True, allow_none=True)
    deleted = listed(fields.Nested(Deleted), required=True)
    kept = listed(fields.Nested(Kept), required=True)
    hindrances = listed(fields.Nested(Hindrance), high=500, required=True)


class KeptIdentityRequest(Contract):
    """purpose: recorded with who asked."""

    person_ref = Ref(required=True)
    purpose = LongText(required=True)


class KeptIdentity(Contract):
    """A name and number that were kept apart for audit when their person was deleted."""

    person_ref = Ref(required=True)
    name = Name(required=True)
    id_number = fields.String(required=True)
    why = LongText(required=True)
    until = Moment(required=True)


CREDENTIAL_SUBJECT = query(
    "intake.credential_subject", SubjectRequest, Subject, {roles.service_role("selection")}
)
EXPORT_PERSON = query("intake.export_person", Nothing, PersonalData, {roles.WORKER})
DELETION = query("intake.deletion", Nothing, Deletion, {roles.WORKER})
KEPT_IDENTITY = query("intake.kept_identity", KeptIdentityRequest, KeptIdentity, {roles.AUDITOR})
