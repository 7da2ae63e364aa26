"""Staged payment of project-type training: 60 % once carried out, the rest at 85 % employment [AP] (S18).

Both stages are reckoned with the rules of the day of the last session, so that a rate that changes in between
cannot part them; `day` only bounds which facts may count.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.vocabularies import regions
from contracts.vocabularies.modes import PROJECT_TYPE
from services.policy.dates import add_months
from services.policy.facts import EmploymentFact, ProjectFacts, TraineeFacts
from services.policy.loader import rules_for
from services.policy.people import certificate_fault, training_fault
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

ADVANCE = "project_advance"
BALANCE = "project_balance"


def advance(
    project: ProjectFacts, people: Sequence[TraineeFacts], day: date, *, rules: RuleSet | None = None
) -> Calculation:
    """Return what may be paid first for each person: the share of the standard, rounded down to the fen.

    Raises NoRule where the region has no standard for the project, ValueError when a person is there twice.
    """
    rules = rules or _rules_of(project)
    _each_once(people)
    fault = _not_carried_out(project, day, rules)
    if fault or project.last_session is None:
        return calculation(ADVANCE, day, rules, (), [fault] if fault else ())
    share = rules.one("advance_share", project.last_session)
    standard = standard_of(project, rules)
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = training_fault(person, project.last_session, rules)
        if wrong:
            refusals.append(wrong)
        else:
            lines.append(_advance_line(person, project, standard, share))
    return calculation(ADVANCE, day, rules, lines, refusals)


def balance(
    project: ProjectFacts,
    people: Sequence[TraineeFacts],
    employment: Iterable[EmploymentFact],
    day: date,
    *,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the rest of the subsidy: for each certified person the standard less the advance.

    Below the employment rate nothing is owed: the outcome is `held`, and `decision_needed` once the follow-up
    window has closed. A person who was advanced and earned no certificate is set off by a negative line; when
    that outweighs the rest the outcome is `recovery_due`. Everyone who was advanced has to be in `people`.
    Raises as `advance`.
    """
    rules = rules or _rules_of(project)
    _each_once(people)
    fault = _not_carried_out(project, day, rules)
    if fault or project.last_session is None:
        return calculation(BALANCE, day, rules, (), [fault] if fault else ())
    below = _below_rate(project, people, employment, day, rules)
    if below:
        return calculation(BALANCE, day, rules, (), [below[1]], below[0])
    standard = standard_of(project, rules)
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = training_fault(person, project.last_session, rules) or certificate_fault(
            person, project, day, rules
        )
        if wrong:
            refusals.append(wrong)
            lines += _set_off(person, standard)
        else:
            lines.append(_balance_line(person, project, standard))
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


def standard_of(project: ProjectFacts, rules: RuleSet) -> Rule:
    """Return the rule with the standard of the project's region, occupation and level; raises NoRule."""
    if project.last_session is None:
        raise ValueError("the standard is that of the day of the last session")
    return rules.one(
        "training_standard",
        project.last_session,
        project.region,
        organisation=project.organisation,
        kind=project.kind,
        occupation=project.occupation,
        level=project.level,
    )


def _rules_of(project: ProjectFacts) -> RuleSet:
    return rules_for(regions.province_of(project.region))


def _each_once(people: Sequence[TraineeFacts]) -> None:
    if len({person.person_ref for person in people}) != len(people):
        raise ValueError("a person is in the claim twice")


def _not_carried_out(project: ProjectFacts, day: date, rules: RuleSet) -> RefusalLine | None:
    rule = rules.one("advance_share", project.last_session or day)
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


def _price_words(project: ProjectFacts, standard: int) -> tuple[str, str]:
    if project.price_fen is None or project.price_fen >= standard:
        return f"标准{yuan(standard)}元", f"standard {yuan(standard)} yuan"
    price = yuan(project.price_fen)
    return (
        f"标准{yuan(standard)}元，中标价{price}元",
        f"standard {yuan(standard)} yuan, awarded price {price}",
    )


def _advance_line(person: TraineeFacts, project: ProjectFacts, standard: Rule, share: Rule) -> Line:
    fen, percent = standard.values["per_person_fen"], share.values["percent"]
    factors = (Factor("advance_share", percent, 100),)
    cap = None if project.price_fen is None else amount(project.price_fen, factors)
    zh, en = _price_words(project, fen)
    owed = yuan(amount(fen, factors, cap))
    words = (
        f"{zh}，先行拨付{percent}%：{owed}元［标准：{standard.id}］",
        f"{en}; {percent} % first: {owed} yuan [standard: {standard.id}]",
    )
    status = standard.status if standard.status == "illustrative" else share.status
    return line(share, person.person_ref, "training_advance", words, fen, factors, cap, status=status)


def _balance_line(person: TraineeFacts, project: ProjectFacts, standard: Rule) -> Line:
    fen = standard.values["per_person_fen"]
    zh, en = _price_words(project, fen)
    owed = yuan(amount(fen, (), project.price_fen) - person.advance_fen)
    words = (
        f"{zh}，减先行拨付{yuan(person.advance_fen)}元：{owed}元",
        f"{en}, less the advance of {yuan(person.advance_fen)}: {owed} yuan",
    )
    return line(
        standard, person.person_ref, "training_balance", words, fen, (), project.price_fen, person.advance_fen
    )


def _set_off(person: TraineeFacts, standard: Rule) -> list[Line]:
    if person.advance_fen == 0:
        return []
    paid = yuan(person.advance_fen)
    words = (f"未享受补贴，冲回先行拨付{paid}元", f"no subsidy: the advance of {paid} yuan is set off")
    return [line(standard, person.person_ref, "advance_set_off", words, 0, (), None, person.advance_fen)]


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
