"""What is selected into a public pool: brands, bases and studios, teachers, materials, cases.

proposed → published (by somebody else) | refused; published → withdrawn, with a reason. 37 §10, §11, §15;
7 §10–12.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal

Fact = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """Something in a pool. kind: brand, base, teacher, material or case; details: what its kind is
    described by.

    proposed_by: the account; owner_ref: the body or person that it belongs to, None for an officer's own;
    batch: the published batch; marks and raters: the sum and the number of the marks given (1 to 5); uses:
    how often it was linked to a class.
    """

    id: str
    kind: str
    region: str
    details: Mapping[str, Any]
    proposed_by: str
    proposed_at: datetime
    owner_ref: str | None = None
    status: str = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    batch: str | None = None
    reason: str | None = None
    marks: int = 0
    raters: int = 0
    uses: int = 0

    @property
    def rating(self) -> int | None:
        """The average mark in hundredths, None when nobody gave one."""
        return round(self.marks * 100 / self.raters) if self.raters else None


Decision = tuple[Entry, list[Fact]]


def propose(entry: Entry) -> Decision:
    """Enter something for the pool (→ proposed). Raises Refusal `catalogue.case_consent`."""
    if entry.kind == "case" and not entry.details["consented"]:
        raise Refusal("catalogue.case_consent", field="consented")
    return entry, [_fact(entry, "proposed", {})]


def publish(entry: Entry, account: str, now: datetime, batch: str | None) -> Decision:
    """Take it into the pool (proposed → published). Raises Refusal `out_of_order`, `catalogue.own_entry`."""
    _require(entry, "proposed", "publish")
    if account == entry.proposed_by:
        raise Refusal("catalogue.own_entry")
    after = replace(entry, status="published", decided_by=account, decided_at=now, batch=batch)
    return after, [_fact(after, "published", {"batch": batch, "details": entry.details})]


def refuse(entry: Entry, account: str, now: datetime, reason: str) -> Decision:
    """Do not take it in (proposed → refused). Raises Refusal `out_of_order`, `catalogue.own_entry`."""
    _require(entry, "proposed", "refuse")
    if account == entry.proposed_by:
        raise Refusal("catalogue.own_entry")
    after = replace(entry, status="refused", decided_by=account, decided_at=now, reason=reason)
    return after, [_fact(after, "refused", {"reason": reason})]


def withdraw(entry: Entry, account: str, now: datetime, reason: str) -> Decision:
    """Take it out again (published → withdrawn). Raises Refusal `out_of_order`."""
    _require(entry, "published", "withdraw")
    after = replace(entry, status="withdrawn", decided_by=account, decided_at=now, reason=reason)
    return after, [_fact(after, "withdrawn", {"reason": reason})]


def rate(entry: Entry, mark: int, rater_ref: str | None) -> Decision:
    """Give it a mark of 1 to 5. Raises Refusal `out_of_order`, `catalogue.own_rating` (by whom it belongs
    to).
    """
    _require(entry, "published", "rate")
    if rater_ref is not None and rater_ref == entry.owner_ref:
        raise Refusal("catalogue.own_rating")
    after = replace(entry, marks=entry.marks + mark, raters=entry.raters + 1)
    return after, [_fact(after, "rated", {"mark": mark})]


def _fact(entry: Entry, verb: str, data: Mapping[str, Any]) -> Fact:
    return f"catalogue.{entry.kind}.{verb}", {"region": entry.region, "owner_ref": entry.owner_ref, **data}


def _require(entry: Entry, status: str, step: str) -> None:
    if entry.status != status:
        raise Refusal("out_of_order", status=entry.status, step=step)


@dataclass(frozen=True)
class Lesson:
    """A session of a class: from when to when."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class ClassCopy:
    """A class as far as pools need it, kept by acceptance's facts. state: as of projects' classes."""

    id: str
    project_id: str
    provider_ref: str
    name: str
    region: str
    occupation: str
    level: str
    capacity: int
    lessons: tuple[Lesson, ...]
    state: str

    @property
    def last_day(self) -> date:
        """The day of the last session (Asia/Shanghai)."""
        return today_in_shanghai(max(lesson.ends for lesson in self.lessons))


def use(entry: Entry, training: ClassCopy, others: list[ClassCopy]) -> Decision:
    """Link what is in the pool to a class.

    others: the classes that it is linked to already and that have not been stopped. Raises Refusal
    `out_of_order`, `catalogue.used_already`, `catalogue.class_stopped`, and by kind: a teacher
    `catalogue.teacher_occupation`, `…qualification_ends`, `…teacher_conflict` (of interest, declared),
    `…teacher_overlap`; a material `…material_occupation`; a base `…base_full`.
    """
    _require(entry, "published", "use")
    if training.state == "stopped":
        raise Refusal("catalogue.class_stopped", class_id=training.id)
    if any(other.id == training.id for other in others):
        raise Refusal("catalogue.used_already", class_id=training.id)
    check = {"teacher": _check_teacher, "material": _check_material, "base": _check_base}[entry.kind]
    check(entry, training, others)
    after = replace(entry, uses=entry.uses + 1)
    told = {"class_id": training.id, "project_id": training.project_id}
    return after, [_fact(after, "used", told)]


def _check_teacher(entry: Entry, training: ClassCopy, others: list[ClassCopy]) -> None:
    if training.occupation not in entry.details["occupations"]:
        raise Refusal("catalogue.teacher_occupation", occupation=training.occupation)
    until = entry.details["qualification"]["valid_until"]
    if until is not None and until < training.last_day:
        raise Refusal("catalogue.qualification_ends", until=until.isoformat())
    if training.provider_ref in entry.details["conflicts"]:
        raise Refusal("catalogue.teacher_conflict", provider_ref=training.provider_ref)
    for other in others:
        if _overlap(training, other):
            raise Refusal("catalogue.teacher_overlap", class_id=other.id)


def _check_material(entry: Entry, training: ClassCopy, others: list[ClassCopy]) -> None:
    if entry.details["occupation"] != training.occupation:
        raise Refusal("catalogue.material_occupation", occupation=training.occupation)


def _check_base(entry: Entry, training: ClassCopy, others: list[ClassCopy]) -> None:
    """Refuse more people at once than the base has places: at the start of each session that it is used
    for.
    """
    starts = {lesson.starts for each in (training, *others) for lesson in each.lessons}
    for moment in sorted(starts):
        people = sum(
            each.capacity
            for each in (training, *others)
            if any(lesson.starts <= moment < lesson.ends for lesson in each.lessons)
        )
        busy = any(lesson.starts <= moment < lesson.ends for lesson in training.lessons)
        if busy and people > entry.details["places"]:
            raise Refusal("catalogue.base_full", places=entry.details["places"], people=people)


def _overlap(one: ClassCopy, other: ClassCopy) -> bool:
    return any(
        mine.starts < theirs.ends and theirs.starts < mine.ends
        for mine in one.lessons
        for theirs in other.lessons
    )


def support(base: Entry, kind: str, amount_fen: int, document: str) -> list[Fact]:
    """Give a published base support. Raises Refusal `out_of_order`."""
    _require(base, "published", "support")
    return [_fact(base, "supported", {"kind": kind, "amount_fen": amount_fen, "document": document})]
