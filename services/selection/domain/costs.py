"""What a place costs the person after shares [37 §18] (S22), by the function that settlement uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.policy.cost_share import cost_share
from services.policy.facts_claims import CostShareFacts
from services.policy.results import Line
from services.policy.rules import NoRule, RuleSet

PERSON: Final = "person_share"
GOVERNMENT: Final = "government_share"
ENTERPRISE: Final = "enterprise"


@dataclass(frozen=True)
class Project:
    """What choice needs of a class's project. price_fen: awarded, for one person; None before that."""

    id: str
    region: str
    training_kind: str
    standard_fen: int
    illustrative: bool
    price_fen: int | None = None


@dataclass(frozen=True)
class CostLine:
    """One part; fields as in contracts.commands.selection.CostLine."""

    what: str
    amount_fen: int
    rule: str
    document: str
    clause: str
    status: str
    zh: str
    en: str


@dataclass(frozen=True)
class Cost:
    """What a place costs; fields as in contracts.commands.selection.CostForMe."""

    known: str
    with_firm: bool | None = None
    cost_fen: int | None = None
    person_fen: int | None = None
    unsubsidised_fen: int | None = None
    expected_fen: int | None = None
    illustrative: bool = False
    lines: tuple[CostLine, ...] = ()


UNKNOWN: Final = Cost("project_unknown")


def cost_for(
    groups: Sequence[str], project: Project, with_firm: bool, outcome: str, day: date, rules: RuleSet
) -> Cost:
    """Return what a place in a class of the project costs a person of these groups.

    outcome: what eligibility says. Where the training is not subsidised nobody bears the government's share
    for the person.
    """
    cost = project.standard_fen if project.price_fen is None else project.price_fen
    facts = CostShareFacts("", project.region, project.training_kind, cost, with_firm, tuple(groups))
    try:
        found = cost_share(facts, day, rules=rules)
    except NoRule:
        return Cost("not_shared", with_firm, cost, illustrative=project.illustrative)
    shares = {line.what: line.amount_fen for line in found.lines}
    mine = shares.get(PERSON, 0)
    alone = mine + shares.get(GOVERNMENT, 0)
    return Cost(
        "shared",
        with_firm,
        cost,
        mine,
        alone,
        {"yes": mine, "no": alone}.get(outcome),
        project.illustrative or any(line.status == "illustrative" for line in found.lines),
        tuple(_shown(line) for line in found.lines),
    )


def _shown(line: Line) -> CostLine:
    return CostLine(
        line.what, line.amount_fen, line.rule_id, line.document, line.clause, line.status, line.zh, line.en
    )
