"""What a case gives under a rule set: nothing is reckoned here, services.policy is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from contracts.vocabularies.modes import PROJECT_TYPE
from services import policy
from services.policy import (
    Calculation,
    Certificate,
    CertifiedPerson,
    ClassTrainingFacts,
    EmploymentFact,
    LivingCostFacts,
    NoRule,
    OrientedClass,
    OrientedTrainee,
    ProjectFacts,
    RuleSet,
    TraineeFacts,
    UpliftPerson,
)
from services.settlement.estimates.cases import BEFORE, LATE, Case, Trainee, Training, groups_of
from services.settlement.estimates.columns import (
    CERTIFICATE_BATCH,
    LIVING_COST,
    ORIENTED_TRAINING,
    PROJECT,
)

PROJECT_ADVANCE: Final = "project_advance"
PROJECT_BALANCE: Final = "project_balance"
EMPLOYMENT_UPLIFT: Final = "employment_uplift"
# past every window
_AGES: Final = timedelta(days=36_525)


class Amounts(NamedTuple):
    """What one case gives: fen by kind of claim, and the fact that keeps it out ("" where none does)."""

    fen: Mapping[str, int]
    reason: str = ""


NO_RULE: Final = Amounts({}, "no_rule")


def reckoned(cases: Sequence[Case], rules: RuleSet) -> list[Amounts]:
    """Return what each settled case gives under the rules."""
    trainings: dict[Training, list[int]] = {}
    found: list[Amounts] = [NO_RULE] * len(cases)
    for index, case in enumerate(cases):
        if isinstance(case[1], Training):
            trainings.setdefault(case[1], []).append(index)
        else:
            found[index] = _single(case, rules)
    for training, indexes in trainings.items():
        people = [cases[index][2] for index in indexes]
        for index, amounts in zip(indexes, _training(training, people, rules), strict=True):
            found[index] = amounts
    return found


def _single(case: Case, rules: RuleSet) -> Amounts:
    try:
        if case[0] == CERTIFICATE_BATCH:
            _, _, day, level, real_name = case
            proof = Certificate("-", "-", level, day)
            batch = [CertifiedPerson("-", proof, True, real_name)]
            return _amounts(CERTIFICATE_BATCH, policy.certificate_subsidy(batch, _later(day), rules=rules))
        if case[0] == ORIENTED_TRAINING:
            return _oriented(case, rules)
        kind, region, groups, proven, graduated, day, real_name, days = case
        reckon = policy.living_cost if kind == LIVING_COST else policy.transport
        attended = [day - timedelta(days=back) for back in range(days)]
        person = LivingCostFacts("-", True, real_name, groups_of(groups, proven, graduated))
        return _amounts(kind, reckon(person, attended, _later(day), region, rules=rules))
    except NoRule:
        return NO_RULE


def _oriented(case: Case, rules: RuleSet) -> Amounts:
    _, _, day, occupation, standard, months, level, real_name, completed = case
    proof = Certificate("-", occupation, level, day) if level else None
    person = OrientedTrainee("-", True, real_name, proof, completed)
    # the places are counted over all rows, by Reckoning
    term = OrientedClass(standard, months, occupation)
    return _amounts(ORIENTED_TRAINING, policy.oriented_training(term, [person], day, rules=rules))


def _amounts(kind: str, calculation: Calculation) -> Amounts:
    reason = calculation.refusals[0].fact if calculation.refusals else ""
    return Amounts({kind: calculation.total_fen} if calculation.total_fen else {}, reason)


def _training(training: Training, people: Sequence[Trainee], rules: RuleSet) -> Iterable[Amounts]:
    facts = [_trainee(number, person, training) for number, person in enumerate(people)]
    try:
        parts = (_project if training.kind == PROJECT else _class)(training, people, facts, rules)
    except NoRule:
        return [NO_RULE] * len(people)
    gained: list[dict[str, int]] = [{} for _ in people]
    reasons = [""] * len(people)
    for kind, calculation in parts:
        whole = next((each.fact for each in calculation.refusals if not each.person_ref), "")
        for line in calculation.lines:
            mine = gained[int(line.person_ref)]
            mine[kind] = mine.get(kind, 0) + line.amount_fen
        if kind == EMPLOYMENT_UPLIFT:
            continue
        reasons = [each or whole for each in reasons]
        for refusal in calculation.refusals:
            if refusal.person_ref:
                reasons[int(refusal.person_ref)] = refusal.fact
    return [Amounts(fen, reason) for fen, reason in zip(gained, reasons, strict=True)]


def _project(
    training: Training, people: Sequence[Trainee], facts: list[TraineeFacts], rules: RuleSet
) -> list[tuple[str, Calculation]]:
    day = training.day
    about = ProjectFacts(
        "-", training.region, training.occupation, training.level, day, training.price_fen,
        kind=training.training_kind,
    )  # fmt: skip
    first = [fact for fact, person in zip(facts, people, strict=True) if person.advance]
    advance = policy.advance(about, first, day, rules=rules)
    paid = {line.person_ref: line.amount_fen for line in advance.lines}
    after = [replace(fact, advance_fen=paid.get(fact.person_ref, 0)) for fact in facts]
    # the rate is that of the whole project: here it is either reached by all or by nobody
    work = [EmploymentFact(fact.person_ref, day, True) for fact in after if training.met and fact.completed]
    rest = policy.balance(about, after, work, _later(day), rules=rules)
    parts = [(PROJECT_ADVANCE, advance), (PROJECT_BALANCE, rest)]
    return parts + _uplift(training, people, parts, rules)


def _class(
    training: Training, people: Sequence[Trainee], facts: list[TraineeFacts], rules: RuleSet
) -> list[tuple[str, Calculation]]:
    about = _class_of(training)
    parts = [(training.kind, policy.class_training(about, facts, _later(training.day), rules=rules))]
    return parts + _uplift(training, people, parts, rules)


def _class_of(training: Training) -> ClassTrainingFacts:
    about = ClassTrainingFacts(
        "-", training.region, training.occupation, training.level, training.day, training.training_kind,
        training.payee or "provider", training.organiser or None, training.hours, training.price_fen,
    )  # fmt: skip
    return replace(about, organisation=PROJECT_TYPE) if training.kind == PROJECT else about


def _uplift(
    training: Training,
    people: Sequence[Trainee],
    parts: Iterable[tuple[str, Calculation]],
    rules: RuleSet,
) -> list[tuple[str, Calculation]]:
    if not any(person.work for person in people):
        return []
    paid: dict[str, int] = {}
    for _, calculation in parts:
        for line in calculation.lines:
            paid[line.person_ref] = paid.get(line.person_ref, 0) + line.amount_fen
    wanted = [_working(str(number), person, paid, training.day) for number, person in enumerate(people)]
    try:
        about = _class_of(training)
        return [
            (EMPLOYMENT_UPLIFT, policy.employment_uplift(about, wanted, _later(training.day), rules=rules))
        ]
    except NoRule:
        # a province without such a rule, or a place without a rate: no uplift
        return []


def _working(ref: str, person: Trainee, paid: Mapping[str, int], day: date) -> UpliftPerson:
    begun = {BEFORE: day - timedelta(days=1), LATE: day + _AGES}.get(person.work, day)
    work = EmploymentFact(ref, begun, True) if person.work else None
    return UpliftPerson(ref, True, person.real_name, paid.get(ref, 0), work)


def _trainee(number: int, person: Trainee, training: Training) -> TraineeFacts:
    proof = None
    if person.certificate:
        proof = Certificate("-", training.occupation, person.certificate, training.day)
    return TraineeFacts(
        str(number), True, person.real_name, person.pension, person.eligible, int(person.attended),
        person.completed, proof,
    )  # fmt: skip


def _later(day: date) -> date:
    """Return the day of the calculation: late enough that every fact of the case is known."""
    return date(day.year + 1, 12, 31)
