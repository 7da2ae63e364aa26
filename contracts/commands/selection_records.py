"""Commands and queries of records (电子档案): corrections, practice, credits, 三个一 [S08, S09, S37]."""

from marshmallow import ValidationError, fields, validates_schema

from contracts import personal
from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Moment,
    Name,
    OccupationCode,
    Ref,
    RegionCode,
    Sha256,
    level,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_WORKER = {roles.WORKER}
_ANSWERING = {roles.SUPERVISOR, roles.FIRST_REVIEWER}
_WATCHING = {roles.SUPERVISOR, roles.CATALOGUE_OFFICER, roles.AUDITOR}


class RecordRequest(Page):
    kind = one_of(statuses.RECORD_ENTRY, load_default=None, allow_none=True)


class RecordEntry(Contract):
    """One entry, with its source and time.

    source: the service that told it; source_ref: what it told it of (class, certificate number, employment,
    payment, report); body_ref: the body that it came from; at: when it was told; values: as they were told,
    corrected: what an officer of the source put in their place; struck: it is not the person's.
    """

    id = Ref(required=True)
    kind = one_of(statuses.RECORD_ENTRY, required=True)
    source = Name(required=True)
    source_ref = Name(required=True)
    body_ref = Ref(required=True, allow_none=True)
    region = RegionCode(required=True, allow_none=True)
    at = Moment(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    corrected = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    struck = fields.Boolean(required=True)


class Record(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(RecordEntry), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class AskCorrectionRequest(Contract):
    """says: what is wrong, and what would be right."""

    entry_id = Ref(required=True)
    says = LongText(required=True)


class CorrectedValues(Contract):
    """What takes the place of the values told; only those of the entry's kind, null leaves one as it is."""

    hours = Count(high=5000, load_default=None, allow_none=True)
    passed = fields.Boolean(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)
    issued_on = Day(load_default=None, allow_none=True)
    since = Day(load_default=None, allow_none=True)


class CorrectionRequest(Contract):
    correction_id = Ref(required=True)


class AnswerCorrectionRequest(CorrectionRequest):
    """upheld: with new values, or struck when the entry is not the person's; rejected: with the reason."""

    upheld = fields.Boolean(required=True)
    reason = LongText(required=True)
    values = fields.Nested(CorrectedValues, load_default=None, allow_none=True)
    strike = fields.Boolean(load_default=False)

    @validates_schema
    def says_what(self, data: dict[str, object], **_: object) -> None:
        """Refuse a correction that changes nothing, and a rejection that changes something."""
        given = data.get("values")
        changes = bool(data.get("strike")) or (
            isinstance(given, dict) and any(value is not None for value in given.values())
        )
        if changes != data["upheld"]:
            raise ValidationError(
                "更正须给出新值或剔除，不予更正则不得给出"
                " / a correction needs values or strike, a rejection none",
                "values",
            )


class Correction(Contract):
    """A request (更正申请). entry: as it is told now."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CORRECTION, required=True)
    entry = fields.Nested(RecordEntry, required=True)
    says = LongText(required=True)
    asked_at = Moment(required=True)
    reason = LongText(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class ListCorrectionsRequest(Page):
    """A worker's own, or those of an officer's region that the officer's office answers."""

    status = one_of(statuses.CORRECTION, load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)


class CorrectionList(Contract):
    items = listed(fields.Nested(Correction), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ReportPracticeRequest(Contract):
    """A start-up training or an employment practice that no class here has told of. proof: SHA-256 of the
    paper that the person shows to the officer.
    """

    kind = one_of(statuses.PRACTICE_KINDS, required=True)
    title = Name(required=True)
    host = Name(required=True)
    region = RegionCode(required=True)
    begun = Day(required=True)
    ended = Day(required=True)
    proof = Sha256(load_default=None, allow_none=True)

    @validates_schema
    def in_order(self, data: dict[str, object], **_: object) -> None:
        """Refuse an end before the beginning."""
        if str(data["ended"]) < str(data["begun"]):
            raise ValidationError("结束日期早于开始日期 / it ends before it begins", "ended")


class DecidePracticeRequest(Contract):
    practice_id = Ref(required=True)
    confirmed = fields.Boolean(required=True)
    reason = LongText(required=True)


class Practice(ReportPracticeRequest):
    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PRACTICE, required=True)
    person_ref = Ref(required=True)
    reported_at = Moment(required=True)
    reason = LongText(required=True, allow_none=True)


class ListPracticesRequest(Page):
    status = one_of(statuses.PRACTICE, load_default=None, allow_none=True)
    region = RegionCode(load_default=None, allow_none=True)


class PracticeList(Contract):
    items = listed(fields.Nested(Practice), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Nothing(Contract):
    """Nothing is asked for."""


class CreditLine(Contract):
    """Credits of one entry by one rule, on the entry's own day."""

    entry_id = Ref(required=True)
    kind = one_of(statuses.RECORD_ENTRY, required=True)
    credits = Count(required=True)
    day = Day(required=True)
    rule = fields.String(required=True)
    clause = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Recognition(Contract):
    """Credits that a body recognised; they stay in the list, and count once with each body."""

    id = Ref(required=True)
    body_ref = Ref(required=True)
    body_name = Name(required=True)
    entry_ids = listed(Ref(), high=50, required=True)
    credits = Count(required=True)
    towards = Name(required=True)
    at = Moment(required=True)


class Credits(Contract):
    """rules_edition: of the published table; illustrative: whether any of its rules is."""

    total = Count(required=True)
    rules_edition = fields.String(required=True)
    illustrative = fields.Boolean(required=True)
    lines = listed(fields.Nested(CreditLine), high=1000, required=True)
    recognitions = listed(fields.Nested(Recognition), high=200, required=True)


class CreditTableRequest(Contract):
    region = RegionCode(required=True)
    day = Day(load_default=None, allow_none=True)


class CreditRule(Contract):
    """level: null for training hours, of which `hours` make one credit, `most` at most of one class."""

    rule = fields.String(required=True)
    level = level(required=True, allow_none=True)
    credits = Count(required=True, allow_none=True)
    hours = Count(required=True, allow_none=True)
    most = Count(required=True, allow_none=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class CreditTable(Contract):
    day = Day(required=True)
    rules_edition = fields.String(required=True)
    rules = listed(fields.Nested(CreditRule), high=50, required=True)


class RecogniseCreditsRequest(Contract):
    """consent_id: under which the body reads the credits; towards: what they count for there."""

    consent_id = Ref(required=True)
    entry_ids = listed(Ref(), low=1, high=50, required=True)
    towards = Name(required=True)


class OneOfThree(Contract):
    """done_on, entry_id: null while it is open; waiting: reported, not confirmed yet."""

    what = one_of(statuses.THREE_ONES, required=True)
    done = fields.Boolean(required=True)
    waiting = fields.Boolean(required=True)
    done_on = Day(required=True, allow_none=True)
    entry_id = Ref(required=True, allow_none=True)


class ThreeOnes(Contract):
    """student: whether the person registered as a student at school; others may read theirs as well."""

    student = fields.Boolean(required=True)
    complete = fields.Boolean(required=True)
    items = listed(fields.Nested(OneOfThree), required=True)


class ThreeOnesFiguresRequest(Contract):
    region = RegionCode(required=True)


class ThreeOnesCounty(Contract):
    """Students of a place; null where fewer than five would be told, or could be found by subtracting."""

    region = RegionCode(required=True)
    students = Count(required=True, allow_none=True)
    skill_training = Count(required=True, allow_none=True)
    startup_training = Count(required=True, allow_none=True)
    practice = Count(required=True, allow_none=True)
    complete = Count(required=True, allow_none=True)


class ThreeOnesFigures(Contract):
    items = listed(fields.Nested(ThreeOnesCounty), high=500, required=True)


GET_RECORD = query("selection.get_record", RecordRequest, Record, _WORKER)
ASK_CORRECTION = command("selection.ask_correction", AskCorrectionRequest, Correction, _WORKER)
GET_CORRECTION = query("selection.get_correction", CorrectionRequest, Correction, _WORKER | _ANSWERING)
LIST_CORRECTIONS = query(
    "selection.list_corrections", ListCorrectionsRequest, CorrectionList, _WORKER | _ANSWERING
)
ANSWER_CORRECTION = command("selection.answer_correction", AnswerCorrectionRequest, Correction, _ANSWERING)
REPORT_PRACTICE = command("selection.report_practice", ReportPracticeRequest, Practice, _WORKER)
LIST_PRACTICES = query(
    "selection.list_practices", ListPracticesRequest, PracticeList, _WORKER | {roles.SUPERVISOR}
)
DECIDE_PRACTICE = command("selection.decide_practice", DecidePracticeRequest, Practice, {roles.SUPERVISOR})
GET_CREDITS = query("selection.get_credits", Nothing, Credits, _WORKER)
CREDIT_TABLE = query("selection.credit_table", CreditTableRequest, CreditTable, set())
RECOGNISE_CREDITS = command(
    "selection.recognise_credits",
    RecogniseCreditsRequest,
    Recognition,
    {roles.PROVIDER, roles.ENTERPRISE},
)
GET_THREE_ONES = query("selection.get_three_ones", Nothing, ThreeOnes, _WORKER)
THREE_ONES_FIGURES = query(
    "selection.three_ones_figures", ThreeOnesFiguresRequest, ThreeOnesFigures, _WATCHING
)
EXPORT_PERSON = query("selection.export_person", personal.Nothing, personal.PersonalData, _WORKER)
