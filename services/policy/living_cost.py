"""Living costs during training, for each day attended, to people entitled (S36)."""

from collections.abc import Iterable
from datetime import date

from contracts.vocabularies import regions
from services.policy.eligibility import proves
from services.policy.facts import LivingCostFacts
from services.policy.loader import rules_for
from services.policy.people import record_fault
from services.policy.results import Calculation, Factor, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import Rule, RuleSet

LIVING_COST = "living_cost"


def living_cost(
    person: LivingCostFacts,
    attended_days: Iterable[date],
    day: date,
    region: str,
    *,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the living costs of one person: the daily rate × days with a confirmed sign-in, up to the most.

    A day counts once. The rate is that of the last day attended. Raises NoRule where the region has no rate.
    """
    rules = rules or rules_for(regions.province_of(region))
    days = sorted(set(attended_days))
    counted = [each for each in days if each <= day]
    rate = rules.one("living_cost", counted[-1] if counted else day, region)
    fault = _fault(person, counted, days, rate, day, rules)
    if fault:
        return calculation(LIVING_COST, day, rules, (), [fault])
    return calculation(LIVING_COST, day, rules, [_line(person, len(counted), rate)], ())


def _line(person: LivingCostFacts, attended: int, rate: Rule) -> Line:
    daily, most = rate.values["daily_fen"], rate.values["max_days"]
    paid = min(attended, most)
    zh = f"每日{yuan(daily)}元 × {paid}天（出勤{attended}天，最多{most}天）"
    en = f"{yuan(daily)} yuan a day × {paid} days ({attended} attended, at most {most})"
    return line(
        rate,
        person.person_ref,
        LIVING_COST,
        (zh, en),
        daily,
        (Factor("attended_days", attended),),
        daily * most,
    )


def _fault(
    person: LivingCostFacts, counted: list[date], days: list[date], rate: Rule, day: date, rules: RuleSet
) -> RefusalLine | None:
    when = counted[-1] if counted else day
    fault = record_fault(person.person_ref, person.on_roster, person.real_name_complete, when, rules)
    if fault:
        return fault
    if not counted:
        fact = "attendance_later" if days else "not_attended"
        return refusal(rate, person.person_ref, fact, ("无有效出勤记录", "no confirmed attendance"))
    outcomes = {proves(rate, fact, when) for fact in person.groups}
    if "yes" in outcomes:
        return None
    if "needs_proof" in outcomes:
        words = ("享受生活费补贴的身份尚未证明", "the group entitled to living costs is not yet proven")
        return refusal(rate, person.person_ref, "group_unproven", words)
    words = ("不属于享受生活费补贴的人员", "belongs to no group entitled to living costs")
    return refusal(rate, person.person_ref, "group_not_entitled", words)
