"""Commands and queries of settlement (买单): estimates (资金测算) [107 §4; 31号 §4]. Amounts in fen."""

from marshmallow import fields, validate

from contracts.commands.settlement_files import Bytes
from contracts.commands.settlement_roles import FINANCE, SUPERVISION
from contracts.fields import (
    Contract,
    Count,
    Day,
    LongText,
    Moment,
    Name,
    Ref,
    RegionCode,
    Sha256,
    SignedFen,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import populations, roles, statuses

ESTIMATORS = FINANCE | SUPERVISION | {roles.CATALOGUE_OFFICER}
READERS = ESTIMATORS | {roles.AUDITOR}
_RULE = validate.Regexp(r"^[A-Za-z0-9._@-]{1,120}\Z")


class PopulationPartRequest(Contract):
    """upload_id: chosen by who sends, new for each file; number: from 0."""

    upload_id = Ref(required=True)
    number = Count(high=populations.MOST_PARTS - 1, required=True)
    content = Bytes(required=True)


class PopulationPartTaken(Contract):
    upload_id = Ref(required=True)
    number = Count(required=True)


class AddPopulationRequest(Contract):
    """sha256 and size: of the whole file, as the gateway received it."""

    upload_id = Ref(required=True)
    region = RegionCode(required=True)
    name = Name(required=True)
    sha256 = Sha256(required=True)
    size = Count(low=1, high=populations.LARGEST, required=True)


class Population(Contract):
    """An uploaded population; its rows are checked when it is reckoned."""

    id = Ref(required=True)
    region = RegionCode(required=True)
    name = Name(required=True)
    sha256 = Sha256(required=True)
    size = Count(high=populations.LARGEST, required=True)
    added_by = Ref(required=True)
    added_at = Moment(required=True)


class ListPopulationsRequest(Page):
    """The populations of the officer's region, newest first."""


class PopulationList(Contract):
    items = listed(fields.Nested(Population), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class RuleChange(Contract):
    """A rule that changes from a day on (valid_from; values: those that differ) or ends after one (ends)."""

    rule = fields.String(required=True, validate=_RULE)
    valid_from = Day()
    valid_to = Day()
    ends = Day()
    values = fields.Dict(load_default=dict)


class StartEstimateRequest(Contract):
    """What is to be estimated. changes, rules: the scenario; rules: new ones, written as in the rules' data.

    Population: an uploaded one, or that of the books of base_year (none: the year before). growth_percent:
    how many cases next year for a hundred of the population. edition: of the rules; none: the current one.
    """

    name = Name(required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    base_year = Count(low=2000, high=2100, load_default=None, allow_none=True)
    population_id = Ref(load_default=None, allow_none=True)
    growth_percent = Count(low=1, high=1000, load_default=100)
    edition = fields.String(load_default=None, allow_none=True, validate=_RULE)
    changes = listed(fields.Nested(RuleChange), high=100, load_default=list)
    rules = listed(fields.Dict(), high=50, load_default=list)
    reason = LongText(load_default="资金测算")


class EstimateRequest(Contract):
    estimate_id = Ref(required=True)


class CancelEstimateRequest(EstimateRequest):
    reason = LongText(required=True)


class RowProblem(Contract):
    """A mistake in a population; row 0 is the head or the whole file."""

    row = Count(high=10_000_000, required=True)
    column = fields.String(required=True)
    reason = LongText(required=True)


class Side(Contract):
    """One of the two sides of an estimate: the rules as they are, or those of the scenario.

    people: with an amount, each case and kind of claim counted; out: what keeps cases out, and how many.
    """

    edition = fields.String(required=True)
    hash = Sha256(required=True)
    people = Count(high=100_000_000, required=True)
    total_fen = SignedFen(required=True)
    out = fields.Dict(required=True)


class Estimate(Contract):
    """An estimate and how far it is. read: rows so far; rows: of the population, null until done."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    name = Name(required=True)
    region = RegionCode(required=True)
    status = one_of(statuses.ESTIMATE, required=True)
    year = Count(required=True)
    base_year = Count(required=True, allow_none=True)
    population_id = Ref(required=True, allow_none=True)
    growth_percent = Count(required=True)
    edition = fields.String(required=True)
    changes = listed(fields.Dict(), required=True)
    rules = listed(fields.Dict(), required=True)
    requested_by = Ref(required=True)
    requested_at = Moment(required=True)
    reason = LongText(required=True)
    attempt = Count(required=True)
    read = Count(high=10_000_000, required=True)
    rows = Count(high=10_000_000, required=True, allow_none=True)
    finished_at = Moment(required=True, allow_none=True)
    baseline = fields.Nested(Side, required=True, allow_none=True)
    scenario = fields.Nested(Side, required=True, allow_none=True)
    problems = listed(fields.Nested(RowProblem), required=True)


class ListEstimatesRequest(Page):
    status = one_of(statuses.ESTIMATE, load_default=None, allow_none=True)


class EstimateList(Contract):
    items = listed(fields.Nested(Estimate), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class EstimateCell(Contract):
    """One city, group and kind of claim, next year: people and amount on both sides."""

    city = RegionCode(required=True)
    group = fields.String(required=True)
    kind = one_of(statuses.CLAIM_KINDS, required=True)
    baseline_people = Count(high=100_000_000, required=True)
    baseline_fen = SignedFen(required=True)
    scenario_people = Count(high=100_000_000, required=True)
    scenario_fen = SignedFen(required=True)
    difference_fen = SignedFen(required=True)


class EstimateResult(Contract):
    items = listed(fields.Nested(EstimateCell), high=populations.MOST_CELLS, required=True)
    baseline_fen = SignedFen(required=True)
    scenario_fen = SignedFen(required=True)
    difference_fen = SignedFen(required=True)


class EstimateFileRequest(EstimateRequest):
    format = one_of(populations.OUTPUTS, required=True)


class EstimateFile(Contract):
    name = Name(required=True)
    content_type = fields.String(required=True)
    content = Bytes(required=True)


PUT_POPULATION_PART = command(
    "settlement.put_population_part", PopulationPartRequest, PopulationPartTaken, ESTIMATORS
)
ADD_POPULATION = command("settlement.add_population", AddPopulationRequest, Population, ESTIMATORS)
LIST_POPULATIONS = query("settlement.list_populations", ListPopulationsRequest, PopulationList, READERS)
START_ESTIMATE = command("settlement.start_estimate", StartEstimateRequest, Estimate, ESTIMATORS)
CANCEL_ESTIMATE = command("settlement.cancel_estimate", CancelEstimateRequest, Estimate, ESTIMATORS)
GET_ESTIMATE = query("settlement.get_estimate", EstimateRequest, Estimate, READERS)
LIST_ESTIMATES = query("settlement.list_estimates", ListEstimatesRequest, EstimateList, READERS)
ESTIMATE_RESULT = query("settlement.estimate_result", EstimateRequest, EstimateResult, READERS)
ESTIMATE_FILE = query("settlement.estimate_file", EstimateFileRequest, EstimateFile, READERS)
