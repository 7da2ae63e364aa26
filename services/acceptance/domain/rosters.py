"""The roster (名册): who is on it, and the checks before the first session [S12; 37 §7]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import ROSTER_FINDINGS
from services.acceptance.domain.classes import LeftOut, Training
from services.acceptance.domain.copies import CONFIRMED_ENROLMENTS, USABLE_VOUCHERS, Enrolment, Voucher
from services.acceptance.domain.facts import Fact, distinct, require
from services.policy.loader import rules_for

_ENGLISH = {
    "draws_pension": "draws a pension",
    "year_limit": "has had as many subsidised trainings this year as the rules allow",
    "same_level": "has a certificate of this occupation and level",
    "overlap": "sits in another class at the same time",
}


@dataclass(frozen=True)
class Won:
    """A certificate that somebody has."""

    occupation: str
    level: str
    issued_on: date


@dataclass(frozen=True)
class Limits:
    """times: subsidised trainings a person a calendar year, None for no limit; once: for an occupation and
    level.
    """

    times: int | None = None
    once: bool = False


@dataclass(frozen=True)
class Seated:
    """In which classes somebody is on the roster; one row a person, on which rosters filed at once meet."""

    id: str
    classes: tuple[str, ...] = ()

    def with_class(self, class_id: str) -> "Seated":
        """Return the row with a class in it, once."""
        return self if class_id in self.classes else replace(self, classes=(*self.classes, class_id))


@dataclass(frozen=True)
class Learner:
    """What is known of somebody who has a seat. draws_pension: None when the registry was not asked yet."""

    person_ref: str
    draws_pension: bool | None
    certificates: tuple[Won, ...]
    elsewhere: tuple[Training, ...]


def limits_on(region: str, day: date, *, demonstration: bool) -> Limits:
    """Return the limits of the region's province on a day; none where no rule is entered."""
    try:
        rules = rules_for(regions.province_of(region), demonstration=demonstration)
    except LookupError:
        return Limits()
    yearly = rules.find("subsidies_per_year", day)
    once = rules.find("once_per_occupation_level", day)
    return Limits(int(yearly.values["times"]) if yearly else None, once is not None)


def findings(training: Training, learner: Learner, limits: Limits) -> tuple[str, ...]:
    """Return why somebody cannot be on the roster (words of statuses.ROSTER_FINDINGS)."""
    year = today_in_shanghai(training.ends).year
    this_year = [each for each in learner.certificates if each.issued_on.year == year]
    wanted = (training.occupation, training.level)
    found = {
        "draws_pension": learner.draws_pension is True,
        "year_limit": limits.times is not None and len(this_year) >= limits.times,
        "same_level": limits.once
        and any((each.occupation, each.level) == wanted for each in learner.certificates),
        "overlap": any(overlaps(training, other) for other in learner.elsewhere),
    }
    return tuple(word for word in ROSTER_FINDINGS if found[word])


def overlaps(one: Training, other: Training) -> bool:
    """Return whether two classes have sessions at the same time; one that is over or stopped has none."""
    if other.id == one.id or other.stopped_at or other.carried_out_at:
        return False
    pairs = product(one.plan.sessions, other.plan.sessions)
    return any(a.starts < b.ends and b.starts < a.ends for a, b in pairs)


def due(enrolments: Iterable[Enrolment], vouchers: Iterable[Voucher]) -> set[str]:
    """Return who has a confirmed seat and a bound voucher."""
    seated = {each.person_ref for each in enrolments if each.status in CONFIRMED_ENROLMENTS}
    return seated & {each.person_ref for each in vouchers if each.status in USABLE_VOUCHERS}


def file(
    training: Training,
    person_refs: Sequence[str],
    left_out: Mapping[str, str],
    expected: set[str],
    found: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> tuple[Training, list[Fact]]:
    """The provider files the roster: those who are due, without those left out for a reason.

    left_out: reasons by person; found: the findings by person. confirmed → roster_filed, before the first
    session. Raises Refusal `out_of_order`, `acceptance.roster_late`, `acceptance.roster_differs` (counts, no
    names), `acceptance.left_out`, `acceptance.roster_findings`.
    """
    require(training.status(now), ("enrolling", "confirmed"), "file_roster")
    if now >= training.begins:
        raise Refusal("acceptance.roster_late")
    if not distinct(person_refs):
        raise Refusal("acceptance.roster_differs", field="person_refs", missing=0, extra=0)
    for place, person_ref in enumerate(left_out):
        if person_ref not in expected or not found.get(person_ref):
            raise Refusal("acceptance.left_out", field=f"left_out.{place}.person_ref")
    filed, wanted = set(person_refs), expected - set(left_out)
    if wanted != filed:
        missing, extra = len(wanted - filed), len(filed - wanted)
        raise Refusal("acceptance.roster_differs", field="person_refs", missing=missing, extra=extra)
    _require_sound(person_refs, found)
    gone = tuple(LeftOut(ref, found[ref][0], reason) for ref, reason in sorted(left_out.items()))
    new = replace(training, roster=tuple(sorted(filed)), roster_filed_at=now, left_out=gone)
    data = {"project_id": training.project_id, "person_refs": list(new.roster)}
    return new, [("acceptance.class.roster_filed", data)]


def _require_sound(person_refs: Sequence[str], found: Mapping[str, tuple[str, ...]]) -> None:
    faulty = [(place, ref) for place, ref in enumerate(person_refs) if found.get(ref)]
    if faulty:
        place, ref = faulty[0]
        word = found[ref][0]
        raise Refusal(
            "acceptance.roster_findings", field=f"person_refs.{place}", people=len(faulty),
            zh=ROSTER_FINDINGS[word], en=_ENGLISH[word],
        )  # fmt: skip
