"""One rule, the set of a jurisdiction, and the search for the rule of a day and place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from contracts.vocabularies import regions
from services.policy.topics import TOPICS

Status = Literal["in_force", "expired", "carried_on", "illustrative"]
STATUSES: dict[str, tuple[str, str]] = {
    "in_force": ("现行", "in force"),
    "expired": ("已到期", "expired"),
    "carried_on": ("沿用", "carried on"),
    "illustrative": ("示例", "illustrative"),
}


# answers kept by a rule set: a search costs more than all else of a person's calculation
_REMEMBERED = 10_000


class NoRule(LookupError):
    """No rule of `topic` is in force in `region` on `day` for these facts."""

    def __init__(self, topic: str, day: date, region: str, facts: Mapping[str, str]) -> None:
        super().__init__(f"no rule of {topic} in {region} on {day} for {dict(facts)}")
        self.topic = topic
        self.day = day
        self.region = region


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure or condition of one document.

    `valid_to` is the last day, None while no end is known; `after_gap` says why no rule held just before.
    """

    id: str
    topic: str
    document: str
    clause: str
    jurisdiction: str
    payee: tuple[str, ...]
    fund: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    status: Status
    zh: str
    en: str
    note: str = ""
    after_gap: str = ""
    applies: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        """Return whether the rule holds on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, facts: Mapping[str, str]) -> bool:
        """Return whether every fact that the rule depends on is as it asks."""
        return all(facts.get(name) == value for name, value in self.applies.items())


class RuleSet:
    """All rules of one province and its cities, with the edition's name and hash (SHA-256, hex)."""

    def __init__(self, jurisdiction: str, edition: str, rules: Iterable[Rule], digest: str) -> None:
        self.jurisdiction = jurisdiction
        self.edition = edition
        self.hash = digest
        self.rules = tuple(rules)
        self._found: dict[tuple[object, ...], tuple[Rule, ...]] = {}
        self._by_id = {rule.id: rule for rule in self.rules}
        self._by_topic: dict[str, list[Rule]] = {topic: [] for topic in TOPICS}
        for rule in self.rules:
            self._by_topic[rule.topic].append(rule)

    def all(self, topic: str, day: date, region: str | None = None, **facts: str) -> tuple[Rule, ...]:
        """Return the rules of a topic in force on the day in the region or above it, nearest region first."""
        asked = (topic, day, region, *sorted(facts.items()))
        known = self._found.get(asked)
        if known is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            known = self._found[asked] = self._search(topic, day, region, facts)
        return known

    def find(self, topic: str, day: date, region: str | None = None, **facts: str) -> Rule | None:
        """Return the one rule that holds: the nearest region's, then the one that asks for most facts."""
        found = self.all(topic, day, region, **facts)
        return found[0] if found else None

    def one(self, topic: str, day: date, region: str | None = None, **facts: str) -> Rule:
        """Return the one rule that holds; raises NoRule."""
        rule = self.find(topic, day, region, **facts)
        if rule is None:
            raise NoRule(topic, day, region or self.jurisdiction, facts)
        return rule

    def latest(self, topic: str, day: date) -> Rule:
        """Return the rule of a topic that began last before the day; raises NoRule when none ever did."""
        begun = [rule for rule in self._by_topic[topic] if rule.valid_from <= day]
        if not begun:
            raise NoRule(topic, day, self.jurisdiction, {})
        return max(begun, key=lambda rule: (rule.valid_from, rule.valid_to or date.max))

    def of(self, topic: str) -> tuple[Rule, ...]:
        """Return all rules of a topic, whatever their days."""
        return tuple(self._by_topic[topic])

    def by_id(self, id: str) -> Rule | None:
        """Return a rule, None when the set has none of that id."""
        return self._by_id.get(id)

    def _search(
        self, topic: str, day: date, region: str | None, facts: Mapping[str, str]
    ) -> tuple[Rule, ...]:
        places = self._places(region)
        found = [
            rule
            for rule in self._by_topic[topic]
            if rule.in_force(day) and rule.jurisdiction in places and rule.meets(facts)
        ]
        return tuple(sorted(found, key=lambda rule: (places.index(rule.jurisdiction), -len(rule.applies))))

    def _places(self, region: str | None) -> tuple[str, ...]:
        place = region or self.jurisdiction
        places = (place, *regions.ancestors(place))
        if self.jurisdiction not in places:
            raise ValueError(f"region {place} is not in jurisdiction {self.jurisdiction}")
        return places
