"""Row ids that hold the limits: taking a row is the limit, nothing is ever counted."""

from dataclasses import dataclass
from datetime import date

from services.policy.loader import rules_for
from services.policy.rules import RuleSet


@dataclass(frozen=True, slots=True)
class LimitKeys:
    """`slots`: take the first free one, refuse when none is; `pair`: take it, refuse when it is taken.

    Empty or None where the jurisdiction knows no such limit. The rule ids are for the refusal's words.
    """

    slots: tuple[str, ...]
    pair: str | None
    slots_rule: str | None
    pair_rule: str | None


def limit_keys(
    person_ref: str,
    occupation: str,
    level: str,
    certificate_day: date,
    jurisdiction: str,
    *,
    rules: RuleSet | None = None,
) -> LimitKeys:
    """Return the rows that one training subsidy of a person takes [AP].

    The year is the calendar year of the certificate's date. At an advance, which comes before certificates,
    pass the day of the last session; move the slot when the certificate falls into another year.
    """
    rules = rules or rules_for(jurisdiction)
    yearly = rules.find("subsidies_per_year", certificate_day)
    once = rules.find("once_per_occupation_level", certificate_day)
    year = _key(jurisdiction, person_ref, str(certificate_day.year))
    times = yearly.values["times"] if yearly else 0
    return LimitKeys(
        tuple(f"{year}:slot{number}" for number in range(1, times + 1)),
        _key(jurisdiction, person_ref, occupation, level) if once else None,
        yearly.id if yearly else None,
        once.id if once else None,
    )


def payment_key(certificate: str, kind: str, payee_role: str, stage: str, jurisdiction: str) -> str:
    """Return the row id of the one payment for a certificate, kind of subsidy, payee role and stage.

    Before there is a certificate (an advance, living costs) pass the enrolment's id in its place.
    """
    return _key(jurisdiction, certificate, kind, payee_role, stage)


def _key(*parts: str) -> str:
    """Return the parts joined by `:`; colons within a part are escaped, lest two keys be taken for one."""
    if not all(parts):
        raise ValueError("a part of a key is empty")
    return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)
