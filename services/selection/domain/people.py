"""Persons (劳动者) as selection sees them: the facts that eligibility needs, and what each has in hand.

One row a person is read and written by every choice that she makes. Two choices at once therefore meet in
that row, one of them runs again and sees the other: no two overlapping classes, no class chosen twice,
whatever runs in parallel. A row for each person and time slot would need hundreds of rows a choice, and slots
that sessions must fit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.selection.domain.classes import TrainingClass, overlap


@dataclass(frozen=True)
class Person:
    """registry: registered, verified, refused or forgotten; draws_pension: None until the registry has said.

    choices: the enrolment of each class that the person has not left, by class; open_voucher: the one not
    bound yet; certificates: occupation, level and day of issue of each that was won here.
    """

    ref: str
    region: str
    groups: tuple[str, ...]
    registry: str = "registered"
    draws_pension: bool | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    open_voucher: str | None = None
    certificates: tuple[tuple[str, str, str], ...] = ()


def take_up(
    person: Person, wanted: TrainingClass, others: Iterable[TrainingClass], enrolment_id: str
) -> Person:
    """Return the person with one more choice.

    others: the classes of the person's other choices. Raises Refusal `selection.person_refused`,
    `selection.chosen_already`, `selection.overlap`.
    """
    if person.registry == "refused":
        raise Refusal("selection.person_refused")
    if wanted.id in person.choices:
        raise Refusal("selection.chosen_already", "class_id", enrolment_id=person.choices[wanted.id])
    for other in others:
        clash = overlap(wanted.spans, other.spans)
        if clash is not None:
            raise Refusal("selection.overlap", "class_id", other=other.name, from_time=shown(clash))
    return replace(person, choices={**person.choices, wanted.id: enrolment_id})


def lay_down(person: Person, class_id: str) -> Person:
    """Return the person without the choice of a class."""
    return replace(person, choices={key: value for key, value in person.choices.items() if key != class_id})


def shown(moment: datetime) -> str:
    """Return a moment as it stands in a refusal: ISO 8601 in UTC."""
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
