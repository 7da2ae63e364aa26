"""Online platforms (线上培训平台) and the hours that they bring [S35; AP; 7 §9; 600 §4].

A platform is admitted with the public key (Ed25519) of its statements; only hours that it has signed count.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import parameters
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.facts import Fact, distinct, require


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation of a platform found."""

    passed: bool
    findings: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Platform:
    """An online platform: admitted, evaluated, removed. public_key: base64 of 32 bytes."""

    id: str
    name: str
    region: str
    credit_code: str
    public_key: str
    admitted_by: str
    admitted_at: datetime
    evaluations: tuple[Evaluation, ...] = ()
    removed_at: datetime | None = None
    reason: str | None = None

    @property
    def status(self) -> str:
        """Return admitted, suspended (the last evaluation was not passed) or removed."""
        if self.removed_at is not None:
            return "removed"
        return "suspended" if self.evaluations and not self.evaluations[-1].passed else "admitted"

    def require_admitted(self, field: str) -> None:
        """Raise Refusal `acceptance.platform_not_admitted` naming the field."""
        if self.status != "admitted":
            raise Refusal("acceptance.platform_not_admitted", field=field, status=self.status)


@dataclass(frozen=True)
class Studied:
    """What a platform says of one learner: when, and how many minutes were really studied."""

    person_ref: str
    begun: datetime
    ended: datetime
    minutes: int


def admit(new: Platform) -> tuple[Platform, list[Fact]]:
    """An officer admits a platform."""
    data = {"name": new.name, "region": new.region, "admitted_at": new.admitted_at}
    return new, [("acceptance.platform.admitted", data)]


def evaluate(platform: Platform, evaluation: Evaluation) -> tuple[Platform, list[Fact]]:
    """An officer evaluates it: passed → admitted, not passed → suspended; raises Refusal `out_of_order`."""
    require(platform.status, ("admitted", "suspended"), "evaluate_platform")
    new = replace(platform, evaluations=(*platform.evaluations, evaluation))
    data = {"passed": evaluation.passed, "findings": evaluation.findings}
    return new, [("acceptance.platform.evaluated", data)]


def remove(platform: Platform, reason: str, now: datetime) -> tuple[Platform, list[Fact]]:
    """An officer removes it for good: → removed; raises Refusal `out_of_order`."""
    require(platform.status, ("admitted", "suspended"), "remove_platform")
    return replace(platform, removed_at=now, reason=reason), [
        ("acceptance.platform.removed", {"reason": reason})
    ]


def session_of(training: Training, session_id: str, platform: Platform, now: datetime) -> Session:
    """Return the online session that a statement is about.

    Raises Refusal `out_of_order`, `acceptance.session_unknown`, `acceptance.not_its_session`.
    """
    require(training.status(now), ("running", "roster_filed"), "record_online_hours")
    session = training.session(session_id)
    if session.platform != platform.id:
        raise Refusal("acceptance.not_its_session", field="session_id")
    return session


def check(training: Training, session: Session, studied: tuple[Studied, ...], now: datetime) -> None:
    """Raise Refusal `acceptance.online_row` for a learner who is not on the roster, there twice, outside the
    session's time, or with more minutes than lie between begin and end.
    """
    if not distinct([each.person_ref for each in studied]):
        raise Refusal("acceptance.online_row", field="rows")
    for place, each in enumerate(studied):
        within = session.starts <= each.begun < each.ended <= min(session.ends, now)
        fits = each.minutes * 60 <= (each.ended - each.begun).total_seconds()
        if each.person_ref not in training.roster or not within or not fits:
            raise Refusal("acceptance.online_row", field=f"rows.{place}")


def counts(session: Session, studied: Studied, voucher: Voucher | None, training: Training) -> bool:
    """Return whether the minutes are the session's hours, and the learner's voucher is bound to the class."""
    enough = studied.minutes * 60 >= session.hours * parameters.CLASS_HOUR.total_seconds()
    return enough and voucher is not None and voucher.serves(studied.person_ref, training.id)
