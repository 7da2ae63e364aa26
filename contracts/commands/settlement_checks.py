"""Registry checks (联网核查) and risk marks (风险提示) of a claim."""

from marshmallow import fields

from contracts.commands.settlement_roles import FIRST, READERS, REVIEWERS
from contracts.fields import Contract, Count, LongText, Moment, Ref, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import roles

KINDS = ("real_name", "death", "pension", "employment", "certificate", "body")
STATES = ("waiting", "clear", "failed")


class ChecksRequest(Contract):
    """state: only the checks in this state."""

    claim_id = Ref(required=True)
    state = one_of(STATES, load_default=None, allow_none=True)


class Check(Contract):
    """One check. ref: what is checked; person_ref: whose, empty for a body. reason: of a failure.

    checked_at: when the source answered, null while it has not.
    """

    kind = one_of(KINDS, required=True)
    ref = fields.String(required=True)
    person_ref = fields.String(required=True)
    state = one_of(STATES, required=True)
    reason = LongText(required=True, allow_none=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True, allow_none=True)


class Checks(Contract):
    """The counts are of all checks of the claim. fresh_days: how long an answer holds."""

    claim_id = Ref(required=True)
    waiting = Count(required=True)
    clear = Count(required=True)
    failed = Count(required=True)
    fresh_days = Count(required=True)
    items = listed(fields.Nested(Check), high=100_000, required=True)


class MarksRequest(Contract):
    claim_id = Ref(required=True)


class MarkAnswer(Contract):
    by = Ref(required=True)
    at = Moment(required=True)
    reason = LongText(required=True)


class Mark(Contract):
    """One risk mark. people: references; figures: what was counted, and the threshold."""

    id = Ref(required=True)
    code = fields.String(required=True)
    people = listed(Ref(), high=5000, required=True)
    figures = fields.Dict(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    answer = fields.Nested(MarkAnswer, required=True, allow_none=True)


class Marks(Contract):
    """waiting: the comparison is not finished; marks may still come."""

    claim_id = Ref(required=True)
    waiting = fields.Boolean(required=True)
    items = listed(fields.Nested(Mark), high=5000, required=True)


class AnswerMarkRequest(Contract):
    """The first reviewer says what was found, and why the claim may go on (or may not)."""

    claim_id = Ref(required=True)
    mark = Ref(required=True)
    reason = LongText(required=True)


LIST_CHECKS = query("settlement.list_checks", ChecksRequest, Checks, READERS)
LIST_MARKS = query("settlement.list_marks", MarksRequest, Marks, REVIEWERS | {roles.AUDITOR})
ANSWER_MARK = command("settlement.answer_mark", AnswerMarkRequest, Marks, FIRST)
