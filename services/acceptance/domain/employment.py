"""Employment follow-up (就业跟踪): a report with proof, decided by a registry [S15; 37 §3, §8]."""

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
    """What a provider reports of one person. proof: SHA-256 of the document."""

    person_ref: str
    employer_code: str
    since: date
    proof: str


@dataclass(frozen=True)
class Employment:
    """A person's employment after a class; reported again only after a refutation."""

    id: str
    project_id: str
    class_id: str
    report: Report
    reported_by: str
    reported_at: datetime
    found: bool | None = None
    checked_at: datetime | None = None

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
    """The provider reports a graduate's employment: → reported; it counts when a registry has confirmed it.

    Raises Refusal `out_of_order`, `acceptance.not_completed`, `acceptance.employment_date` unless it began
    between the last session's day and six months later, and not in the future.
    """
    require(training.status(now), ("completed",), "report_employment")
    if told.person_ref not in training.completed:
        raise Refusal("acceptance.not_completed", field="person_ref")
    if old is not None:
        require(old.status, ("refuted",), "report_employment")
    ended = today_in_shanghai(training.ends)
    last = min(months_later(ended, parameters.EMPLOYMENT_MONTHS), today_in_shanghai(now))
    if not ended <= told.since <= last:
        raise Refusal(
            "acceptance.employment_date", field="since", ended=ended.isoformat(), last=last.isoformat()
        )
    id = employment_id(training.id, told.person_ref)
    new = Employment(id, training.project_id, training.id, told, by, now)
    data = {**_who(new), "since": told.since, "proof": told.proof, "employer_code": told.employer_code}
    return new, [("acceptance.employment.reported", data)]


def decide(
    employment: Employment, since: date, found: bool, checked_at: datetime
) -> tuple[Employment, list[Fact]]:
    """A registry's answer: reported → proven or refuted. An answer to an older report changes nothing."""
    if employment.status != "reported" or since != employment.report.since:
        return employment, []
    new = replace(employment, found=found, checked_at=checked_at)
    data = {**_who(new), "since": since, "checked_at": checked_at}
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
