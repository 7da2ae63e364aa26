"""Commands and queries of selection (选单): eligibility, seats in classes, the line for them."""

from marshmallow import fields, validate

from contracts.fields import Contract, Count, Day, Fen, LongText, Moment, Name, Ref, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.attendance import MOST_AT_ONCE

ELIGIBILITY = ("yes", "no", "needs_proof")
BEARERS = ("government_share", "firm_share", "person_share")
NO_COST = ("shared", "project_unknown", "not_shared")
_WORKER = {roles.WORKER}
_READERS = {roles.WORKER, roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class _ClassRequest(Contract):
    class_id = Ref(required=True)


class _EnrolmentRequest(Contract):
    enrolment_id = Ref(required=True)


class EligibilityLine(Contract):
    """One ground: the rule with its document and clause, and what it means for this person."""

    rule = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    outcome = one_of(ELIGIBILITY, required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class CostLine(Contract):
    """One part of the cost of a place, with the rule behind it. status: of that rule (illustrative: no
    document's).
    """

    what = one_of(BEARERS, required=True)
    amount_fen = Fen(required=True)
    rule = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class CostForMe(Contract):
    """What a place costs the person after shares [37 §18] (S22).

    known: shared, or why there is no figure (the class's project has not been heard of, or no rule of the
    region shares its costs); cost_fen: of one place, at the awarded price or else the standard; person_fen:
    the person's share where the training is subsidised; unsubsidised_fen: what is left to the person where it
    is not; expected_fen: the one of the two that follows from `outcome`, null while a proof is asked for.
    """

    known = one_of(NO_COST, required=True)
    with_firm = fields.Boolean(required=True, allow_none=True)
    cost_fen = Fen(required=True, allow_none=True)
    person_fen = Fen(required=True, allow_none=True)
    unsubsidised_fen = Fen(required=True, allow_none=True)
    expected_fen = Fen(required=True, allow_none=True)
    illustrative = fields.Boolean(required=True)
    lines = listed(fields.Nested(CostLine), high=3, required=True)


class Eligibility(Contract):
    """Whether training in this class would be subsidised for the person, reckoned on `day`, every ground, and
    what the place would cost the person.

    rules_edition: the rules that it was reckoned with. Residence is never asked.
    """

    class_id = Ref(required=True)
    day = Day(required=True)
    outcome = one_of(ELIGIBILITY, required=True)
    rules_edition = fields.String(required=True)
    lines = listed(fields.Nested(EligibilityLine), high=50, required=True)
    cost = fields.Nested(CostForMe, required=True)


class Enrolment(Contract):
    """A choice of a class (选单).

    arrival: the person's place among all who ever chose the class; place: in the waiting line (候补), both
    from 1 and never reused; ahead: how many waited before them when this was answered; hold_until: confirm
    before it; eligible: what eligibility said when they chose (told, never a reason to refuse the seat).
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.ENROLMENT, required=True)
    class_id = Ref(required=True)
    class_name = Name(required=True)
    person_ref = Ref(required=True)
    arrival = Count(low=1, required=True)
    place = Count(low=1, required=True, allow_none=True)
    ahead = Count(required=True, allow_none=True)
    seat = Count(low=1, required=True, allow_none=True)
    hold_until = Moment(required=True, allow_none=True)
    voucher_id = Ref(required=True, allow_none=True)
    chosen_at = Moment(required=True)
    eligible = one_of(ELIGIBILITY, required=True)
    reason = LongText(required=True, allow_none=True)


class CancelSeatRequest(_EnrolmentRequest):
    reason = LongText(load_default=None, allow_none=True)


class ChooseRequest(_ClassRequest):
    """The same Idempotency-Key again gets the same answer."""


class GatheredChoice(ChooseRequest):
    """actor: the person's own, signed by the gateway; key: the Idempotency-Key of the one request."""

    actor = fields.String(required=True, validate=validate.Length(1, 4096))
    key = fields.String(required=True, validate=validate.Length(1, 200))


class ChoicesRequest(Contract):
    """Choices that came together, in their order of arrival."""

    items = listed(fields.Nested(GatheredChoice), low=1, high=MOST_AT_ONCE, required=True)


class RefusedChoice(Contract):
    code = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    facts = fields.Dict(required=True)


class ChoiceOutcome(Contract):
    """One of the two."""

    taken = fields.Nested(Enrolment, required=True, allow_none=True)
    refused = fields.Nested(RefusedChoice, required=True, allow_none=True)


class Choices(Contract):
    """Outcomes in the order of the request."""

    items = listed(fields.Nested(ChoiceOutcome), high=MOST_AT_ONCE, required=True)


class DropSeatRequest(_EnrolmentRequest):
    """A learner drops out after the roster was filed; said by the learner or by the class's provider."""

    reason = LongText(required=True)


class EnrolmentList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Enrolment), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ClassEnrolmentsRequest(Page):
    class_id = Ref(required=True)
    status = one_of(statuses.ENROLMENT, load_default=None, allow_none=True)


class Seating(Contract):
    """Seats of one class as they stand; public, no persons."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.SEATING, required=True)
    capacity = Count(required=True)
    taken = Count(required=True)
    waiting = Count(required=True)
    enrol_until = Moment(required=True)


CHOOSE_SEATS = command("selection.choose_seats", ChoicesRequest, Choices, _WORKER)
CONFIRM_SEAT = command("selection.confirm_seat", _EnrolmentRequest, Enrolment, _WORKER)
CANCEL_SEAT = command("selection.cancel_seat", CancelSeatRequest, Enrolment, _WORKER)
DROP_SEAT = command("selection.drop_seat", DropSeatRequest, Enrolment, {roles.WORKER, roles.PROVIDER})
GET_ENROLMENT = query("selection.get_enrolment", _EnrolmentRequest, Enrolment, _READERS)
LIST_ENROLMENTS = query("selection.list_enrolments", Page, EnrolmentList, _WORKER)
LIST_CLASS_ENROLMENTS = query(
    "selection.list_class_enrolments",
    ClassEnrolmentsRequest,
    EnrolmentList,
    {roles.PROVIDER, roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR},
)
GET_SEATING = query("selection.get_seating", _ClassRequest, Seating, set())
ELIGIBILITY_OF = query("selection.eligibility", _ClassRequest, Eligibility, _WORKER)
