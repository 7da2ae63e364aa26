"""The special programmes of a year (1+N): how many people a region means to train, and its quotas [37 §1]."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Programme:
    """A programme of a region in a year. target: people to be trained; quotas: the most seats that may be
    listed, by region, each in the programme's region and none within another.
    """

    id: str
    year: int
    code: str
    region: str
    target: int
    quotas: Mapping[str, int]


def programme_id(year: int, code: str, region: str) -> str:
    """Return the one id of a programme of a region and year."""
    return f"{year}-{code}-{region}"


def quota_id(programme: str, region: str) -> str:
    """Return the id of the row that a region's seats are taken from."""
    return f"{programme}-{region}"


def decide(programme: Programme, listed: Mapping[str, int]) -> list[Fact]:
    """Set a programme, or set it anew. listed: the seats taken by now, by region.

    Raises Refusal `catalogue.quota_region` (not in the programme's region, or within another quota's region),
    `catalogue.quotas_beyond_target`, `catalogue.quota_below_listed`.
    """
    for region, people in programme.quotas.items():
        others = [each for each in programme.quotas if each != region]
        if not regions.covers(programme.region, region) or any(
            regions.covers(other, region) for other in others
        ):
            raise Refusal("catalogue.quota_region", field="quotas", region=region)
        if people < listed.get(region, 0):
            raise Refusal(
                "catalogue.quota_below_listed",
                field="quotas",
                region=region,
                quota=people,
                listed=listed[region],
            )
    total = sum(programme.quotas.values())
    if total > programme.target:
        raise Refusal("catalogue.quotas_beyond_target", field="quotas", quotas=total, target=programme.target)
    dropped = [region for region, seats in listed.items() if seats and region not in programme.quotas]
    if dropped:
        raise Refusal(
            "catalogue.quota_below_listed",
            field="quotas",
            region=dropped[0],
            quota=0,
            listed=listed[dropped[0]],
        )
    quotas = [{"region": region, "people": people} for region, people in sorted(programme.quotas.items())]
    told = {name: getattr(programme, name) for name in ("year", "code", "region", "target")}
    return [("catalogue.programme.set", {**told, "quotas": quotas})]


def take(quota: int, listed: int, seats: int, region: str) -> int:
    """Return the seats listed under a quota with `seats` more. Raises Refusal `catalogue.quota_exceeded`."""
    if listed + seats > quota:
        raise Refusal(
            "catalogue.quota_exceeded", field="seats", region=region, quota=quota, left=quota - listed
        )
    return listed + seats
