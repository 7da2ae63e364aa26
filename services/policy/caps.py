"""Never all at the cap [600 §1]: over a city's table, and over what was paid for its general training."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.vocabularies import regions
from services.policy.results import Line
from services.policy.rules import Rule, RuleSet

_RATES = {"training_standard": "per_person_fen", "hourly_standard": "per_hour_fen"}


@dataclass(frozen=True, slots=True)
class CapUse:
    """How many lines have a cap and how many reach it; `all_at_cap` breaks the rule of that clause."""

    lines: int
    at_cap: int
    rule_id: str
    document: str
    clause: str

    @property
    def all_at_cap(self) -> bool:
        """Whether every one of two or more lines was paid at its cap."""
        return self.lines > 1 and self.at_cap == self.lines


def cap_use(lines: Iterable[Line], day: date, rules: RuleSet) -> CapUse | None:
    """Return the use of caps over the lines of a city's general training; None where no such rule holds.

    A reading: the text speaks of standards, so what they led to is watched; no claim is refused.
    """
    rule = rules.find("not_all_at_cap", day)
    if rule is None:
        return None
    count = at_cap = 0
    for line in lines:
        count += 1
        at_cap += line.capped
    return CapUse(count, at_cap, rule.id, rule.document, rule.clause)


def tables_at_cap(rules: Iterable[Rule]) -> Iterator[tuple[Rule, str]]:
    """Yield each city table that sets all its standards for general training at the cap, and what is wrong.

    The cap is the `training_cap` that applies, the nearest region's first. A standard by the hour is at the
    cap where one hour reaches it; what the hours led to is judged by the claims (`cap_use`).
    """
    rules = list(rules)
    for bound in (rule for rule in rules if rule.topic == "not_all_at_cap"):
        kind = bound.values["kind"]
        for city in sorted({rule.jurisdiction for rule in rules}):
            standards = [rule for rule in rules if rule.topic in _RATES and _sets(rule, (city,), kind)]
            above = (city, *regions.ancestors(city))
            caps = [rule for rule in rules if rule.topic == "training_cap" and _sets(rule, above, kind)]
            for day in sorted({rule.valid_from for rule in (*standards, *caps, bound)}):
                on = [rule for rule in standards if rule.in_force(day)]
                if bound.in_force(day) and on and all(_capped(rule, caps, day) for rule in on):
                    clause = f"{bound.document} {bound.clause}"
                    yield on[0], f"from {day} all standards for {kind} are at the cap ({clause})"
                    break


def _sets(rule: Rule, places: tuple[str, ...], kind: str) -> bool:
    return rule.jurisdiction in places and rule.applies.get("kind", kind) == kind


def _capped(standard: Rule, caps: list[Rule], day: date) -> bool:
    about: Mapping[str, Any] = standard.applies
    fitting = [
        cap
        for cap in caps
        if cap.in_force(day) and all(about.get(name, value) == value for name, value in cap.applies.items())
    ]
    places = (standard.jurisdiction, *regions.ancestors(standard.jurisdiction))
    nearest = min(fitting, key=lambda cap: (places.index(cap.jurisdiction), -len(cap.applies)), default=None)
    return nearest is not None and bool(standard.values[_RATES[standard.topic]] >= nearest.values["max_fen"])
