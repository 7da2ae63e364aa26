"""The facts that a decision or an amount rests on. Callers gather them; nothing here looks anything up."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.vocabularies.modes import EMPLOYMENT_SKILLS, PROJECT_TYPE

Outcome = Literal["yes", "no", "needs_proof"]


@dataclass(frozen=True, slots=True)
class GroupFact:
    """A person says to belong to a target group; `proven` when a registry or a document has shown it."""

    group: str
    proven: bool
    graduated_on: date | None = None
    """Day of graduation, for the groups of graduates."""


@dataclass(frozen=True, slots=True)
class PastSubsidy:
    """A training subsidy reserved or paid before; the year is that of the certificate's date."""

    occupation: str
    level: str
    certificate_day: date


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person who asks for a place. `pension_entitled` is None while no registry has answered."""

    person_ref: str
    groups: tuple[GroupFact, ...] = ()
    pension_entitled: bool | None = None
    subsidies: tuple[PastSubsidy, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """The class asked for. `target_groups` empty means every group that a text in force names.

    `kind` is that of the training; a text that names a group for one kind only is not met without it.
    """

    region: str
    occupation: str
    level: str
    target_groups: tuple[str, ...] = ()
    certificate_expected: date | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project whose subsidy is asked for.

    `last_session` is the Shanghai day of the last session that was held, None before that;
    `price_fen` the awarded price for one person, None where the price is the standard.
    """

    project_ref: str
    region: str
    occupation: str
    level: str
    last_session: date | None
    price_fen: int | None = None
    organisation: str = PROJECT_TYPE
    kind: str = EMPLOYMENT_SKILLS


@dataclass(frozen=True, slots=True)
class Certificate:
    """A registered certificate; `level` is a skill level, `special`, or `first_operation` (Shanxi)."""

    number: str
    occupation: str
    level: str
    day: date


@dataclass(frozen=True, slots=True)
class TraineeFacts:
    """One person of a project claim, as the evidence stands.

    `eligible` is the outcome of `eligibility` on the day of enrolment and `grounds` the ids of the rules on
    groups behind it (`grounds_of`); `advance_fen` what the advance paid for this person, 0 without one.
    `pension_entitled` is None while no registry has answered.
    """

    person_ref: str
    on_roster: bool
    real_name_complete: bool
    pension_entitled: bool | None
    eligible: Outcome
    attended_days: int
    completed: bool = False
    certificate: Certificate | None = None
    advance_fen: int = 0
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """A person has work since a day; `proven` when a registry or a document has shown it."""

    person_ref: str
    employed_from: date
    proven: bool


@dataclass(frozen=True, slots=True)
class LivingCostFacts:
    """A person who asks for living costs; `groups` as in PersonFacts."""

    person_ref: str
    on_roster: bool
    real_name_complete: bool
    groups: tuple[GroupFact, ...]


@dataclass(frozen=True, slots=True)
class CertifiedPerson:
    """One certificate of a batch that an assessment body claims for (Shanxi).

    `working_age` is 适龄: the texts draw no bound, so the caller takes whoever draws no pension.
    """

    person_ref: str
    certificate: Certificate
    working_age: bool
    real_name_complete: bool
