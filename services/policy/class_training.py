"""The training subsidy of a class (培训补贴): after the certificate, where a province asks for it (S16, S17).

Project-type training is claimed in its two stages where a text orders them [AP], elsewhere as any class.
Claimed by the provider, by an enterprise for its own staff (直补企业 [600 §3]), by a school on its learners'
behalf [107 §2], or by a person for the own training. Reckoned with the rules of the last session's day.
"""

from collections.abc import Sequence
from datetime import date

from contracts.vocabularies import levels, regions
from contracts.vocabularies.modes import ORIENTED, PROJECT_TYPE
from contracts.vocabularies.money import PAYEES
from services.policy.facts import TraineeFacts
from services.policy.facts_claims import ORDINARY, ClassTrainingFacts
from services.policy.loader import rules_for
from services.policy.people import certificate_fault, each_once, training_fault
from services.policy.results import Calculation, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import Rule, RuleSet
from services.policy.standards import Standard, standard

CLASS_TRAINING = "class_training"


def class_training(
    training: ClassTrainingFacts,
    people: Sequence[TraineeFacts],
    day: date,
    *,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the subsidy for each person who completed the class and, where the province asks, is certified.

    Raises NoRule where the region has no rate for the class, ValueError when a person is there twice.
    """
    rules = rules or rules_for(regions.province_of(training.region))
    each_once(people)
    held = training.last_session or day
    fault = _outside(training, held, rules)
    if fault:
        return calculation(CLASS_TRAINING, day, rules, (), [fault])
    worth = standard_of_class(training, held, rules)
    fault = _not_held(training, worth.rule, day) or _payee_fault(training, worth.rule, held, rules)
    if fault:
        return calculation(CLASS_TRAINING, day, rules, (), [fault])
    owed = yuan(worth.fen)
    words = f"{worth.words[0]}：{owed}元", f"{worth.words[1]}: {owed} yuan"
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        wrong = training_fault(person, held, rules, worth.rule) or certificate_fault(
            person, training, day, rules, worth.rule
        )
        if wrong:
            refusals.append(wrong)
        else:
            lines.append(_line(person.person_ref, worth, words))
    return calculation(CLASS_TRAINING, day, rules, lines, refusals)


def standard_of_class(training: ClassTrainingFacts, day: date, rules: RuleSet) -> Standard:
    """Return what one person's place in the class is worth on a day; raises NoRule."""
    staged = training.organisation != PROJECT_TYPE or rules.find("advance_share", day) is not None
    return standard(
        rules,
        day,
        training.region,
        # without stages project-type training is paid by the standards that there are [600 §10(2)]
        organisation=training.organisation if staged else ORDINARY,
        kind=training.kind,
        occupation=training.occupation,
        level=training.level,
        hours=training.hours,
        price_fen=training.price_fen,
    )


def _outside(training: ClassTrainingFacts, held: date, rules: RuleSet) -> RefusalLine | None:
    """Return why this subsidy is not for such a class, whatever its rate."""
    staged = rules.find("advance_share", held)
    if training.organisation == PROJECT_TYPE and staged is not None:
        words = ("项目制培训按先行拨付与尾款申领", "project-type training is claimed in its two stages")
        return refusal(staged, "", "project_type_is_staged", words)
    oriented = rules.find("oriented_cap", held)
    if training.kind == ORIENTED and oriented is not None:
        words = ("定向式培训按省定标准另行申领", "oriented training is claimed by the province's standard")
        return refusal(oriented, "", "oriented_is_separate", words)
    scope = rules.find("training_levels", held, kind=training.kind)
    if scope is None or training.level in scope.values["levels"]:
        return None
    names = "、".join(levels.name(level) for level in scope.values["levels"])
    english = ", ".join(levels.name(level, "en") for level in scope.values["levels"])
    return refusal(scope, "", "level_outside_kind", (f"该类培训限：{names}", f"this kind is for: {english}"))


def _not_held(training: ClassTrainingFacts, rate: Rule, day: date) -> RefusalLine | None:
    if training.last_session is not None and training.last_session <= day:
        return None
    words = ("培训尚未结束", "the last session has not been held")
    return refusal(rate, "", "not_carried_out", words)


def _payee_fault(training: ClassTrainingFacts, rate: Rule, held: date, rules: RuleSet) -> RefusalLine | None:
    if training.payee not in rate.payee:
        names = "、".join(PAYEES.name(each) for each in rate.payee)
        english = ", ".join(PAYEES.name(each, "en") for each in rate.payee)
        return refusal(rate, "", "payee_not_allowed", (f"领取人应为：{names}", f"paid to: {english}"))
    direct = rules.find("direct_payment", held, organiser=training.organiser or training.payee)
    if direct is not None and training.payee not in direct.payee:
        return refusal(direct, "", "payee_not_organiser", (direct.zh, direct.en))
    return None


def _line(person_ref: str, worth: Standard, words: tuple[str, str]) -> Line:
    return line(
        worth.rule, person_ref, CLASS_TRAINING, words, worth.base_fen, worth.factors, worth.cap_fen,
        status=worth.status, rests_on=worth.rests_on,
    )  # fmt: skip
