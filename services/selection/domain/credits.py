"""Skill credits (技能学分) of a record, by the published table of each entry's own day [7 §13, §19]."""

from collections.abc import Iterable
from datetime import date

from contracts.vocabularies import regions
from services.policy.credits import CreditLine, certificate_credits, training_credits
from services.policy.loader import rules_for
from services.policy.rules import RuleSet
from services.selection.domain.entries import Entry


def rules_of(region: str) -> RuleSet:
    """Return the rules of the province of a region."""
    return rules_for(regions.province_of(region))


def credits_of(entries: Iterable[tuple[Entry, date]], rules: RuleSet) -> list[CreditLine]:
    """Return what each entry earns; struck ones and trainings that were not completed earn nothing.

    A training whose certificate is there earns too: hours and certificate are different achievements.
    """
    lines = [_line(entry, day, rules) for entry, day in entries if not entry.struck]
    return [line for line in lines if line is not None]


def _line(entry: Entry, day: date, rules: RuleSet) -> CreditLine | None:
    values = entry.now
    if entry.kind == "certificate":
        return certificate_credits(rules, entry.id, day, values["level"])
    if entry.kind == "training" and values.get("passed") and values.get("hours"):
        return training_credits(rules, entry.id, day, values["hours"])
    return None
