"""What eligibility (S17) says to a person who looks at a class, from the same rules that settlement pays by.

It is told, and no seat is refused for it: the limits themselves are held where money is claimed.
"""

from dataclasses import dataclass
from datetime import date

from contracts.vocabularies import regions
from services.policy.eligibility import eligibility
from services.policy.facts import ClassFacts, GroupFact, PastSubsidy, PersonFacts
from services.policy.loader import rules_for
from services.selection.domain.classes import TrainingClass
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
    """outcome: yes, no, or needs_proof; edition: of the rules it was reckoned with."""

    outcome: str
    edition: str
    grounds: tuple[Ground, ...]


def advise(person: Person, wanted: TrainingClass, day: date, *, demonstration: bool) -> Advice:
    """Return whether the class would be subsidised for the person on a day (Asia/Shanghai), and why.

    Groups are what the person says, unproven here; certificates won here stand for subsidies had.
    demonstration: the rules that are assumed to go on after the documents' end count too.
    """
    facts = PersonFacts(
        person.ref,
        tuple(GroupFact(group, proven=False) for group in person.groups),
        person.draws_pension,
        tuple(
            PastSubsidy(occupation, level, date.fromisoformat(issued))
            for occupation, level, issued in person.certificates
        ),
    )
    asked = ClassFacts(wanted.region, wanted.occupation, wanted.level)
    province = regions.province_of(wanted.region)
    rules = rules_for(province, demonstration=demonstration)
    decision = eligibility(facts, asked, day, province, rules=rules)
    grounds = tuple(
        Ground(line.rule_id, line.document, line.clause, line.outcome, line.zh, line.en)
        for line in decision.lines
    )
    return Advice(decision.outcome, decision.edition, grounds)
