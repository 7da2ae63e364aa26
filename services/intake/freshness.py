"""How long a registry's answer holds (联网核查有效期), and asking again when it is too old to rely on."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.calls import Reader
from services.chassis.unit import Unit
from services.intake.domain.bodies import Body
from services.intake.domain.persons import Person
from services.intake.store import answers, demands, rechecks
from services.intake.store.vault import BODIES, PERSONS
from services.policy import rules_for

_PURPOSE: Final = "需求单核查结果已过有效期 / the answer that a demand leans on is too old"
_AT_ONCE: Final = 200
_PASSED: Final = "登记库已确认 / confirmed by the registries"
_WAITING: Final = "等待联网核查 / waiting for the registry check"
_OUTAGE: Final = (
    "登记库暂无有效应答，需求单等待中，恢复后自动核查，无需重新提交"
    " / the registries give no usable answer; the demand waits and is checked by itself when they are back"
)


def checked_at(unit: Unit, poster: Person | Body) -> datetime | None:
    """Return when the registries confirmed a poster; None while they have not, or too long ago.

    Then the registries are asked again, and the demand waits for what they say.
    """
    if poster.status != "verified" or poster.checked_at is None:
        return None
    if poster.checked_at >= unit.now - _holds(_region_of(poster), unit.now):
        return poster.checked_at
    rechecks.ask(unit, "person" if isinstance(poster, Person) else "body", poster.id, _PURPOSE, {})
    return None


def ask_about_old(reader: Reader, transact: Callable[..., Any]) -> None:
    """Ask again about those with a verified demand whose check has grown too old."""
    due = reader.now - min(_holds(code, reader.now) for code in regions.PROVINCES)
    for kind, collection in (("person", PERSONS), ("body", BODIES)):
        old = answers.grown_old(reader, collection, due, _AT_ONCE)
        relied_on = reader.database[demands.DEMANDS].distinct(
            "poster_ref", {"poster_ref": {"$in": old}, "status": "verified"}
        )
        if relied_on:
            transact(partial(_ask, kind=kind, refs=relied_on))


def _ask(unit: Unit, kind: str, refs: list[str]) -> None:
    for ref in refs:
        rechecks.ask(unit, kind, ref, _PURPOSE, {})


def state_of(reader: Reader, demand: dict[str, Any]) -> dict[str, Any]:
    """Return how the check of a demand's poster stands, as the contract DemandCheck has it."""
    if demand["status"] == "submitted":
        return _waiting(answers.waits_of(reader, [demand["poster_ref"]]).get(demand["poster_ref"]))
    answer = answers.latest(reader, demand["poster_ref"])
    if answer is None:
        return _waiting(None)
    state = "passed" if answer["passed"] else "refused"
    told = {"checked_at": answer["checked_at"], "source": answer["source"]}
    return {"state": state, "since": None, **told, "said": answer["reason"] or _PASSED}


def with_waits(reader: Reader, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return demands of a list, those that wait with how their check stands."""
    waits = answers.waits_of(reader, {each["poster_ref"] for each in items if each["status"] == "submitted"})
    return [
        {**each, "check": _waiting(waits.get(each["poster_ref"])) if each["status"] == "submitted" else None}
        for each in items
    ]


def _waiting(silence: dict[str, Any] | None) -> dict[str, Any]:
    none = {"checked_at": None, "source": None}
    if silence is None:
        return {"state": "waiting", "since": None, **none, "said": _WAITING}
    return {"state": "outage", "since": silence["since"], **none, "said": _OUTAGE}


def _region_of(poster: Person | Body) -> str:
    return poster.details.region if isinstance(poster, Person) else poster.region


def _holds(region: str, now: datetime) -> timedelta:
    return timedelta(days=_days(regions.province_of(region), today_in_shanghai(now)))


@lru_cache(maxsize=64)
def _days(province: str, day: date) -> int:
    days: int = rules_for(province).one("registry_fresh", day, province).values["days"]
    return days
