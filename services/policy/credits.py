"""Skill credits (技能学分) by the published table, each entry by the rule of its own day [7 §13, §19]."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.policy.rules import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What an entry earns; `rule` says by what."""

    entry_id: str
    credits: int
    day: date
    rule: Rule


def certificate_credits(rules: RuleSet, entry_id: str, day: date, level: str) -> CreditLine | None:
    """Return what a certificate of a level earns, None where the table of its day has no such level."""
    rule = rules.find("certificate_credits", day, level=level)
    return CreditLine(entry_id, rule.values["credits"], day, rule) if rule else None


def training_credits(rules: RuleSet, entry_id: str, day: date, hours: int) -> CreditLine | None:
    """Return what a completed training earns: whole credits for its confirmed class hours, up to the most."""
    rule = rules.find("training_credits", day)
    if rule is None:
        return None
    earned = min(hours // rule.values["hours"], rule.values["most"])
    return CreditLine(entry_id, earned, day, rule) if earned else None


def credit_table(rules: RuleSet, day: date) -> Iterable[tuple[Rule, Mapping[str, Any]]]:
    """Return the rules of the table in force on a day, each with its figures, trainings last."""
    found = [*rules.all("training_credits", day)]
    certificates = [rule for rule in rules.of("certificate_credits") if rule.in_force(day)]
    return [(rule, {"level": rule.applies.get("level"), **rule.values}) for rule in [*certificates, *found]]
