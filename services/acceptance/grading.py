"""Gathering what a grade is reckoned from, and reckoning it again when something of it has changed."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.dates import SHANGHAI, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, terms
from services.acceptance.domain import grades
from services.acceptance.domain.classes import Training
from services.acceptance.domain.employment import Employment, months_later
from services.acceptance.domain.grades import Credit, CreditMark, Formula, Grade, MoneyLine, Record
from services.acceptance.domain.providers import Provider
from services.chassis.service import Unit
from services.policy import NoRule

REGRADES: Final = "regrades"
_AT_ONCE: Final = ""
_MARKS: Final = ("teaching", "content", "place")
_BEST: Final = 5


def mark(unit: Unit, provider_ref: str) -> None:
    """Something that the grade of a body is reckoned from has changed: the job reckons it again."""
    _set_due(unit, provider_ref, _AT_ONCE)


def formula_of(region: str, day: date, mode: str) -> Formula:
    """Return the formula of a region and a day; raises Refusal `acceptance.no_formula`."""
    try:
        return grades.formula_of(terms.rules_of(region, mode), day, region)
    except NoRule:
        raise Refusal("acceptance.no_formula", field="day", day=day.isoformat()) from None


def graded(reader: Any, provider: Provider, now: datetime, mode: str) -> tuple[Grade, Formula]:
    """Return the grade of a body as the facts are now."""
    today = today_in_shanghai(now)
    formula = formula_of(provider.region, today, mode)
    record = _record(reader, provider, formula, today)
    return grades.grade(record, formula, provider.status(today), today), formula


def due(reader: Any, now: datetime, limit: int) -> list[str]:
    """Return the bodies whose grades are to be reckoned again: facts came, or a day has passed."""
    today = today_in_shanghai(now).isoformat()
    rows = reader.find(REGRADES, {"due_on": {"$lte": today}}, [("due_on", 1), ("_id", 1)], limit)
    return [row["_id"] for row in rows]


def regrade(unit: Unit, provider_ref: str, mode: str) -> None:
    """Reckon the grade of a body again; a change of grade or of the priority list is told."""
    provider = store.find(unit, Provider, provider_ref)
    if provider is None or provider.admitted is None or provider.exited_on is not None:
        unit.delete(REGRADES, provider_ref)
        return
    now, formula = graded(unit, provider, unit.now, mode)
    _set_due(unit, provider_ref, (today_in_shanghai(unit.now) + timedelta(days=1)).isoformat())
    if (now.grade, now.preferred) != (provider.grade, provider.preferred):
        store.save(unit, *grades.told(provider, now, formula))


def _set_due(unit: Unit, provider_ref: str, due_on: str) -> None:
    row = unit.get(REGRADES, provider_ref)
    if row is None:
        unit.insert(REGRADES, {"_id": provider_ref, "due_on": due_on})
    elif row["due_on"] != due_on:
        unit.save(REGRADES, {**row, "due_on": due_on})


def _record(reader: Any, provider: Provider, formula: Formula, today: date) -> Record:
    since, ref = formula.since(today), provider.id
    moment = datetime(since.year, since.month, since.day, tzinfo=SHANGHAI)
    held = store.among(reader, Training, provider_ref=ref, assessed_at={"$gte": moment})
    open_until = months_later(today, -formula.values("grade_window")["employment_after_months"])
    followed = [each for each in held if today_in_shanghai(each.ends) <= open_until]
    ids = [each.id for each in followed]
    employed = store.among(reader, Employment, class_id={"$in": ids}, found=True) if ids else []
    feedback = reader.find("feedback", {"provider_ref": ref, "at": {"$gte": moment}})
    money = store.among(reader, MoneyLine, provider_ref=ref, day={"$gte": since.isoformat()})
    told = [Credit(each.measure, each.day) for each in store.among(reader, CreditMark, provider_ref=ref)]
    return Record(
        learners=sum(len(each.roster) for each in held),
        completed=sum(len(each.completed) for each in held),
        followed=sum(len(each.completed) for each in followed),
        employed=len(employed),
        answers=len(feedback),
        marks=sum(row[name] for row in feedback for name in _MARKS),
        most=len(feedback) * len(_MARKS) * _BEST,
        credits=(*told, *(Credit(each.kind, each.day) for each in provider.measures)),
        paid_fen=sum(each.fen for each in money if each.kind == "paid"),
        demanded_fen=sum(each.fen for each in money if each.kind == "demanded"),
    )
