"""The uplift for employment within 6 months after training [37 §3], where a city has set one."""

from collections.abc import Sequence
from datetime import date

from contracts.vocabularies import regions
from services.policy.class_training import standard_of_class
from services.policy.dates import add_months
from services.policy.facts_claims import ClassTrainingFacts, UpliftPerson
from services.policy.loader import rules_for
from services.policy.people import each_once, record_fault
from services.policy.results import (
    Calculation,
    Factor,
    Line,
    RefusalLine,
    amount,
    calculation,
    line,
    refusal,
    yuan,
)
from services.policy.rules import Rule, RuleSet
from services.policy.standards import Standard

EMPLOYMENT_UPLIFT = "employment_uplift"


def employment_uplift(
    training: ClassTrainingFacts,
    people: Sequence[UpliftPerson],
    day: date,
    *,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the uplift of each person who was paid for and found work after the training, with proof.

    It is a share of the training's own standard, reckoned with the rules of the last session's day; a class
    of project type is told by `organisation`. Raises NoRule where the province has no such rule on that day
    or the region no rate, ValueError when a person is there twice.
    """
    rules = rules or rules_for(regions.province_of(training.region))
    each_once(people)
    held = training.last_session or day
    window = rules.one("uplift_window", held)
    uplift = rules.find("employment_uplift", held, training.region, kind=training.kind)
    fault = _fault(training, uplift, window, day)
    if fault or uplift is None:
        return calculation(EMPLOYMENT_UPLIFT, day, rules, (), [fault] if fault else ())
    worth = standard_of_class(training, held, rules)
    until = add_months(held, window.values["months"])
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = record_fault(
            person.person_ref, person.on_roster, person.real_name_complete, held, rules
        ) or _person_fault(person, held, min(until, day), window)
        if wrong:
            refusals.append(wrong)
        else:
            lines.append(_line(person.person_ref, worth, uplift, window))
    return calculation(EMPLOYMENT_UPLIFT, day, rules, lines, refusals)


def _fault(training: ClassTrainingFacts, uplift: Rule | None, window: Rule, day: date) -> RefusalLine | None:
    if training.kind != window.values["kind"]:
        words = ("就业上浮仅适用于就业技能培训", "the uplift is for training for employment only")
        return refusal(window, "", "kind_without_uplift", words)
    if uplift is None:
        words = ("该市未规定就业上浮", "this city has set no uplift")
        return refusal(window, "", "no_uplift_set", words)
    if training.last_session is None or training.last_session > day:
        words = ("培训尚未结束", "the last session has not been held")
        return refusal(window, "", "not_carried_out", words)
    return None


def _person_fault(person: UpliftPerson, held: date, until: date, window: Rule) -> RefusalLine | None:
    who, work = person.person_ref, person.employment
    months = window.values["months"]
    if person.subsidy_fen <= 0:
        words = ("未享受该培训的补贴", "no subsidy was paid for this training")
        return refusal(window, who, "no_training_subsidy", words)
    if work is None:
        words = ("未实现就业", "not employed")
        return refusal(window, who, "not_employed", words)
    if work.employed_from < held:
        words = ("培训结束前已就业", "employed before the training ended")
        return refusal(window, who, "employed_before", words)
    if work.employed_from > until:
        words = (f"培训后{months}个月内未就业", f"not employed within {months} months after the training")
        return refusal(window, who, "employed_late", words)
    if not work.proven:
        words = ("未提供就业证明材料", "the employment is not proven")
        return refusal(window, who, "employment_unproven", words)
    return None


def _line(person_ref: str, worth: Standard, uplift: Rule, window: Rule) -> Line:
    percent = uplift.values["percent"]
    share = Factor("employment_uplift", percent, 100)
    factors = (*worth.factors, share)
    cap = None if worth.cap_fen is None else amount(worth.cap_fen, (share,))
    owed = yuan(amount(worth.base_fen, factors, cap))
    words = (
        f"{worth.words[0]}；就业上浮{percent}%：{owed}元",
        f"{worth.words[1]}; uplift of {percent} %: {owed} yuan",
    )
    status = "illustrative" if "illustrative" in (worth.status, uplift.status) else uplift.status
    return line(
        uplift, person_ref, EMPLOYMENT_UPLIFT, words, worth.base_fen, factors, cap,
        status=status, rests_on=(*worth.rests_on, uplift.id, window.id),
    )  # fmt: skip
