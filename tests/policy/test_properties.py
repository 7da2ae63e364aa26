"""What holds for any claim: limits in every order, caps, and batches that are split."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.policy import (
    Calculation,
    Certificate,
    CertifiedPerson,
    ClassTrainingFacts,
    CostShareFacts,
    EmploymentFact,
    GroupFact,
    LivingCostFacts,
    OrientedClass,
    OrientedTrainee,
    PaidWorker,
    ProjectFacts,
    TraineeFacts,
    UpliftPerson,
    WageMonth,
    advance,
    balance,
    certificate_subsidy,
    class_training,
    cost_share,
    employment_uplift,
    limit_keys,
    living_cost,
    merged,
    oriented_training,
    rules_for,
    transport,
    work_for_training,
)

SHANDONG = "370000"
REGIONS = st.sampled_from(["370611", "370102"])
OCCUPATIONS = st.sampled_from(["6-18-02-04", "6-31-01-03", "4-10-01-05", "4-03-02-01"])
LEVELS = st.sampled_from(["special", "5", "4", "3"])
PRICES = st.none() | st.integers(1, 500_000)
HELD, DAY = date(2026, 12, 18), date(2027, 4, 1)
YES = st.sampled_from([True, True, True, False])


@st.composite
def classes(draw: Any) -> ClassTrainingFacts:
    payee = draw(st.sampled_from(["provider", "enterprise", "school", "person"]))
    return ClassTrainingFacts(
        "K", draw(REGIONS), draw(OCCUPATIONS), draw(LEVELS), HELD, payee=payee, price_fen=draw(PRICES)
    )


@st.composite
def trainees(draw: Any, occupation: str, level: str) -> list[TraineeFacts]:
    """A roster of up to thirty, in every state."""
    count = draw(st.integers(0, 30))
    return [
        TraineeFacts(
            f"w{number}",
            draw(YES),
            draw(YES),
            draw(st.sampled_from([False, False, True, None])),
            draw(st.sampled_from(["yes", "yes", "no", "needs_proof"])),
            draw(st.integers(0, 3)),
            draw(YES),
            Certificate(f"C{number}", occupation, level, date(2026, 12, 25)) if draw(YES) else None,
            draw(st.sampled_from([0, 50_000, 108_000])),
        )
        for number in range(count)
    ]


def kept(calculation: Calculation) -> None:
    """Check a calculation on its own: it adds up, no amount is above its cap, nobody is told twice."""
    assert calculation.adds_up()
    for line in calculation.lines:
        assert line.cap_fen is None or line.amount_fen + line.less_fen <= line.cap_fen
        assert line.capped == (line.cap_fen is not None and line.amount_fen + line.less_fen == line.cap_fen)
        assert line.clause
        assert line.document
        assert line.zh
        assert line.en
    for refusal in calculation.refusals:
        assert refusal.rule_id
        assert refusal.clause
        assert refusal.fact
        assert refusal.zh
        assert refusal.en


def same_in_parts(whole: Calculation, parts: list[Calculation]) -> None:
    """Check that the parts together say what the whole says, person by person."""

    def told(calculations: list[Calculation]) -> list[str]:
        return sorted(str(each) for part in calculations for each in (*part.lines, *part.refusals))

    assert told([whole]) == told(parts)
    assert whole.total_fen == sum(part.total_fen for part in parts)


@given(st.data())
def test_classes_keep_their_caps_and_can_be_split(data: Any) -> None:
    training = data.draw(classes())
    people = data.draw(trainees(training.occupation, training.level))
    cut = data.draw(st.integers(0, len(people)))
    whole = class_training(training, people, DAY)
    kept(whole)
    assert len(whole.lines) + len(whole.refusals) == len(people)
    same_in_parts(whole, [class_training(training, part, DAY) for part in (people[:cut], people[cut:])])
    shuffled = data.draw(st.permutations(people))
    same_in_parts(whole, [class_training(training, shuffled, DAY)])


@given(st.data(), REGIONS, st.sampled_from(["5", "4", "3"]), PRICES)
def test_both_stages_keep_their_caps_and_can_be_split(
    data: Any, region: str, level: str, price: int | None
) -> None:
    project = ProjectFacts("P", region, "6-18-02-04", level, HELD, price)
    people = data.draw(trainees(project.occupation, level))
    cut = data.draw(st.integers(0, len(people)))
    whole = advance(project, people, DAY)
    kept(whole)
    same_in_parts(whole, [advance(project, part, DAY) for part in (people[:cut], people[cut:])])
    work = [EmploymentFact(each.person_ref, date(2027, 1, 5), True) for each in people]
    # the employment rate is the project's: parts are compared where everyone found work
    done = [replace(each, completed=True) for each in people]
    if done:
        whole = balance(project, done, work, DAY)
        kept(whole)
        parts = [part for part in (done[:cut], done[cut:]) if part]
        same_in_parts(whole, [balance(project, part, work, DAY) for part in parts])


@given(st.data(), REGIONS, OCCUPATIONS, LEVELS)
def test_the_stages_never_give_more_than_the_class_is_worth(
    data: Any, region: str, occupation: str, level: str
) -> None:
    rules = rules_for(SHANDONG)
    if rules.find(
        "training_standard", HELD, region, organisation="project_type", kind="employment_skills",
        occupation=occupation, level=level,
    ) is None:  # fmt: skip
        return
    project = ProjectFacts("P", region, occupation, level, HELD, data.draw(PRICES))
    person = TraineeFacts(
        "w", True, True, False, "yes", 9, True, Certificate("C", occupation, level, date(2026, 12, 25))
    )
    first = advance(project, [person], DAY).total_fen
    work = [EmploymentFact("w", date(2027, 1, 5), True)]
    rest = balance(project, [replace(person, advance_fen=first)], work, DAY).total_fen
    assert first + rest == balance(project, [person], work, DAY).total_fen
    assert project.price_fen is None or first + rest <= project.price_fen


@given(st.data())
def test_the_uplift_is_a_share_of_what_the_class_is_worth(data: Any) -> None:
    training = replace(data.draw(classes()), payee="provider")
    people = [
        UpliftPerson(
            f"w{number}",
            data.draw(YES),
            data.draw(YES),
            data.draw(st.sampled_from([0, 100_000])),
            EmploymentFact(
                f"w{number}", HELD + timedelta(days=data.draw(st.integers(-5, 200))), data.draw(YES)
            )
            if data.draw(YES)
            else None,
        )
        for number in range(data.draw(st.integers(0, 12)))
    ]
    cut = data.draw(st.integers(0, len(people)))
    whole = employment_uplift(training, people, date(2027, 12, 1))
    kept(whole)
    parts = [employment_uplift(training, part, date(2027, 12, 1)) for part in (people[:cut], people[cut:])]
    same_in_parts(whole, parts)
    trainee = TraineeFacts(
        "w", True, True, False, "yes", 9, True,
        Certificate("C", training.occupation, training.level, HELD),
    )  # fmt: skip
    worth = class_training(training, [trainee], DAY).total_fen
    percent = {"370611": 10, "370102": 15}[training.region]
    assert all(
        line.amount_fen == worth * percent // 100 for line in whole.lines if worth * percent % 100 == 0
    )
    assert all(line.amount_fen * 100 <= (worth + 1) * percent for line in whole.lines)


@given(st.lists(st.dates(date(2026, 9, 1), date(2027, 3, 1)), max_size=120), REGIONS)
def test_costs_by_day_keep_their_caps_and_count_a_day_once(days: list[date], region: str) -> None:
    person = LivingCostFacts("w", True, True, (GroupFact("rural_transfer", True),))
    for subsidy in (living_cost, transport):
        whole = subsidy(person, days, DAY, region)
        kept(whole)
        assert whole.total_fen == subsidy(person, sorted(days * 2, reverse=True), DAY, region).total_fen


@given(
    st.lists(st.tuples(st.sampled_from(["special", "5", "4", "3", "2", "1"]), YES, YES), max_size=40),
    st.data(),
)
def test_certificates_are_paid_once_and_can_be_split(marks: list[tuple[str, bool, bool]], data: Any) -> None:
    batch = [
        CertifiedPerson(f"x{number}", Certificate(f"S{number}", "6-18-02-04", level, HELD), age, record)
        for number, (level, age, record) in enumerate(marks)
    ]
    cut = data.draw(st.integers(0, len(batch)))
    whole = certificate_subsidy(batch, DAY)
    kept(whole)
    if batch:
        same_in_parts(whole, [certificate_subsidy(part, DAY) for part in (batch[:cut], batch[cut:])])
        assert merged([whole]).total_fen == whole.total_fen
    again = certificate_subsidy([*batch, *batch], DAY)
    assert again.total_fen == whole.total_fen


@given(st.integers(0, 1_000_000), st.integers(1, 8), st.integers(29_980, 30_005), st.integers(0, 30))
def test_oriented_training_never_passes_8000_yuan_nor_30000_places(
    standard: int, months: int, taken: int, count: int
) -> None:
    people = [
        OrientedTrainee(f"x{number}", True, True, Certificate(f"S{number}", "6-18-02-04", "3", HELD))
        for number in range(count)
    ]
    result = oriented_training(OrientedClass(standard, months, "6-18-02-04", taken), people, DAY)
    kept(result)
    assert all(line.amount_fen <= 800_000 for line in result.lines)
    assert not result.lines or taken + len(result.lines) <= 30_000


@given(st.integers(2020, 2023), st.integers(1, 12), st.integers(0, 9), st.data())
def test_wage_months_end_with_2021_and_can_be_split(year: int, month: int, before: int, data: Any) -> None:
    people = [
        PaidWorker(
            f"x{number}",
            data.draw(YES),
            data.draw(st.sampled_from(["compared", "documents", "none"])),
            before,
        )
        for number in range(data.draw(st.integers(0, 9)))
    ]
    wage = WageMonth("B", "140100", year, month)
    whole = work_for_training(wage, people, date(2024, 1, 1))
    kept(whole)
    assert not whole.lines or (2021, 7) <= (year, month) <= (2021, 12)
    if (2021, 7) <= (year, month) <= (2021, 12):
        cut = data.draw(st.integers(0, len(people)))
        parts = [work_for_training(wage, part, date(2024, 1, 1)) for part in (people[:cut], people[cut:])]
        same_in_parts(whole, parts)


@given(
    st.integers(0, 10_000_000),
    st.booleans(),
    st.sets(st.sampled_from(["difficulty", "veteran", "disabled"])),
    REGIONS,
)
def test_the_shares_of_a_cost_sum_to_it(cost: int, with_firm: bool, groups: set[str], region: str) -> None:
    facts = CostShareFacts("w", region, "employment_skills", cost, with_firm, tuple(sorted(groups)))
    result = cost_share(facts, DAY)
    kept(result)
    assert result.total_fen == cost
    shares = {line.what: line.amount_fen for line in result.lines}
    assert all(each >= 0 for each in shares.values())
    assert with_firm or "firm_share" not in shares
    if groups & {"difficulty", "disabled"}:
        assert "person_share" not in shares


# ---- limits in every order


def take(rows: set[str], claim: tuple[str, str, str, date]) -> bool:
    """Reserve the rows of one training of a person, as settlement does: the first free slot and the pair."""
    keys = limit_keys(*claim, SHANDONG)
    free = next((slot for slot in keys.slots if slot not in rows), None)
    if free is None or keys.pair in rows:
        return False
    rows |= {free, str(keys.pair)}
    return True


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["w1", "w2"]), OCCUPATIONS, LEVELS, st.dates(date(2021, 12, 1), date(2023, 2, 1))
    ),
    max_size=40,
)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_no_order_of_claims_breaks_a_limit(claims: list[tuple[str, str, str, date]], chance: Any) -> None:
    rows: set[str] = set()
    held: list[tuple[tuple[str, str, str, date], set[str]]] = []
    for claim in claims:
        before = set(rows)
        if take(rows, claim):
            held.append((claim, rows - before))
        if held and chance.random() < 0.2:
            _, freed = held.pop(chance.randrange(len(held)))  # a claim is refused or withdrawn
            rows -= freed
    live = [claim for claim, _ in held]
    for (person, year), group in itertools.groupby(
        sorted((who, day.year) for who, _, _, day in live), key=lambda each: each
    ):
        assert len(list(group)) <= 3, (person, year)
    assert len({claim[:3] for claim in live}) == len(live)


@given(CLAIMS)
def test_a_limit_refuses_nobody_who_is_within_it(claims: list[tuple[str, str, str, date]]) -> None:
    rows: set[str] = set()
    granted: list[tuple[str, str, str, date]] = []
    for claim in claims:
        year = sum(each[0] == claim[0] and each[3].year == claim[3].year for each in granted)
        pair = any(each[:3] == claim[:3] for each in granted)
        assert take(rows, claim) == (year < 3 and not pair)
        if year < 3 and not pair:
            granted.append(claim)
