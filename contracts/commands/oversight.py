"""Queries of oversight: the log of facts, the chain of one thing through all five orders, alarms."""

from marshmallow import fields, validate

from contracts.fields import Contract, Count, Moment, Ref, listed, one_of
from contracts.paging import Page
from contracts.registry import SERVICES, query
from contracts.vocabularies import roles

ALARM_KINDS = ("gap",)
ALARM_STATUSES = ("open", "cleared")
_READERS = {roles.AUDITOR, roles.SUPERVISOR}


class Fact(Contract):
    """A fact as oversight keeps it: the event's envelope and data, stored once."""

    id = Ref(required=True)
    type = fields.String(required=True)
    aggregate_id = Ref(required=True)
    sequence = Count(low=1, required=True)
    time = Moment(required=True)
    actor = Ref(required=True)
    correlation = Ref(required=True)
    data = fields.Dict(required=True)


class FactsRequest(Page):
    """type: one event type; aggregate_id: of one thing; mentions: any fact that names this id."""

    type = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^[a-z]+\.[a-z_]+\.[a-z_]+\Z")
    )
    aggregate_id = Ref(load_default=None, allow_none=True)
    mentions = Ref(load_default=None, allow_none=True)


class Facts(Contract):
    """Newest first. next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Fact), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class TrailRequest(Contract):
    thing_id = Ref(required=True)


class TrailFact(Contract):
    id = Ref(required=True)
    type = fields.String(required=True)
    sequence = Count(low=1, required=True)
    time = Moment(required=True)
    actor = Ref(required=True)


class TrailThing(Contract):
    """One thing on the way.

    state: the verb of its latest fact; gaps: sequence numbers that have not arrived.
    """

    aggregate = fields.String(required=True)
    id = Ref(required=True)
    state = fields.String(required=True)
    facts = listed(fields.Nested(TrailFact), high=5000, required=True)
    gaps = listed(Count(low=1), high=5000, required=True)


class TrailStage(Contract):
    """One of the five orders."""

    stage = one_of(SERVICES, required=True)
    zh = fields.String(required=True)
    things = listed(fields.Nested(TrailThing), high=5000, required=True)


class Trail(Contract):
    """The chain of one thing.

    person_ref: set when the thing is one person's, and the chain then leaves out others;
    complete: each of the five orders has a fact and no number is missing; truncated: there is more than is
    shown.
    """

    thing_id = Ref(required=True)
    aggregate = fields.String(required=True, allow_none=True)
    person_ref = Ref(required=True, allow_none=True)
    stages = listed(fields.Nested(TrailStage), high=5, required=True)
    complete = fields.Boolean(required=True)
    truncated = fields.Boolean(required=True)


class AlarmsRequest(Page):
    status = one_of(ALARM_STATUSES, load_default=None, allow_none=True)


class Alarm(Contract):
    """missing: the sequence numbers of the aggregate that have not arrived though a later one has; `since`
    is real time.
    """

    id = Ref(required=True)
    kind = one_of(ALARM_KINDS, required=True)
    status = one_of(ALARM_STATUSES, required=True)
    aggregate = fields.String(required=True)
    aggregate_id = Ref(required=True)
    missing = listed(Count(low=1), high=100, required=True)
    since = Moment(required=True)
    cleared_at = Moment(required=True, allow_none=True)


class Alarms(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Alarm), high=100, required=True)
    next = Ref(required=True, allow_none=True)


TRAIL = query("oversight.trail", TrailRequest, Trail, _READERS)
FACTS = query("oversight.facts", FactsRequest, Facts, {roles.AUDITOR})
ALARMS = query(
    "oversight.alarms", AlarmsRequest, Alarms, {roles.AUDITOR, roles.SUPERVISOR, roles.ADMINISTRATOR}
)
