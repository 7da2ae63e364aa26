"""Staged payment of project-type training: 60 % once carried out, the rest at 85 % employment [AP] (S18).

Both stages are reckoned with the rules of the day of the last session, so that a rate that changes in between
cannot part them; `day` only bounds which facts may count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from contracts.vocabularies import regions
from contracts.vocabularies.modes import PROJECT_TYPE
from services.policy.dates import add_months
from services.policy.facts import EmploymentFact, ProjectFacts, TraineeFacts
from services.policy.loader import rules_for
from services.policy.people import certificate_fault, each_once, training_fault
from services.policy.results import (
    Calculation,
    CalculationOutcome,
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
from services.policy.standards import Standard, standard

ADVANCE = "project_advance"
BALANCE = "project_balance"


def advance(
    project: ProjectFacts, people: Sequence[TraineeFacts], day: date, *, rules: RuleSet | None = None
) -> Calculation:
    """Return what may be paid first for each person: the share of the standard, rounded down to the fen.

    Where the province's text orders no stages it is refused by that text; there a class is claimed, as
    `class_training`. Raises NoRule where the region has no standard for the project, or no text speaks of
    stages, ValueError when a person is there twice.
    """
    rules = rules or _rules_of(project)
    each_once(people)
    fault = _not_carried_out(project, day, rules)
    if fault or project.last_session is None:
        return calculation(ADVANCE, day, rules, (), [fault] if fault else ())
    share = rules.one("advance_share", project.last_session)
    worth = standard_of(project, rules)
    usual = _advance_line(worth, share)
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = training_fault(person, project.last_session, rules, share)
        if wrong:
            refusals.append(wrong)
        else:
            lines.append(replace(usual, person_ref=person.person_ref))
    return calculation(ADVANCE, day, rules, lines, refusals)


def balance(
    project: ProjectFacts,
    people: Sequence[TraineeFacts],
    employment: Iterable[EmploymentFact],
    day: date,
    *,
    rules: RuleSet | None = None,
    decided: int | None = None,
) -> Calculation:
    """Return the rest of the subsidy: for each certified person the standard less the advance.

    Below the employment rate nothing is owed: the outcome is `held`, and `decision_needed` once the follow-up
    window has closed; then an officer decides which per cent of each rest is paid (`decided`). A person who
    was advanced and earned no certificate is set off by a negative line; when that outweighs the rest the
    outcome is `recovery_due`. Everyone who was advanced has to be in `people`. Raises as `advance`.
    """
    rules = rules or _rules_of(project)
    each_once(people)
    fault = _not_carried_out(project, day, rules)
    if fault or project.last_session is None:
        return calculation(BALANCE, day, rules, (), [fault] if fault else ())
    below = _below_rate(project, people, employment, day, rules)
    if below and (below[0] == "held" or decided is None):
        return calculation(BALANCE, day, rules, (), [below[1]], below[0])
    worth = standard_of(project, rules)
    share = rules.one("advance_share", project.last_session)
    lines: list[Line] = []
    refusals: list[RefusalLine] = [below[1]] if below else []
    for person in people:
        wrong = training_fault(person, project.last_session, rules, share) or certificate_fault(
            person, project, day, rules
        )
        if wrong:
            refusals.append(wrong)
            lines += _set_off(person, worth.rule)
        elif below and decided is not None:
            lines += _decided_line(
                person, worth, decided, rules.one("below_rate_decision", project.last_session)
            )
        else:
            lines.append(_balance_line(person, worth))
    return calculation(BALANCE, day, rules, lines, refusals)


def employment_rate(
    project: ProjectFacts,
    people: Iterable[TraineeFacts],
    employment: Iterable[EmploymentFact],
    day: date,
    *,
    rules: RuleSet | None = None,
) -> tuple[int, int]:
    """Return (employed with proof within the follow-up window and by `day`, completed) of a project."""
    if project.last_session is None:
        return 0, 0
    until = min(follow_up_ends(project, rules=rules), day)
    working = {fact.person_ref for fact in employment if fact.proven and fact.employed_from <= until}
    completed = {person.person_ref for person in people if person.completed}
    return len(completed & working), len(completed)


def follow_up_ends(project: ProjectFacts, *, rules: RuleSet | None = None) -> date:
    """Return the last day of the follow-up window; raises ValueError before the last session was held."""
    if project.last_session is None:
        raise ValueError("the follow-up window opens with the last session")
    rules = rules or _rules_of(project)
    return add_months(
        project.last_session, rules.one("follow_up_window", project.last_session).values["months"]
    )


def standard_of(project: ProjectFacts, rules: RuleSet) -> Standard:
    """Return what one person's training is worth; raises NoRule, ValueError before the last session."""
    if project.last_session is None:
        raise ValueError("the standard is that of the day of the last session")
    return standard(
        rules,
        project.last_session,
        project.region,
        organisation=project.organisation,
        kind=project.kind,
        occupation=project.occupation,
        level=project.level,
        price_fen=project.price_fen,
    )


