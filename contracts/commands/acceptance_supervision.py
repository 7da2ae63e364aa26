"""Supervision (过程监督): spot checks with roll and photos, feedback, what stands against a provider."""

from marshmallow import fields

from contracts.commands.acceptance_attendance import SessionRequest
from contracts.commands.settlement_files import Bytes
from contracts.fields import Contract, Count, LongText, Moment, Name, Ref, Sha256, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import roles
from contracts.vocabularies.attendance import ANOMALIES, MOST_PHOTOS, PHOTO_BYTES, PHOTO_TYPES
from contracts.vocabularies.classes import MOST_LEARNERS

_WATCHERS = {
    roles.PROVIDER,
    roles.ENTERPRISE,
    roles.SUPERVISOR,
    roles.CATALOGUE_OFFICER,
    roles.AUDITOR,
}


class RecordSpotCheckRequest(SessionRequest):
    """found: who was there, of the roster; counted: heads in the room."""

    found = listed(Ref(), high=MOST_LEARNERS, required=True)
    counted = Count(high=10_000, required=True)
    teacher_there = fields.Boolean(required=True)
    note = LongText(load_default=None, allow_none=True)


class Photo(Contract):
    """A photo of a spot check; sha256: of its content."""

    id = Ref(required=True)
    name = Name(required=True)
    content_type = one_of(PHOTO_TYPES, required=True)
    size = Count(high=PHOTO_BYTES, required=True)
    sha256 = Sha256(required=True)


class SpotCheck(Contract):
    """missing: signed in, and not found. by: account of the officer."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    class_id = Ref(required=True)
    session_id = Ref(required=True)
    by = Ref(required=True)
    at = Moment(required=True)
    counted = Count(required=True)
    found = listed(Ref(), high=MOST_LEARNERS, required=True)
    missing = listed(Ref(), high=MOST_LEARNERS, required=True)
    teacher_there = fields.Boolean(required=True)
    note = LongText(required=True, allow_none=True)
    photos = listed(fields.Nested(Photo), high=MOST_PHOTOS, required=True)


class ClassRequest(Contract):
    class_id = Ref(required=True)


class SpotChecks(Contract):
    class_id = Ref(required=True)
    items = listed(fields.Nested(SpotCheck), required=True)


class AddPhotoRequest(ClassRequest):
    """content: one part of a message (docs/decisions/0011)."""

    check_id = Ref(required=True)
    name = Name(required=True)
    content = Bytes(required=True)


class PhotoRequest(ClassRequest):
    check_id = Ref(required=True)
    photo_id = Ref(required=True)


class PhotoContent(Contract):
    name = Name(required=True)
    content_type = one_of(PHOTO_TYPES, required=True)
    content = Bytes(required=True)


class GiveFeedbackRequest(ClassRequest):
    """Marks from 1 (bad) to 5 (good)."""

    teaching = Count(low=1, high=5, required=True)
    content = Count(low=1, high=5, required=True)
    place = Count(low=1, high=5, required=True)
    words = LongText(load_default=None, allow_none=True)


class Feedback(Contract):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    class_id = Ref(required=True)
    teaching = Count(required=True)
    content = Count(required=True)
    place = Count(required=True)
    words = LongText(required=True, allow_none=True)


class FeedbackSummary(Contract):
    """Averages in hundredths of a mark, null while nobody said anything; words without who wrote them."""

    class_id = Ref(required=True)
    answers = Count(required=True)
    teaching = Count(required=True, allow_none=True)
    content = Count(required=True, allow_none=True)
    place = Count(required=True, allow_none=True)
    words = listed(LongText(), required=True)


class ProviderRequest(Contract):
    provider_ref = Ref(required=True)


class CountOfKind(Contract):
    kind = one_of(ANOMALIES, required=True)
    sessions = Count(required=True)


class ProviderRecord(Contract):
    """What supervision found of a provider's classes. Averages in hundredths of a mark."""

    provider_ref = Ref(required=True)
    anomalies = listed(fields.Nested(CountOfKind), required=True)
    spot_checks = Count(required=True)
    missing_at_checks = Count(required=True)
    answers = Count(required=True)
    teaching = Count(required=True, allow_none=True)
    content = Count(required=True, allow_none=True)
    place = Count(required=True, allow_none=True)


RECORD_SPOT_CHECK = command(
    "acceptance.record_spot_check", RecordSpotCheckRequest, SpotCheck, {roles.SUPERVISOR}
)
LIST_SPOT_CHECKS = query("acceptance.list_spot_checks", ClassRequest, SpotChecks, _WATCHERS)
ADD_PHOTO = command("acceptance.add_photo", AddPhotoRequest, SpotCheck, {roles.SUPERVISOR})
OPEN_PHOTO = query("acceptance.open_photo", PhotoRequest, PhotoContent, _WATCHERS)
GIVE_FEEDBACK = command("acceptance.give_feedback", GiveFeedbackRequest, Feedback, {roles.WORKER})
CLASS_FEEDBACK = query("acceptance.class_feedback", ClassRequest, FeedbackSummary, _WATCHERS)
PROVIDER_RECORD = query("acceptance.provider_record", ProviderRequest, ProviderRecord, _WATCHERS)
