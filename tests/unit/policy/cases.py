"""Made-up people and a welder project in 烟台市福山区, ordinary in every respect, for the policy cases."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.policy import (
    Certificate,
    ClassFacts,
    EmploymentFact,
    GroupFact,
    LivingCostFacts,
    PersonFacts,
    ProjectFacts,
    TraineeFacts,
)

SHANDONG, SHANXI = "370000", "140000"
FUSHAN = "370611"
WELDER, ELECTRICIAN = "6-18-02-04", "6-31-01-03"
LAST_SESSION = date(2026, 12, 18)
CLAIM_DAY = date(2026, 12, 21)
CERTIFIED = date(2026, 12, 25)
LATER = date(2027, 4, 1)

PROJECT = ProjectFacts("P1", FUSHAN, WELDER, "4", LAST_SESSION)
CLASS = ClassFacts(FUSHAN, WELDER, "4", certificate_expected=CERTIFIED)


def person(*groups: GroupFact, **facts: Any) -> PersonFacts:
    """Return a rural worker without a pension, proven, unless told otherwise."""
    usual = groups or (GroupFact("rural_transfer", True),)
    return PersonFacts("w1", usual, **{"pension_entitled": False, **facts})


def trainee(number: int = 1, **facts: Any) -> TraineeFacts:
    """Return a person who did all that is asked and holds the certificate, with changes."""
    usual = TraineeFacts(
        f"w{number}", True, True, False, "yes", 20, True, Certificate(f"C{number}", WELDER, "4", CERTIFIED)
    )
    return replace(usual, **facts)


def trainees(count: int, **facts: Any) -> list[TraineeFacts]:
    """Return that many trainees, each with the same changes."""
    return [trainee(number, **facts) for number in range(1, count + 1)]


def employed(count: int, since: date = date(2027, 2, 1), proven: bool = True) -> list[EmploymentFact]:
    """Return work for the first `count` trainees."""
    return [EmploymentFact(f"w{number}", since, proven) for number in range(1, count + 1)]


def learner(*groups: GroupFact, **facts: Any) -> LivingCostFacts:
    """Return a rural worker on the roster with a complete record, unless told otherwise."""
    usual = groups or (GroupFact("rural_transfer", True),)
    return replace(LivingCostFacts("w1", True, True, usual), **facts)
