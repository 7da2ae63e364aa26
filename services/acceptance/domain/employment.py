"""Proof of employment (就业证明): a report, decided by a registry, or else by an officer [S15; 37 §3, §8]."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import parameters
from services.acceptance.domain.classes import Training
from services.acceptance.domain.facts import Fact, require


@dataclass(frozen=True)
class Report:
    """What is reported of one person. proof: SHA-256 of the document.

    basis: insurance (the registry's word is all), contract, or self_report (the person's own).
    """

    person_ref: str
    employer_code: str
    since: date
    proof: str
    basis: str = "insurance"


@dataclass(frozen=True)
class Employment:
    """A person's employment after a class.

    found: how it was decided, None while it is open; registry_found: what the registry said, None until it
    has; decided_by: the officer who checked, None where the registry's word decided.
    """

    id: str
    project_id: str
    class_id: str
    report: Report
    reported_by: str
    reported_at: datetime
    found: bool | None = None
    checked_at: datetime | None = None
    registry_found: bool | None = None
    decided_by: str | None = None
    reason: str | None = None
    region: str = ""

    @property
    def for_officer(self) -> bool:
        """Whether the registry found nothing, and an officer has to look at the proof."""
        return self.found is None and self.registry_found is False

    @property
    def status(self) -> str:
        """Return reported, proven or refuted (words of contracts.vocabularies.statuses.EMPLOYMENT)."""
        return {None: "reported", True: "proven", False: "refuted"}[self.found]


def employment_id(class_id: str, person_ref: str) -> str:
    """Return the id of a person's employment after a class."""
    return f"{class_id}:{person_ref}"


def report(
    training: Training, old: Employment | None, told: Report, by: str, now: datetime
) -> tuple[Employment, list[Fact]]:
    """The provider, or the graduate, reports an employment: → reported; it counts when it has been confirmed.

    It is reported again after a refutation, or while it waits for an officer, with a better proof.

    Raises Refusal `out_of_order`, `acceptance.not_completed`, `acceptance.employment_date` unless it began
    between the last session's day and six months later, and not in the future.
    """
    require(training.status(now), ("completed",), "report_employment")
    if told.person_ref not in training.completed:
        raise Refusal("acceptance.not_completed", field="person_ref")
    if old is not None and not old.for_officer:
        require(old.status, ("refuted",), "report_employment")
    ended = today_in_shanghai(training.ends)
    last = min(months_later(ended, parameters.EMPLOYMENT_MONTHS), today_in_shanghai(now))
    if not ended <= told.since <= last:
        raise Refusal(
            "acceptance.employment_date", field="since", ended=ended.isoformat(), last=last.isoformat()
        )
    id = employment_id(training.id, told.person_ref)
    new = Employment(id, training.project_id, training.id, told, by, now, region=training.region)
    data = {
        **_who(new), "since": told.since, "proof": told.proof, "employer_code": told.employer_code,
        "basis": told.basis,
    }  # fmt: skip
    return new, [("acceptance.employment.reported", data)]


def decide(
    employment: Employment, since: date, found: bool, checked_at: datetime
) -> tuple[Employment, list[Fact]]:
    """A registry's answer: reported → proven or refuted; a contract or an own report that it does not find
    waits for an officer. An answer to an older report changes nothing.
    """
    if employment.status != "reported" or since != employment.report.since:
        return employment, []
    told = replace(employment, registry_found=found, checked_at=checked_at)
    if not found and employment.report.basis != "insurance":
        return told, []
    return _decided(replace(told, found=found), "insurance")


def check(
    employment: Employment, confirmed: bool, reason: str, by: str, now: datetime
) -> tuple[Employment, list[Fact]]:
    """An officer has looked at the contract or asked the firm: reported → proven or refuted.

    Raises Refusal `out_of_order`, `acceptance.employment_unasked` before the registry has answered,
    `acceptance.own_report`.
    """
    require(employment.status, ("reported",), "check_employment")
    if not employment.for_officer:
        asked_at = employment.reported_at.isoformat()
        raise Refusal("acceptance.employment_unasked", asked_at=asked_at)
    if by == employment.reported_by:
        raise Refusal("acceptance.own_report")
    new = replace(employment, found=confirmed, checked_at=now, decided_by=by, reason=reason)
    return _decided(new, employment.report.basis)


def _decided(new: Employment, basis: str) -> tuple[Employment, list[Fact]]:
    data = {**_who(new), "since": new.report.since, "checked_at": new.checked_at, "basis": basis}
    return new, [(f"acceptance.employment.{new.status}", data)]


def rate_percent(proven: int, completed: int) -> int:
    """Return the share employed with proof in whole percent, rounded down; 0 when nobody completed."""
    return proven * 100 // completed if completed else 0


def _who(employment: Employment) -> dict[str, object]:
    return {
        "project_id": employment.project_id,
        "class_id": employment.class_id,
        "person_ref": employment.report.person_ref,
    }


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
