"""Queries of the catalogue: the live summary of demands (需求汇总), its months, and its check."""

from marshmallow import fields

from contracts.fields import Contract, Count, Month, Name, OccupationCode, RegionCode, level, listed, one_of
from contracts.registry import query
from contracts.vocabularies import roles, statuses

_READERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}
DIMENSIONS = ("county", "occupation", "level", "month")
MOST_MONTHS = 60


def _signed() -> Count:
    return Count(low=-1_000_000_000, high=1_000_000_000, required=True)


class DemandsAsked(Contract):
    """region: a province, city or county of the officer's own; null for the whole of it. first and last:
    months in which the demands were posted.
    """

    region = RegionCode(load_default=None, allow_none=True)
    occupation = OccupationCode(load_default=None, allow_none=True)
    level = level(load_default=None, allow_none=True)
    first = Month(load_default=None, allow_none=True)
    last = Month(load_default=None, allow_none=True)


class SummariseRequest(DemandsAsked):
    """by: what lines are told apart by; over the others they are summed."""

    by = listed(one_of(DIMENSIONS), low=1, high=4, load_default=["county", "occupation", "level"])


class SummaryLine(Contract):
    """Verified demands that are in no project yet; null for what the line is summed over."""

    county = RegionCode(required=True, allow_none=True)
    occupation = OccupationCode(required=True, allow_none=True)
    level = level(required=True, allow_none=True)
    month = Month(required=True, allow_none=True)
    workers = Count(required=True)
    firms = Count(required=True)
    firm_headcount = Count(high=1_000_000_000, required=True)


class Summary(Contract):
    lines = listed(fields.Nested(SummaryLine), high=100_000, required=True)
    workers = Count(high=1_000_000_000, required=True)
    firms = Count(high=1_000_000_000, required=True)
    firm_headcount = Count(high=1_000_000_000, required=True)


class TrendsRequest(DemandsAsked):
    """The twelve months up to now unless told; kind: null for workers and firms together."""

    kind = one_of(statuses.DEMAND_KINDS, load_default=None, allow_none=True)


class MonthOfDemands(Contract):
    """What was posted in a month, and where those demands stand today.

    posted: all that came; open: verified and in no project; taken: in a project; met; gone: withdrawn or
    lapsed. Each as demands and as people (_heads). change: people posted, more or less than the month before.
    """

    month = Month(required=True)
    posted = Count(high=1_000_000_000, required=True)
    posted_heads = Count(high=1_000_000_000, required=True)
    open = Count(high=1_000_000_000, required=True)
    open_heads = Count(high=1_000_000_000, required=True)
    taken = Count(high=1_000_000_000, required=True)
    taken_heads = Count(high=1_000_000_000, required=True)
    met = Count(high=1_000_000_000, required=True)
    met_heads = Count(high=1_000_000_000, required=True)
    gone = Count(high=1_000_000_000, required=True)
    gone_heads = Count(high=1_000_000_000, required=True)
    change = _signed()


class Trends(Contract):
    months = listed(fields.Nested(MonthOfDemands), high=MOST_MONTHS, required=True)


class CheckSummaryRequest(Contract):
    region = RegionCode(load_default=None, allow_none=True)


class SummaryDifference(Contract):
    """row: collection and values of a row; kept: what it says; reckoned: what the demands say."""

    row = Name(required=True)
    count = Name(required=True)
    kept = _signed()
    reckoned = _signed()


class SummaryCheck(Contract):
    """The summary's rows beside the demands, at one moment. differences: the first hundred."""

    rows = Count(high=1_000_000_000, required=True)
    different = Count(high=1_000_000_000, required=True)
    differences = listed(fields.Nested(SummaryDifference), high=100, required=True)


SUMMARISE_DEMANDS = query("catalogue.summarise_demands", SummariseRequest, Summary, _READERS)
DEMAND_TRENDS = query("catalogue.demand_trends", TrendsRequest, Trends, _READERS)
CHECK_SUMMARY = query("catalogue.check_summary", CheckSummaryRequest, SummaryCheck, _READERS)
