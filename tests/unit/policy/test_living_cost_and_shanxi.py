"""Living costs [AP], and what Shanxi pays [600 §9, §10]."""

from datetime import date, timedelta

import pytest

from services.policy import (
    Certificate,
    CertifiedPerson,
    GroupFact,
    NoRule,
    OrientedClass,
    OrientedTrainee,
    certificate_subsidy,
    living_cost,
    merged,
    oriented_training,
)
from tests.unit.policy.cases import CLAIM_DAY, FUSHAN, WELDER, learner

FIRST = date(2026, 11, 30)
OCCUPATION = "6-18-02-04"


def days(count: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(count)]


def test_living_costs_are_paid_for_each_day_attended() -> None:
    paid = living_cost(learner(), days(12), CLAIM_DAY, FUSHAN)
    (line,) = paid.lines
    assert paid.total_fen == line.amount_fen == 12 * 3_000
    assert (line.base_fen, line.factors[0].num, line.status) == (3_000, 12, "illustrative")
    assert "12天" in line.zh


def test_a_day_counts_once_however_often_one_signs_in() -> None:
    assert living_cost(learner(), days(3) * 2, CLAIM_DAY, FUSHAN).total_fen == 3 * 3_000


@pytest.mark.parametrize(("attended", "paid"), [(59, 59), (60, 60), (61, 60), (90, 60)])
def test_at_most_sixty_days(attended: int, paid: int) -> None:
    result = living_cost(learner(), days(attended), date(2027, 4, 1), FUSHAN)
    assert result.total_fen == paid * 3_000
    assert result.adds_up()


def test_days_after_the_claim_do_not_count() -> None:
    assert living_cost(learner(), days(12), FIRST + timedelta(days=4), FUSHAN).total_fen == 5 * 3_000
    early = living_cost(learner(), days(3), FIRST - timedelta(days=1), FUSHAN)
    assert [why.fact for why in early.refusals] == ["attendance_later"]


@pytest.mark.parametrize(
    ("who", "fact"),
    [
        (learner(on_roster=False), "not_on_roster"),
        (learner(real_name_complete=False), "real_name_incomplete"),
        (learner(GroupFact("rural_transfer", False)), "group_unproven"),
        (learner(GroupFact("enterprise_employee", True)), "group_not_entitled"),
    ],
)
def test_who_is_paid_no_living_costs(who: object, fact: str) -> None:
    result = living_cost(who, days(5), CLAIM_DAY, FUSHAN)  # type: ignore[arg-type]
    assert (result.outcome, result.total_fen) == ("refused", 0)
    assert [why.fact for why in result.refusals] == [fact]


def test_no_attendance_no_living_costs() -> None:
    assert [why.fact for why in living_cost(learner(), [], CLAIM_DAY, FUSHAN).refusals] == ["not_attended"]


def test_a_city_without_a_rate_has_no_amount() -> None:
    with pytest.raises(NoRule, match="living_cost"):
        living_cost(learner(), days(5), CLAIM_DAY, "370202")


def test_many_people_make_one_claim() -> None:
    parts = [
        living_cost(learner(person_ref=f"w{n}", on_roster=n != 3), days(n), CLAIM_DAY, FUSHAN)
        for n in range(1, 5)
    ]
    claim = merged(parts)
    assert claim.total_fen == (1 + 2 + 4) * 3_000
    assert [line.person_ref for line in claim.lines] == ["w1", "w2", "w4"]
    assert [why.person_ref for why in claim.refusals] == ["w3"]
    assert claim.adds_up()
    other_day = living_cost(learner(), days(1), CLAIM_DAY + timedelta(days=1), FUSHAN)
    with pytest.raises(ValueError, match="one kind"):
        merged([*parts, other_day])
    with pytest.raises(ValueError, match="one kind"):
        merged([])


def certified(level: str, day: date = date(2026, 5, 6), number: str = "S1") -> CertifiedPerson:
    return CertifiedPerson("x1", Certificate(number, WELDER, level, day), True, True)


@pytest.mark.parametrize(
    ("level", "fen"),
    [("special", 20_000), ("5", 40_000), ("first_operation", 40_000), ("4", 60_000), ("3", 80_000)],
)
def test_shanxi_pays_200_400_600_800_yuan_a_certificate(level: str, fen: int) -> None:
    paid = certificate_subsidy([certified(level)], date(2026, 6, 1))
    assert paid.total_fen == fen
    assert paid.jurisdiction == "140000"
    assert paid.lines[0].clause == "§9(2), §10(1)"


@pytest.mark.parametrize(
    ("one", "fact"),
    [
        (certified("2"), "no_rate"),
        (certified("1"), "no_rate"),
        (certified("4", date(2021, 7, 7)), "no_rate"),
        (certified("4", date(2026, 6, 2)), "later_certificate"),
        (CertifiedPerson("x1", certified("4").certificate, False, True), "not_working_age"),
        (CertifiedPerson("x1", certified("4").certificate, True, False), "real_name_incomplete"),
    ],
)
def test_what_shanxi_refuses(one: CertifiedPerson, fact: str) -> None:
    result = certificate_subsidy([one], date(2026, 6, 1))
    assert [why.fact for why in result.refusals] == [fact]
    assert result.total_fen == 0


def test_a_certificate_is_paid_once_600_10_1() -> None:
    result = certificate_subsidy(
        [certified("4"), certified("4"), certified("4", number="S2")], date(2026, 6, 1)
    )
    assert result.total_fen == 2 * 60_000
    assert [why.fact for why in result.refusals] == ["certificate_again"]


def test_the_first_day_of_600() -> None:
    assert certificate_subsidy([certified("4", date(2021, 7, 8))], date(2021, 7, 9)).total_fen == 60_000


@pytest.mark.parametrize(("standard", "owed"), [(799_999, 799_999), (800_000, 800_000), (800_001, 800_000)])
def test_oriented_training_is_paid_up_to_8000_yuan(standard: int, owed: int) -> None:
    trainee = OrientedTrainee("x1", True, True, certified("3").certificate)
    result = oriented_training(OrientedClass(standard, 3, OCCUPATION), [trainee], date(2026, 6, 1))
    assert result.total_fen == owed
    assert result.adds_up()


@pytest.mark.parametrize(
    ("months", "outcome"), [(2, "refused"), (3, "payable"), (6, "payable"), (7, "refused")]
)
def test_oriented_training_takes_three_to_six_months(months: int, outcome: str) -> None:
    trainee = OrientedTrainee("x1", True, True, certified("3").certificate)
    assert (
        oriented_training(OrientedClass(500_000, months, OCCUPATION), [trainee], date(2026, 6, 1)).outcome
        == outcome
    )


@pytest.mark.parametrize("certificate", [None, certified("4").certificate])
def test_oriented_training_ends_in_a_level_3_certificate(certificate: Certificate | None) -> None:
    trainee = OrientedTrainee("x1", True, True, certificate)
    result = oriented_training(OrientedClass(500_000, 4, OCCUPATION), [trainee], date(2026, 6, 1))
    assert [why.fact for why in result.refusals] == ["no_level_3_certificate"]
