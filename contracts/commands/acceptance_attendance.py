"""Sign-in by voucher (签到): the session's code on the provider's screen, the learner's answer, card, roll.

Sign-ins by phone reach the service many at a time: the gateway gathers what comes within some milliseconds
(gateway/gatherer.py), and every phone gets the answer to its own.
"""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.devices import DeviceSignature
from contracts.fields import Contract, Count, LongText, Moment, Name, Ref, RegionCode, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.attendance import (
    ANOMALIES,
    MOST_AT_ONCE,
    MOST_COUNTED,
    SIGN_IN_RISKS,
    SIGN_IN_WAYS,
)
from contracts.vocabularies.classes import MOST_LEARNERS

_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_SUPERVISOR = {roles.SUPERVISOR}
_WATCHERS = _PROVIDER | {roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class SessionRequest(Contract):
    class_id = Ref(required=True)
    session_id = Ref(required=True)


class _Position(Contract):
    """longitude, latitude: where the device is (WGS 84), both or neither."""

    longitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180))
    latitude = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90))

    @validates_schema
    def both_or_neither(self, data: dict[str, object], **_: object) -> None:
        """Refuse half a position."""
        if (data.get("longitude") is None) != (data.get("latitude") is None):
            raise ValidationError("经度和纬度须同时提供 / give both longitude and latitude", "longitude")


class OpenSessionRequest(SessionRequest, _Position):
    """longitude, latitude: of the screen; the distance from the place is kept, the position is not."""


class SessionScreen(Contract):
    """The screen of a session. metres: how far from the place it was opened, null when it did not tell."""

    class_id = Ref(required=True)
    session_id = Ref(required=True)
    opened_at = Moment(required=True)
    metres = Count(high=MOST_COUNTED, required=True, allow_none=True)
    period_seconds = Count(low=1, required=True)


class SessionCode(Contract):
    """What the screen shows now, as text of a QR code. at: business time; until: when it changes."""

    class_id = Ref(required=True)
    session_id = Ref(required=True)
    code = fields.String(required=True)
    qr = fields.String(required=True)
    at = Moment(required=True)
    until = Moment(required=True)


