"""Work-for-training (以工代训): a month's wage paid, no course, to the end of 2021 [600 §2] (S34).

It uses up none of an employee's trainings and counts towards no training target: `counts_as_training`.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from contracts.vocabularies import regions
from services.policy.facts_claims import PaidWorker, WageMonth
from services.policy.loader import rules_for
from services.policy.people import each_once, record_fault
from services.policy.results import Calculation, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import Rule, RuleSet

WORK_FOR_TRAINING = "work_for_training"


def work_for_training(
    month: WageMonth, people: Sequence[PaidWorker], day: date, *, rules: RuleSet | None = None
) -> Calculation:
    """Return the subsidy of each person whose wage of the month is verified, paid to the enterprise.

    A month is judged by its last day. Raises NoRule where the province never had the policy or, within its
    time, the region has no rate; ValueError for a month off the calendar or a person there twice.
    """
    rules = rules or rules_for(regions.province_of(month.region))
    each_once(people)
    ends = last_day(month)
    policy = rules.find("work_for_training", ends)
    if policy is None:
        known = rules.latest("work_for_training", max(ends, day))
        words = _outside(known, ends)
        return calculation(WORK_FOR_TRAINING, day, rules, (), [refusal(known, "", "not_in_force", words)])
    if ends > day:
        words = ("该月尚未结束", "the month has not ended")
        return calculation(WORK_FOR_TRAINING, day, rules, (), [refusal(policy, "", "month_open", words)])
    rate = rules.one("work_for_training_rate", ends, month.region)
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = _fault(person, ends, policy, rate, rules)
        if wrong:
            refusals.append(wrong)
        else:
            lines.append(_line(person.person_ref, month, rate, policy))
    return calculation(WORK_FOR_TRAINING, day, rules, lines, refusals)


def counts_as_training(jurisdiction: str, day: date, *, rules: RuleSet | None = None) -> bool:
    """Return whether a wage month uses up a training of the employee and counts towards targets [600 §2]."""
    rules = rules or rules_for(jurisdiction)
    return bool(rules.latest("work_for_training", day).values["counts_as_training"])


def last_day(month: WageMonth) -> date:
    """Return the last day of a wage month; raises ValueError for one off the calendar."""
    date(month.year, month.month, 1)
    return date(month.year, month.month, monthrange(month.year, month.month)[1])


def _outside(known: Rule, ends: date) -> tuple[str, str]:
    if ends < known.valid_from:
        return (
            f"所引文件自{known.valid_from}起施行，此前的以工代训规定未录入",
            f"the text begins on {known.valid_from}; what held before it is not entered",
        )
    return (
        f"以工代训政策至{known.valid_to}止",
        f"work-for-training ended on {known.valid_to}",
    )


def _fault(person: PaidWorker, ends: date, policy: Rule, rate: Rule, rules: RuleSet) -> RefusalLine | None:
    who, most = person.person_ref, rate.values["max_months"]
    if person.payroll == "none":
        words = (
            "工资发放未经数据比对核实，亦无花名册和银行对账单",
            "the wage is neither compared nor documented",
        )
        return refusal(policy, who, "payroll_unverified", words)
    fault = record_fault(who, True, person.real_name_complete, ends, rules)
    if fault:
        return fault
    if person.eligible != "yes":
        words = ("不属于该企业职工或尚未证明", "not shown to be an employee of the enterprise")
        return refusal(policy, who, "not_an_employee", words)
    if person.months_before >= most:
        words = (
            f"已享受{person.months_before}个月，最多{most}个月",
            f"{person.months_before} months of {most}",
        )
        return refusal(rate, who, "months_used_up", words)
    return None


def _line(person_ref: str, month: WageMonth, rate: Rule, policy: Rule) -> Line:
    fen = rate.values["monthly_fen"]
    when = f"{month.year}-{month.month:02}"
    words = (f"以工代训{when}：每月{yuan(fen)}元", f"work-for-training, {when}: {yuan(fen)} yuan a month")
    return line(rate, person_ref, WORK_FOR_TRAINING, words, fen, rests_on=(rate.id, policy.id))
