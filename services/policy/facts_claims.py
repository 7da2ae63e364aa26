"""Facts of the claims beside a project's two stages: a class, an uplift, a wage month, shared costs."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.vocabularies.modes import EMPLOYMENT_SKILLS
from services.policy.facts import EmploymentFact, Outcome

ORDINARY = "ordinary"

Payroll = Literal["compared", "documents", "none"]


@dataclass(frozen=True, slots=True)
class ClassTrainingFacts:
    """A class whose training subsidy (培训补贴) is asked for.

    `last_session` is the Shanghai day of the last session held, None before it; `hours` the hours held, for
    rates by the hour; `price_fen` what one person was charged, None where the price is the standard. `payee`
    is the role that claims, `organiser` the role that ran the class (None: the payee itself).
    """

    class_ref: str
    region: str
    occupation: str
    level: str
    last_session: date | None
    kind: str = EMPLOYMENT_SKILLS
    payee: str = "provider"
    organiser: str | None = None
    hours: int | None = None
    price_fen: int | None = None
    organisation: str = ORDINARY


@dataclass(frozen=True, slots=True)
class UpliftPerson:
    """A person for whom an uplift is asked.

    `subsidy_fen` is what the training subsidy gave for this person, 0 where none was owed; `employment` the
    work begun after the training, None without any.
    """

    person_ref: str
    on_roster: bool
    real_name_complete: bool
    subsidy_fen: int
    employment: EmploymentFact | None


@dataclass(frozen=True, slots=True)
class WageMonth:
    """A calendar month of work-for-training (以工代训) in one enterprise."""

    enterprise_ref: str
    region: str
    year: int
    month: int


@dataclass(frozen=True, slots=True)
class PaidWorker:
    """A person on the payroll of a wage month.

    `payroll`: the wage was found by data comparison, shown by roster and bank statement, or neither;
    `months_before` are wage months reserved or paid for this person until now.
    """

    person_ref: str
    real_name_complete: bool
    payroll: Payroll
    months_before: int = 0
    eligible: Outcome = "yes"


@dataclass(frozen=True, slots=True)
class CostShareFacts:
    """A training whose cost is shared. `cost_fen` is that of one person; `free` where the person trains free.

    `with_firm` is whether a firm takes part.
    """

    person_ref: str
    region: str
    kind: str
    cost_fen: int
    with_firm: bool
    groups: tuple[str, ...] = ()