class SignInRequest(SessionRequest, _Position):
    """A learner's answer to the code: contracts/devices.py says what the device signs.

    nonce: chosen anew for each answer; signed_at: by the device's clock. An answer that could not be sent at
    once may be sent up to 24 hours later as it is, and again as often as needed.
    """

    voucher_id = Ref(required=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{8}\Z"))
    nonce = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{16,64}\Z"))
    signed_at = Moment(required=True)
    signature = DeviceSignature(required=True)


class SignIn(Contract):
    """An attendance (考勤). way: how it was taken; reason: of who decided it last."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.ATTENDANCE, required=True)
    class_id = Ref(required=True)
    session_id = Ref(required=True)
    person_ref = Ref(required=True)
    at = Moment(required=True)
    way = one_of(SIGN_IN_WAYS, required=True)
    reason = LongText(required=True, allow_none=True)


class GatheredSignIn(SignInRequest):
    """actor: the learner's own, signed by the gateway."""

    actor = fields.String(required=True, validate=validate.Length(1, 4096))


class SignInsRequest(Contract):
    items = listed(fields.Nested(GatheredSignIn), low=1, high=MOST_AT_ONCE, required=True)


class Refused(Contract):
    code = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    facts = fields.Dict(required=True)


class SignInOutcome(Contract):
    """One of the two."""

    taken = fields.Nested(SignIn, required=True, allow_none=True)
    refused = fields.Nested(Refused, required=True, allow_none=True)


class SignIns(Contract):
    """Outcomes in the order of the request."""

    items = listed(fields.Nested(SignInOutcome), high=MOST_AT_ONCE, required=True)


class IssueCardsRequest(Contract):
    class_id = Ref(required=True)
    person_refs = listed(Ref(), low=1, high=100, required=True)


class Card(Contract):
    """code: to be printed on the card, shown this once."""

    person_ref = Ref(required=True)
    code = fields.String(required=True)


class Cards(Contract):
    class_id = Ref(required=True)
    items = listed(fields.Nested(Card), high=100, required=True)


class CardSignInRequest(SessionRequest):
    """code: as the teacher reads it from the learner's card."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Z2-7]{16}\Z"))


class RecordRollRequest(SessionRequest):
    """present: who the teacher saw, of those on the roster; note: needed when a roll is changed."""

    present = listed(Ref(), high=MOST_LEARNERS, required=True)
    note = LongText(load_default=None, allow_none=True)

    @validates_schema
    def once(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a person named twice."""
        if len(set(data["present"])) < len(data["present"]):
            raise ValidationError("名单中有重复 / a person is named twice", "present")


class Roll(Contract):
    """What a roll decided. second_hand: read from a card by the same hand, so another one has to confirm;
    without_sign_in: on the roll, and not signed in; not_seen: signed in, and not on the roll.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    class_id = Ref(required=True)
    at = Moment(required=True)
    present = Count(required=True)
    confirmed = Count(required=True)
    rejected = Count(required=True)
    second_hand = listed(Ref(), high=MOST_LEARNERS, required=True)
    without_sign_in = listed(Ref(), high=MOST_LEARNERS, required=True)
    not_seen = listed(Ref(), high=MOST_LEARNERS, required=True)


class DecideSignInRequest(Contract):
    sign_in_id = Ref(required=True)
    status = one_of({"confirmed", "rejected", "voided"}, required=True)
    reason = LongText(required=True)


class Marked(Contract):
    kind = one_of(SIGN_IN_RISKS, required=True)
    count = Count(high=MOST_COUNTED, required=True)


class Anomaly(Contract):
    """count: how many, how much, or 1."""

    session_id = Ref(required=True)
    kind = one_of(ANOMALIES, required=True)
    count = Count(high=MOST_COUNTED, required=True)


class SessionAttendance(Contract):
    """One session against the timetable. absent: of the roster, nobody's sign-in stands."""

    session_id = Ref(required=True)
    starts = Moment(required=True)
    ends = Moment(required=True)
    topic = Name(required=True)
    teacher = Name(required=True)
    opened_at = Moment(required=True, allow_none=True)
    on_roster = Count(required=True)
    confirmed = Count(required=True)
    unconfirmed = Count(required=True)
    rejected = Count(required=True)
    voided = Count(required=True)
    absent = Count(required=True)
    roll_at = Moment(required=True, allow_none=True)
    refused = listed(fields.Nested(Marked), required=True)
    anomalies = listed(fields.Nested(Anomaly), required=True)


class ClassAttendanceRequest(Contract):
    class_id = Ref(required=True)


class ClassAttendance(Contract):
    """Attendance of a class as it now stands."""

    class_id = Ref(required=True)
    status = one_of(statuses.CLASS, required=True)
    sessions = listed(fields.Nested(SessionAttendance), required=True)


class SessionSignIns(Contract):
    """The attendances of one session."""

    class_id = Ref(required=True)
    session_id = Ref(required=True)
    items = listed(fields.Nested(SignIn), high=MOST_LEARNERS, required=True)


class RunningSessionsRequest(Page):
    region = RegionCode(required=True)


class RunningSession(SessionAttendance):
    class_id = Ref(required=True)
    class_name = Name(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)


class RunningSessions(Contract):
    """Sessions that are being held now, class by class. next: the cursor of the next page."""

    items = listed(fields.Nested(RunningSession), high=200, required=True)
    next = Ref(required=True, allow_none=True)


OPEN_SESSION = command("acceptance.open_session", OpenSessionRequest, SessionScreen, _PROVIDER)
SESSION_CODE = query("acceptance.session_code", SessionRequest, SessionCode, _PROVIDER)
SIGN_IN = command("acceptance.sign_in", SignInsRequest, SignIns, {roles.WORKER})
ISSUE_CARDS = command("acceptance.issue_cards", IssueCardsRequest, Cards, _PROVIDER)
CARD_SIGN_IN = command("acceptance.card_sign_in", CardSignInRequest, SignIn, _PROVIDER)
RECORD_ROLL = command("acceptance.record_roll", RecordRollRequest, Roll, _PROVIDER)
DECIDE_SIGN_IN = command("acceptance.decide_sign_in", DecideSignInRequest, SignIn, _PROVIDER | _SUPERVISOR)
CLASS_ATTENDANCE = query("acceptance.class_attendance", ClassAttendanceRequest, ClassAttendance, _WATCHERS)
SESSION_SIGN_INS = query("acceptance.session_sign_ins", SessionRequest, SessionSignIns, _WATCHERS)
RUNNING_SESSIONS = query(
    "acceptance.running_sessions",
    RunningSessionsRequest,
    RunningSessions,
    {roles.SUPERVISOR, roles.AUDITOR},
)
