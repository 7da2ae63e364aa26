"""Facts of settlement (买单): estimates. Nobody pays anything by them."""

from marshmallow import fields

from contracts.fields import Contract, Count, LongText, Name, Ref, RegionCode, Sha256, SignedFen
from contracts.registry import event
from contracts.vocabularies.populations import LARGEST


class PopulationAdded(Contract):
    region = RegionCode(required=True)
    sha256 = Sha256(required=True)
    size = Count(high=LARGEST, required=True)


class EstimateRequested(Contract):
    """population_id: null for the population of the books."""

    name = Name(required=True)
    region = RegionCode(required=True)
    year = Count(required=True)
    edition = fields.String(required=True)
    population_id = Ref(required=True, allow_none=True)


class EstimateDone(Contract):
    rows = Count(high=10_000_000, required=True)
    baseline_fen = SignedFen(required=True)
    scenario_fen = SignedFen(required=True)


class EstimateFailed(Contract):
    """problems: how many mistakes were found."""

    problems = Count(required=True)


class EstimateCancelled(Contract):
    reason = LongText(required=True)


POPULATION_ADDED = event("settlement.population.added", 1, PopulationAdded)
ESTIMATE_REQUESTED = event("settlement.estimate.requested", 1, EstimateRequested)
ESTIMATE_DONE = event("settlement.estimate.done", 1, EstimateDone)
ESTIMATE_FAILED = event("settlement.estimate.failed", 1, EstimateFailed)
ESTIMATE_CANCELLED = event("settlement.estimate.cancelled", 1, EstimateCancelled)
