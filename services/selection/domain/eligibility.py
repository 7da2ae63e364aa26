"""What eligibility (S17) says to a person who looks at a class, from the same rules that settlement pays by.

It is told, and no seat is refused for it: the limits themselves are held where money is claimed.
"""

from dataclasses import dataclass
from datetime import date

from contracts.vocabularies import regions
from services.policy.eligibility import eligibility
from services.policy.facts import ClassFacts, GroupFact, PastSubsidy, PersonFacts
from services.policy.loader import rules_for
from services.selection.domain import costs
from services.selection.domain.classes import TrainingClass
from services.selection.domain.costs import Cost, Project
from services.selection.domain.people import Person


@dataclass(frozen=True)
class Ground:
    """One reason; fields as in contracts.commands.selection.EligibilityLine."""

    rule: str
    document: str
    clause: str
    outcome: str
    zh: str
    en: str


@dataclass(frozen=True)
class Advice:
    """outcome: yes, no, or needs_proof; edition: of the rules it was reckoned with; cost: for the person."""

    outcome: str
    edition: str
    grounds: tuple[Ground, ...]
    cost: Cost


@dataclass(frozen=True)
class Asked:
    """What is asked about: a class, its project as far as it is known, whether an enterprise runs it."""

    wanted: TrainingClass
    project: Project | None = None
    with_firm: bool = False


def advise(person: Person, asked: Asked, day: date, *, demonstration: bool) -> Advice:
    """Return whether the class would be subsidised for the person on a day (Asia/Shanghai), why, and what the
    place would cost.

    Groups count as proven once the registries have verified the person, as settlement holds it; certificates
    won here stand for subsidies had. demonstration: the rules that are assumed to go on after the documents'
    end count too.
    """
    wanted, project = asked.wanted, asked.project
    proven = person.registry == "verified"
    facts = PersonFacts(
        person.ref,
        tuple(GroupFact(group, proven) for group in person.groups),
        person.draws_pension,
        tuple(
            PastSubsidy(occupation, level, date.fromisoformat(issued))
            for occupation, level, issued in person.certificates
        ),
    )
    kind = project.training_kind if project else None
    about = ClassFacts(wanted.region, wanted.occupation, wanted.level, kind=kind)
    province = regions.province_of(wanted.region)
    rules = rules_for(province, demonstration=demonstration)
    decision = eligibility(facts, about, day, province, rules=rules)
    grounds = tuple(
        Ground(line.rule_id, line.document, line.clause, line.outcome, line.zh, line.en)
        for line in decision.lines
    )
    cost = costs.UNKNOWN
    if project is not None:
        cost = costs.cost_for(person.groups, project, asked.with_firm, decision.outcome, day, rules)
    return Advice(decision.outcome, decision.edition, grounds, cost)
