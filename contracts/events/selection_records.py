"""Facts of selection about records (电子档案): consents, readings, corrections, credentials, credits."""

from marshmallow import fields

from contracts.fields import Contract, Count, LongText, Moment, Ref, RegionCode, listed, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import CREDENTIAL_KINDS, PRACTICE_KINDS, RECORD_FIELDS


class _OfPerson(Contract):
    person_ref = Ref(required=True)


class ConsentGiven(_OfPerson):
    """To whoever acts for the body of this credit code."""

    reader_ref = Ref(required=True)
    scope = listed(one_of(RECORD_FIELDS), low=1, high=20, required=True)
    until = Moment(required=True)


class ConsentRevoked(_OfPerson):
    reader_ref = Ref(required=True)


class RecordRead(_OfPerson):
    """A body read what a consent opens. entries: how many."""

    consent_id = Ref(required=True)
    reader_ref = Ref(required=True)
    entries = Count(required=True)


class CorrectionAsked(_OfPerson):
    """What was asked in words is not told."""

    entry_id = Ref(required=True)
    region = RegionCode(required=True, allow_none=True)


class CorrectionAnswered(_OfPerson):
    entry_id = Ref(required=True)
    upheld = fields.Boolean(required=True)


class CredentialIssued(_OfPerson):
    kind = one_of(CREDENTIAL_KINDS, required=True)
    until = Moment(required=True)


class CredentialRevoked(_OfPerson):
    reason = LongText(required=True)


class PracticeReported(_OfPerson):
    kind = one_of(PRACTICE_KINDS, required=True)
    region = RegionCode(required=True)


class PracticeDecided(_OfPerson):
    kind = one_of(PRACTICE_KINDS, required=True)
    confirmed = fields.Boolean(required=True)


class CreditsRecognised(_OfPerson):
    """A body recognised credits of the person towards something of its own."""

    body_ref = Ref(required=True)
    credits = Count(low=1, required=True)


CONSENT_GIVEN = event("selection.consent.given", 1, ConsentGiven)
CONSENT_REVOKED = event("selection.consent.revoked", 1, ConsentRevoked)
RECORD_READ = event("selection.reading.recorded", 1, RecordRead)
CORRECTION_ASKED = event("selection.correction.asked", 1, CorrectionAsked)
CORRECTION_ANSWERED = event("selection.correction.answered", 1, CorrectionAnswered)
CREDENTIAL_ISSUED = event("selection.credential.issued", 1, CredentialIssued)
CREDENTIAL_REVOKED = event("selection.credential.revoked", 1, CredentialRevoked)
PRACTICE_REPORTED = event("selection.practice.reported", 1, PracticeReported)
PRACTICE_DECIDED = event("selection.practice.decided", 1, PracticeDecided)
CREDITS_RECOGNISED = event("selection.recognition.made", 1, CreditsRecognised)
