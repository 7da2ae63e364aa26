"""Facts of attendance and supervision (签到与过程监督): sign-ins taken together, marks, checks, feedback."""

from marshmallow import fields

from contracts.events.acceptance import SignInRecorded
from contracts.fields import Contract, Count, Moment, Ref, listed, one_of
from contracts.registry import event
from contracts.vocabularies.attendance import ANOMALIES, MOST_AT_ONCE, MOST_COUNTED, SIGN_IN_RISKS


class SignInTaken(SignInRecorded):
    """One sign-in by phone. id: of the attendance."""

    id = Ref(required=True)


class SignInsTaken(Contract):
    """Sign-ins by phone that came together; one fact of them, as eighty thousand come in half an hour."""

    items = listed(fields.Nested(SignInTaken), low=1, high=MOST_AT_ONCE, required=True)


class _OfSession(Contract):
    class_id = Ref(required=True)
    session_id = Ref(required=True)
    provider_ref = Ref(required=True)


class RiskMarked(_OfSession):
    """A refused answer that looks like an attempt at fraud; told once for person, session and kind."""

    person_ref = Ref(required=True)
    kind = one_of(SIGN_IN_RISKS, required=True)
    at = Moment(required=True)


class SpotChecked(_OfSession):
    """counted: heads in the room; found: of the roster; missing: signed in, and not found."""

    counted = Count(required=True)
    found = Count(required=True)
    missing = Count(required=True)
    teacher_there = fields.Boolean(required=True)
    at = Moment(required=True)


class AnomalyFound(_OfSession):
    """What looked unusual of a session when its class was carried out. count: how many or how much."""

    kind = one_of(ANOMALIES, required=True)
    count = Count(high=MOST_COUNTED, required=True)


class FeedbackGiven(Contract):
    """A learner's marks from 1 to 5; who gave them and what was written is not told."""

    class_id = Ref(required=True)
    project_id = Ref(required=True)
    provider_ref = Ref(required=True)
    teaching = Count(low=1, high=5, required=True)
    content = Count(low=1, high=5, required=True)
    place = Count(low=1, high=5, required=True)


SIGN_INS_TAKEN = event("acceptance.sign_in_batch.taken", 1, SignInsTaken)
RISK_MARKED = event("acceptance.sign_in_risk.marked", 1, RiskMarked)
SPOT_CHECKED = event("acceptance.spot_check.recorded", 1, SpotChecked)
ANOMALY_FOUND = event("acceptance.anomaly.found", 1, AnomalyFound)
FEEDBACK_GIVEN = event("acceptance.feedback.given", 1, FeedbackGiven)
