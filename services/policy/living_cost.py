"""What a person entitled gets for each day attended: living costs, and transport [AP; 600 §4] (S36)."""

from collections.abc import Callable, Iterable
from datetime import date

from contracts.vocabularies import regions
from services.policy.eligibility import proves
from services.policy.facts import LivingCostFacts
from services.policy.loader import rules_for
from services.policy.people import record_fault
from services.policy.results import Calculation, Factor, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import Rule, RuleSet

LIVING_COST = "living_cost"
TRANSPORT = "transport"
_NAMES = {LIVING_COST: ("生活费补贴", "living costs"), TRANSPORT: ("交通费补贴", "transport costs")}


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
    return _by_day(LIVING_COST, person, attended_days, day, region, rules, _living_line)


def transport(
    person: LivingCostFacts,
    attended_days: Iterable[date],
    day: date,
    region: str,
    *,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the transport costs of one person: the daily rate × days attended, up to the most in fen.

    Days and rate as for living costs. Raises NoRule where the region has no rate.
    """
    return _by_day(TRANSPORT, person, attended_days, day, region, rules, _transport_line)


def _by_day(
    kind: str,
    person: LivingCostFacts,
    attended_days: Iterable[date],
    day: date,
    region: str,
    rules: RuleSet | None,
    line_of: Callable[[LivingCostFacts, int, Rule], Line],
) -> Calculation:
    rules = rules or rules_for(regions.province_of(region))
    days = sorted(set(attended_days))
    counted = [each for each in days if each <= day]
    when = counted[-1] if counted else day
    rate = rules.one(kind, when, region)
    fault = record_fault(person.person_ref, person.on_roster, person.real_name_complete, when, rules)
    if fault is None and not counted:
        fact = "attendance_later" if days else "not_attended"
        fault = refusal(rate, person.person_ref, fact, ("无有效出勤记录", "no confirmed attendance"))
    fault = fault or _group_fault(kind, person, rate, when)
    if fault:
        return calculation(kind, day, rules, (), [fault])
    return calculation(kind, day, rules, [line_of(person, len(counted), rate)], ())


def _living_line(person: LivingCostFacts, attended: int, rate: Rule) -> Line:
    daily, most = rate.values["daily_fen"], rate.values["max_days"]
    paid = min(attended, most)
    zh = f"每日{yuan(daily)}元 × {paid}天（出勤{attended}天，最多{most}天）"
    en = f"{yuan(daily)} yuan a day × {paid} days ({attended} attended, at most {most})"
    days = (Factor("attended_days", attended),)
    return line(rate, person.person_ref, LIVING_COST, (zh, en), daily, days, daily * most)


def _transport_line(person: LivingCostFacts, attended: int, rate: Rule) -> Line:
    daily, most = rate.values["daily_fen"], rate.values["max_fen"]
    zh = f"每日{yuan(daily)}元 × 出勤{attended}天，最多{yuan(most)}元"
    en = f"{yuan(daily)} yuan a day × {attended} days attended, at most {yuan(most)}"
    days = (Factor("attended_days", attended),)
    return line(rate, person.person_ref, TRANSPORT, (zh, en), daily, days, most)


def _group_fault(kind: str, person: LivingCostFacts, rate: Rule, when: date) -> RefusalLine | None:
    outcomes = {proves(rate, fact, when) for fact in person.groups}
    if "yes" in outcomes:
        return None
    zh, en = _NAMES[kind]
    if "needs_proof" in outcomes:
        words = (f"享受{zh}的身份尚未证明", f"the group entitled to {en} is not yet proven")
        return refusal(rate, person.person_ref, "group_unproven", words)
    words = (f"不属于享受{zh}的人员", f"belongs to no group entitled to {en}")
    return refusal(rate, person.person_ref, "group_not_entitled", words)
