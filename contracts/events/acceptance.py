"""Facts of acceptance (接单): sourcing, classes, sign-ins, certificates, employment."""

from marshmallow import fields, validate

from contracts.fields import (
    Contract,
    Count,
    CreditCode,
    Day,
    Fen,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    Sha256,
    level,
    listed,
    mode,
    one_of,
)
from contracts.registry import event
from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.statuses import (
    ATTENDANCE,
    CERTIFICATE_KINDS,
    EMPLOYMENT_BASES,
    FAILURE_GROUNDS,
    SESSION_KINDS,
    SOURCING_WAYS,
)
from contracts.vocabularies.units import CODES as UNIT_CODES


class NoticePublished(Contract):
    project_id = Ref(required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    goal = LongText(required=True)
    seats = Count(low=1, required=True)
    hours = Count(low=1, required=True)
    ceiling_fen = Fen(required=True)
    bids_until = Moment(required=True)
    way = one_of(SOURCING_WAYS, load_default="open_challenge")


class BidReceived(Contract):
    """How many bids lie sealed; who bid and what is not told before the opening.

    receipt_hash: SHA-256 of the receipt (its hex digits), so that each receipt published at the opening can
    be found among those that were given before the deadline; replaces: the same of the bid in whose place it
    stands.
    """

    sealed_bids = Count(required=True)
    receipt_hash = Sha256(load_default=None, allow_none=True)
    replaces = Sha256(load_default=None, allow_none=True)


class Receipt(Contract):
    bid_id = Ref(required=True)
    provider_ref = Ref(required=True)
    receipt = Sha256(required=True)
    attachments = listed(Sha256(), load_default=None, allow_none=True)


class BidsOpened(Contract):
    bids = listed(fields.Nested(Receipt), required=True)


class Ranked(Contract):
    bid_id = Ref(required=True)
    provider_ref = Ref(required=True)
    points = Count(required=True)


class BidsScored(Contract):
    """points: hundredths of a point, 0 to 10,000."""

    ranking = listed(fields.Nested(Ranked), required=True)


class ObjectionRaised(Contract):
    objection_id = Ref(required=True)
    provider_ref = Ref(required=True)
    reason = LongText(required=True)


class ObjectionAnswered(Contract):
    """upheld: the candidate is struck."""

    objection_id = Ref(required=True)
    upheld = fields.Boolean(required=True)
    answer = LongText(required=True)


class CandidateNamed(Contract):
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    notice_until = Moment(required=True)


class SourcingAwarded(Contract):
    """price_fen: for one person."""

    project_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    price_fen = Fen(required=True)


class SourcingEnded(Contract):
    project_id = Ref(required=True)
    reason = LongText(required=True)


class SourcingFailed(SourcingEnded):
    """ground: what the records show, null where it was not told yet."""

    ground = one_of(FAILURE_GROUNDS, load_default=None, allow_none=True)


class Place(Contract):
    """A training place; coordinates in degrees (WGS 84)."""

    name = Name(required=True)
    address = Name(required=True)
    longitude = fields.Float(required=True, validate=validate.Range(73, 136))
    latitude = fields.Float(required=True, validate=validate.Range(3, 54))


class Material(Contract):
    """A book or other material of a class."""

    title = Name(required=True)
    publisher = Name(load_default=None, allow_none=True)


class Session(Contract):
    """One session of a class; hours: class hours (学时).

    place: where it is held when not at the class's place; platform: the admitted online platform of an online
    session, which has no place; units: the compulsory units that it teaches.
    """

    session_id = Ref(required=True)
    starts = Moment(required=True)
    ends = Moment(required=True)
    kind = one_of(SESSION_KINDS, required=True)
    hours = Count(low=1, high=12, required=True)
    topic = Name(required=True)
    teacher = Name(required=True)
    place = fields.Nested(Place, load_default=None, allow_none=True)
    platform = Ref(load_default=None, allow_none=True)
    units = listed(one_of(UNIT_CODES), high=12, load_default=None, allow_none=True)


class ClassFiled(Contract):
    project_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    name = Name(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    mode = mode(required=True)
    region = RegionCode(required=True)
    place = fields.Nested(Place, required=True)
    capacity = Count(low=1, high=MOST_LEARNERS, required=True)
    enrol_until = Moment(required=True)
    sessions = listed(fields.Nested(Session), low=1, high=200, required=True)
    materials = listed(fields.Nested(Material), high=50, load_default=None, allow_none=True)


class ClassConfirmed(ClassFiled):
    """The whole class as it stands, so that a follower needs no other fact."""


class ClassReturned(Contract):
    reason = LongText(required=True)


class RosterFiled(Contract):
    project_id = Ref(required=True)
    person_refs = listed(Ref(), low=1, high=MOST_LEARNERS, required=True)


class Attended(Contract):
    """days: calendar days (Asia/Shanghai) with a confirmed sign-in; hours: class hours confirmed.

    sessions: those with a confirmed sign-in, null where it was not told yet.
    """

    person_ref = Ref(required=True)
    days = listed(Day(), high=400, required=True)
    hours = Count(required=True)
    sessions = listed(Ref(), high=400, load_default=None, allow_none=True)


class SignInDensity(Contract):
    """How the sign-ins of one session came. busiest_minute: the most within any sixty seconds."""

    session_id = Ref(required=True)
    people = Count(required=True)
    busiest_minute = Count(required=True)


class ClassCarriedOut(Contract):
    """The last session has been held. reason: of the supervisor who closed it over what was undecided."""

    project_id = Ref(required=True)
    last_session_ended = Moment(required=True)
    attendance = listed(fields.Nested(Attended), high=MOST_LEARNERS, required=True)
    sign_ins = listed(fields.Nested(SignInDensity), load_default=None, allow_none=True)
    reason = LongText(load_default=None, allow_none=True)


class Result(Contract):
    person_ref = Ref(required=True)
    passed = fields.Boolean(required=True)


class ClassAssessed(Contract):
    project_id = Ref(required=True)
    assessor_ref = Ref(required=True)
    results = listed(fields.Nested(Result), high=MOST_LEARNERS, required=True)


class ClassCompleted(Contract):
    """completed: who attended and passed; failed: the others on the roster."""

    project_id = Ref(required=True)
    completed = listed(Ref(), high=MOST_LEARNERS, required=True)
    failed = listed(Ref(), high=MOST_LEARNERS, required=True)


class SignInRecorded(Contract):
    class_id = Ref(required=True)
    session_id = Ref(required=True)
    person_ref = Ref(required=True)
    state = one_of(ATTENDANCE, required=True)
    at = Moment(required=True)


class CertificateRegistered(Contract):
    """The aggregate's id is the certificate number. kind: an operation certificate has no skill level of its
    own, level is that of the class. ability: of a specialised ability certificate.
    """

    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    assessor_ref = Ref(required=True)
    occupation = OccupationCode(required=True)
    level = level(required=True)
    issued_on = Day(required=True)
    kind = one_of(CERTIFICATE_KINDS, load_default="ordinary")
    ability = Name(load_default=None, allow_none=True)


class EmploymentReported(Contract):
    """employer_code: the registry is asked whether the person was insured by that very firm."""

    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    since = Day(required=True)
    proof = Sha256(required=True)
    employer_code = CreditCode(load_default=None, allow_none=True)
    basis = one_of(EMPLOYMENT_BASES, load_default="insurance")


class EmploymentDecided(Contract):
    """A registry confirmed the report, or did not; basis: on what it was confirmed, an officer's check of a
    contract or of the person's own report included.
    """

    basis = one_of(EMPLOYMENT_BASES, load_default="insurance")
    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)
    since = Day(required=True)
    checked_at = Moment(required=True)


class BidsReinvited(Contract):
    """An opening key was lost: sealed bids are set aside, and new ones are taken until bids_until."""

    project_id = Ref(required=True)
    reason = LongText(required=True)
    bids_until = Moment(required=True)
    set_aside = Count(required=True)


class OpeningKeyConfirmed(Contract):
    """An opening officer's key (开标密钥) can seal bids from now on. public_key: base64 X25519."""

    officer_account = Ref(required=True)
    region = RegionCode(required=True)
    public_key = fields.String(required=True, validate=validate.Length(max=60))


class OpeningKeyRetired(Contract):
    """The key seals no further bids: lost, known to others, or its officer has left."""

    officer_account = Ref(required=True)
    reason = LongText(required=True)


NOTICE_PUBLISHED = event("acceptance.sourcing.notice_published", 1, NoticePublished)
BID_RECEIVED = event("acceptance.sourcing.bid_received", 1, BidReceived)
BID_WITHDRAWN = event("acceptance.sourcing.bid_withdrawn", 1, BidReceived)
BIDS_OPENED = event("acceptance.sourcing.opened", 1, BidsOpened)
BIDS_SCORED = event("acceptance.sourcing.scored", 1, BidsScored)
CANDIDATE_NAMED = event("acceptance.sourcing.candidate_named", 1, CandidateNamed)
OBJECTION_RAISED = event("acceptance.sourcing.objection_raised", 1, ObjectionRaised)
OBJECTION_ANSWERED = event("acceptance.sourcing.objection_answered", 1, ObjectionAnswered)
SOURCING_AWARDED = event("acceptance.sourcing.awarded", 1, SourcingAwarded)
SOURCING_FAILED = event("acceptance.sourcing.failed", 1, SourcingFailed)
CLASS_FILED = event("acceptance.class.filed", 1, ClassFiled)
CLASS_CONFIRMED = event("acceptance.class.confirmed", 1, ClassConfirmed)
CLASS_RETURNED = event("acceptance.class.returned", 1, ClassReturned)
ROSTER_FILED = event("acceptance.class.roster_filed", 1, RosterFiled)
CLASS_CARRIED_OUT = event("acceptance.class.carried_out", 1, ClassCarriedOut)
CLASS_ASSESSED = event("acceptance.class.assessed", 1, ClassAssessed)
CLASS_COMPLETED = event("acceptance.class.completed", 1, ClassCompleted)
CLASS_STOPPED = event("acceptance.class.stopped", 1, SourcingEnded)
SIGN_IN_RECORDED = event("acceptance.sign_in.recorded", 1, SignInRecorded)
CERTIFICATE_REGISTERED = event("acceptance.certificate.registered", 1, CertificateRegistered)
EMPLOYMENT_REPORTED = event("acceptance.employment.reported", 1, EmploymentReported)
EMPLOYMENT_PROVEN = event("acceptance.employment.proven", 1, EmploymentDecided)
EMPLOYMENT_REFUTED = event("acceptance.employment.refuted", 1, EmploymentDecided)
OPENING_KEY_CONFIRMED = event("acceptance.opening_key.confirmed", 1, OpeningKeyConfirmed)
OPENING_KEY_RETIRED = event("acceptance.opening_key.retired", 1, OpeningKeyRetired)
BIDS_REINVITED = event("acceptance.sourcing.reinvited", 1, BidsReinvited)
