"""Registry checks (联网核查) of a claim: what has to be asked, and what the answers so far say.

A check waits until a registry has answered lately enough; an outage leaves it waiting, it never passes it.
A check that failed is asked again with each new calculation. S02; 600 §2, §5; 31号 §2.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from services.policy import Calculation, Certificate, EmploymentFact

State = Literal["waiting", "clear", "failed"]
REGISTRY: Final = "registry"
OFFICER: Final = "officer"


@dataclass(frozen=True)
class Subjects:
    """What a calculation leans on, of the people with an amount.

    certificates: (number, person, occupation, level); employments: (person, first day as ISO text);
    pension_free: people whom it takes for people without a pension.
    """

    people: tuple[str, ...]
    certificates: tuple[tuple[str, str, str, str], ...] = ()
    employments: tuple[tuple[str, str], ...] = ()
    pension_free: frozenset[str] = frozenset()
    body: str | None = None


@dataclass(frozen=True)
class PersonKnown:
    """What settlement knows of a person. checked_at: None while no registry has answered."""

    known: bool
    alive: bool
    draws_pension: bool | None
    reason: str | None
    source: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Told:
    """A registry's answer on something else: whether it holds, why not, when it was given."""

    ok: bool
    reason: str | None
    source: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Known:
    """What settlement knows of the subjects of a claim."""

    people: Mapping[str, PersonKnown]
    certificates: Mapping[str, Told]
    employments: Mapping[tuple[str, str], Told]
    body: Told | None = None


@dataclass(frozen=True)
class Check:
    """One check. ref: what is checked (person, certificate, body); person_ref: whose, empty for a body."""

    kind: str
    ref: str
    person_ref: str
    state: State
    reason: str | None
    source: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Window:
    """Answers from `since` on hold; a failure that is older than `opened_at` is asked again."""

    since: datetime
    opened_at: datetime


def window(now: datetime, days: int, opened_at: datetime) -> Window:
    """Return which answers hold now. days: how long an answer holds."""
    return Window(now - timedelta(days=days), opened_at)


def subjects(facts: Any, calculation: Calculation, body: str | None) -> Subjects:
    """Return what a calculation leans on. facts: of any kind of claim, searched through."""
    paid = dict.fromkeys(line.person_ref for line in calculation.lines if line.amount_fen > 0)
    certificates: dict[str, tuple[str, str, str, str]] = {}
    employments: dict[tuple[str, str], None] = {}
    without: set[str] = set()
    for person_ref, value in _walk(facts, ""):
        if person_ref not in paid:
            continue
        if isinstance(value, Certificate):
            certificates[value.number] = (value.number, person_ref, value.occupation, value.level)
        elif isinstance(value, EmploymentFact):
            employments[(person_ref, value.employed_from.isoformat())] = None
        elif getattr(value, "pension_entitled", None) is False:
            without.add(person_ref)
    return Subjects(tuple(paid), tuple(certificates.values()), tuple(employments), frozenset(without), body)


def checks(subjects: Subjects, known: Known, window: Window) -> list[Check]:
    """Return every check of a claim with what the answers so far say."""
    found: list[Check] = []
    if subjects.body is not None:
        found.append(_of("body", subjects.body, "", known.body, window))
    for ref in subjects.people:
        found += _of_person(ref, known.people.get(ref), ref in subjects.pension_free, window)
    for number, person_ref, _, _ in subjects.certificates:
        found.append(_of("certificate", number, person_ref, known.certificates.get(number), window))
    for person_ref, since in subjects.employments:
        told = known.employments.get((person_ref, since))
        # that somebody was insured on a day does not grow old
        ever = Window(datetime.min.replace(tzinfo=window.since.tzinfo), window.opened_at)
        found.append(_of("employment", f"{person_ref}:{since}", person_ref, told, ever))
    return found


def in_state(found: Iterable[Check], state: State) -> list[Check]:
    """Return the checks in one state."""
    return [check for check in found if check.state == state]


def due_again(found: Sequence[Check], days: int) -> datetime | None:
    """Return when the first of the answers grows old, None where none does."""
    growing = [each for each in in_state(found, "clear") if each.kind != "employment"]
    held = [each.checked_at for each in growing if each.checked_at is not None]
    return min(held) + timedelta(days=days) if held else None


def _of_person(ref: str, known: PersonKnown | None, pension_free: bool, window: Window) -> list[Check]:
    if known is None:
        return [_of(kind, ref, ref, None, window) for kind in ("real_name", "death", "pension")]
    pension = known.draws_pension is not True or not pension_free
    why = "已开始领取养老金，须重新核算 / draws a pension by now: to be computed again"
    answers = (
        ("real_name", known.known, known.reason if not known.known else None),
        ("death", known.alive, known.reason if not known.alive else None),
        ("pension", pension, None if pension else why),
    )
    return [
        _of(kind, ref, ref, Told(ok, reason, known.source, known.checked_at), window)
        for kind, ok, reason in answers
    ]


def _of(kind: str, ref: str, person_ref: str, told: Told | None, window: Window) -> Check:
    if told is None:
        return Check(kind, ref, person_ref, "waiting", None, REGISTRY, None)
    return Check(kind, ref, person_ref, _state(told, window), told.reason, told.source, told.checked_at)


def _state(told: Told, window: Window) -> State:
    if told.checked_at is None:
        # never to be asked about again (a forgotten person) when it has failed
        return "waiting" if told.ok else "failed"
    if not told.ok:
        return "failed" if told.checked_at >= window.opened_at else "waiting"
    return "clear" if told.checked_at >= window.since else "waiting"


def _walk(value: Any, person_ref: str) -> Iterator[tuple[str, Any]]:
    """Yield the parts of facts, each with the person that it is about."""
    if is_dataclass(value) and not isinstance(value, type):
        person_ref = getattr(value, "person_ref", person_ref)
        yield person_ref, value
        for field in fields(value):
            yield from _walk(getattr(value, field.name), person_ref)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item, person_ref)
