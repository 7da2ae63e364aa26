"""Reports of employment (就业) that wait for the registry's word: only intake knows the citizen number."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.intake.domain.facts import Fact


@dataclass(frozen=True)
class Employment:
    """A report of acceptance; employer_code: the firm named in it, None when it names none; found: None
    until asked.
    """

    id: str
    project_id: str
    class_id: str
    person_ref: str
    since: date
    employer_code: str | None = None
    found: bool | None = None


@dataclass(frozen=True)
class Insured:
    """One line of the registry: insured by this firm over these days (last None: still)."""

    employer_code: str
    first: date
    last: date | None


def is_found(report: Employment, lines: Iterable[Insured]) -> bool:
    """Return whether a line covers the reported day, of the reported firm if one is named."""
    return any(
        line.first <= report.since
        and (line.last is None or line.last >= report.since)
        and report.employer_code in (None, line.employer_code)
        for line in lines
    )


def check(report: Employment, found: bool, now: datetime) -> tuple[Employment, list[Fact]]:
    """Take in the registry's answer; one that comes again changes nothing."""
    if report.found is not None:
        return report, []
    told: dict[str, Any] = {
        name: getattr(report, name) for name in ("project_id", "class_id", "person_ref", "since")
    }
    return replace(report, found=found), [
        ("intake.employment.checked", {**told, "found": found, "checked_at": now})
    ]
