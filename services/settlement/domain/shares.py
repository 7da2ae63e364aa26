"""Who bears the cost of a training [37 §18], and the shares that are watched [600 §1; 7 §26]. Amounts in fen.

It shows and refuses no claim: what firm and person bear is no public money.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.vocabularies.errors import Refusal
from services.policy import (
    Calculation,
    CostShareFacts,
    Line,
    NoRule,
    Reason,
    RuleSet,
    cap_use,
    cost_share,
    free_training,
    front_line_share,
)

GOVERNMENT, FIRM, PERSON = "government_share", "firm_share", "person_share"
BEARERS = (GOVERNMENT, FIRM, PERSON)


@dataclass(frozen=True)
class Training:
    """What is shared. cost_fen: of one person; with_firm: whether a firm takes part."""

    region: str
    kind: str
    cost_fen: int
    with_firm: bool


@dataclass(frozen=True)
class CapUse:
    """Lines of a city's general training, and how many reach their cap."""

    city: str
    lines: int
    at_cap: int
    all_at_cap: bool
    document: str
    clause: str


def of_person(training: Training, ref: str, groups: Sequence[str], day: date, rules: RuleSet) -> Calculation:
    """Return the three parts of one person's cost. Raises Refusal `settlement.costs_not_shared`."""
    facts = CostShareFacts(
        ref, training.region, training.kind, training.cost_fen, training.with_firm, tuple(groups)
    )
    try:
        return cost_share(facts, day, rules=rules)
    except NoRule:
        raise Refusal("settlement.costs_not_shared", region=training.region, day=day.isoformat()) from None


@dataclass(frozen=True)
class FreeGroup:
    """A group that trains free, and its rule. status: illustrative where no document names the group."""

    group: str
    rule_id: str
    document: str
    clause: str
    status: str
    zh: str
    en: str


def of_free(region: str, day: date, rules: RuleSet) -> list[FreeGroup]:
    """Return the groups that train free in a region on a day (S36)."""
    found = free_training(region, day, rules=rules)
    return [
        FreeGroup(group, rule.id, rule.document, rule.clause, rule.status, rule.zh, rule.en)
        for group, rule in found
    ]


def of_people(
    training: Training, people: Mapping[str, Sequence[str]], day: date, rules: RuleSet
) -> dict[str, int]:
    """Return what each bears for all of these people. people: the groups of each.

    Each is rounded alone, so that the sums are those of the persons. Raises Refusal
    `settlement.costs_not_shared`.
    """
    sums = dict.fromkeys(BEARERS, 0)
    for ref, groups in people.items():
        for line in of_person(training, ref, groups, day, rules).lines:
            sums[line.what] += line.amount_fen
    return sums


def of_cap(city: str, lines: Iterable[Line], day: date, rules: RuleSet) -> CapUse | None:
    """Return the use of caps in a city; None where no text asks, or nothing was paid."""
    use = cap_use(lines, day, rules)
    if use is None or not use.lines:
        return None
    return CapUse(city, use.lines, use.at_cap, use.all_at_cap, use.document, use.clause)


def of_front_line(front_line_fen: int, spent_fen: int, day: date, rules: RuleSet) -> Reason | None:
    """Return what a text says of a firm's spending on the front line; None where none ever spoke of it."""
    try:
        found = front_line_share(front_line_fen, spent_fen, day, rules.jurisdiction, rules=rules)
    except NoRule:
        return None
    return found.lines[0]