def _rules_of(project: ProjectFacts) -> RuleSet:
    return rules_for(regions.province_of(project.region))


def _not_carried_out(project: ProjectFacts, day: date, rules: RuleSet) -> RefusalLine | None:
    rule = rules.find("advance_share", project.last_session or day)
    if rule is None:
        unstaged = rules.one("no_stages", project.last_session or day)
        words = (
            "项目制培训未规定分期拨付，按补贴标准以班级申领培训补贴",
            "no text orders stages for project-type training here: claim the class by the standard",
        )
        return refusal(unstaged, "", "not_staged", words)
    if project.organisation != PROJECT_TYPE:
        words = ("分期拨付仅适用于项目制培训", "staged payment is for project-type training only")
        return refusal(rule, "", "not_project_type", words)
    if project.last_session is None or project.last_session > day:
        words = (
            "培训尚未实施完毕：最后一次课未结束",
            "not carried out yet: the last session has not been held",
        )
        return refusal(rule, "", "not_carried_out", words)
    return None


def _advance_line(worth: Standard, share: Rule) -> Line:
    percent = share.values["percent"]
    first = Factor("advance_share", percent, 100)
    factors = (*worth.factors, first)
    cap = None if worth.cap_fen is None else amount(worth.cap_fen, (first,))
    owed = yuan(amount(worth.base_fen, factors, cap))
    words = (
        f"{worth.words[0]}，先行拨付{percent}%：{owed}元［标准：{worth.rule.id}］",
        f"{worth.words[1]}; {percent} % first: {owed} yuan [standard: {worth.rule.id}]",
    )
    status = worth.status if worth.status == "illustrative" else share.status
    return line(
        share, "", "training_advance", words, worth.base_fen, factors, cap,
        status=status, rests_on=worth.rests_on,
    )  # fmt: skip


def _balance_line(person: TraineeFacts, worth: Standard) -> Line:
    owed = yuan(worth.fen - person.advance_fen)
    words = (
        f"{worth.words[0]}，减先行拨付{yuan(person.advance_fen)}元：{owed}元",
        f"{worth.words[1]}, less the advance of {yuan(person.advance_fen)}: {owed} yuan",
    )
    return line(
        worth.rule, person.person_ref, "training_balance", words, worth.base_fen, worth.factors,
        worth.cap_fen, person.advance_fen, worth.status, worth.rests_on,
    )  # fmt: skip


def _decided_line(person: TraineeFacts, worth: Standard, percent: int, rule: Rule) -> list[Line]:
    rest = worth.fen - person.advance_fen
    if not percent or rest <= 0:
        return []
    words = (
        f"未达就业率，经办人员决定拨付尾款{yuan(rest)}元的{percent}%",
        f"below the rate: {percent} % of the balance of {yuan(rest)} yuan, by decision",
    )
    factors = (Factor("decided_share", percent, 100),)
    return [
        line(
            worth.rule, person.person_ref, "training_balance_decided", words, rest, factors,
            status=worth.status, rests_on=(*worth.rests_on, rule.id),
        )
    ]  # fmt: skip


def decision_range(project: ProjectFacts, rules: RuleSet) -> tuple[int, int]:
    """Return the least and the greatest per cent of a balance that may be decided below the rate.

    Raises NoRule, ValueError before the last session was held.
    """
    if project.last_session is None:
        raise ValueError("nothing is decided before the last session was held")
    values = rules.one("below_rate_decision", project.last_session).values
    return values["min_percent"], values["max_percent"]


def _set_off(person: TraineeFacts, rate: Rule) -> list[Line]:
    if person.advance_fen == 0:
        return []
    paid = yuan(person.advance_fen)
    words = (f"未享受补贴，冲回先行拨付{paid}元", f"no subsidy: the advance of {paid} yuan is set off")
    return [line(rate, person.person_ref, "advance_set_off", words, 0, (), None, person.advance_fen)]


def _below_rate(
    project: ProjectFacts,
    people: Sequence[TraineeFacts],
    employment: Iterable[EmploymentFact],
    day: date,
    rules: RuleSet,
) -> tuple[CalculationOutcome, RefusalLine] | None:
    rule = rules.one("employment_rate", project.last_session or day)
    working, completed = employment_rate(project, people, employment, day, rules=rules)
    percent = rule.values["percent"]
    if completed and working * 100 >= percent * completed:
        return None
    closed = day > follow_up_ends(project, rules=rules)
    zh = f"就业{working}人／结业{completed}人，未达到{percent}%"
    en = f"{working} employed of {completed} who completed: below {percent} %"
    if closed:
        words = (zh + "；跟踪期已满，由经办人员书面决定", en + "; the window has closed, an officer decides")
    else:
        words = (zh + "；暂不拨付", en + "; held")
    return "decision_needed" if closed else "held", refusal(rule, "", "employment_rate_below", words)
