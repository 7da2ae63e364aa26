"""Who may be trained with a subsidy: each text on its first and last day, and on the days beside them."""

from datetime import date

import pytest

from services.policy import ClassFacts, GroupFact, PastSubsidy, eligibility, rules_for
from tests.unit.policy.cases import CERTIFIED, CLASS, ELECTRICIAN, FUSHAN, SHANDONG, SHANXI, WELDER, person


def outcome(group: str, day: date, jurisdiction: str = SHANDONG, graduated: date | None = None) -> str:
    region = FUSHAN if jurisdiction == SHANDONG else SHANXI
    wanted = ClassFacts(region, WELDER, "4")
    return eligibility(person(GroupFact(group, True, graduated)), wanted, day, jurisdiction).outcome


@pytest.mark.parametrize(
    ("group", "day", "expected", "why"),
    [
        ("unemployed", date(2019, 1, 1), "yes", "AP: action 2019-2021"),
        ("unemployed", date(2021, 12, 31), "yes", "AP: its last day"),
        ("unemployed", date(2022, 1, 1), "yes", "AP, carried on: no later text takes them up"),
        ("unemployed", date(2026, 1, 1), "yes", "AP, carried on"),
        ("no_pension_in_need", date(2021, 12, 31), "yes", "AP: its last day"),
        ("no_pension_in_need", date(2022, 1, 1), "yes", "AP, carried on"),
        ("rural_transfer", date(2022, 1, 1), "no", "between AP and 7"),
        ("rural_transfer", date(2022, 4, 8), "no", "the day before 7"),
        ("rural_transfer", date(2022, 4, 9), "yes", "7 §4: its first day"),
        ("rural_transfer", date(2026, 1, 1), "yes", "37 §1"),
        ("rural_transfer", date(2027, 12, 31), "yes", "37: its last day"),
        ("rural_transfer", date(2028, 1, 1), "no", "37 has ended"),
        ("veteran", date(2025, 12, 31), "yes", "7 §4: the plan's last day"),
        ("veteran", date(2026, 1, 1), "yes", "37 §1 等重点群体, carried on"),
        ("difficulty", date(2024, 12, 31), "no", "7 §4 does not name them"),
        ("difficulty", date(2025, 1, 1), "yes", "37 §1"),
        ("enterprise_employee", date(2022, 4, 9), "yes", "7 §3"),
        ("enterprise_employee", date(2027, 12, 31), "yes", "37 §9"),
        ("care_worker", date(2025, 6, 1), "yes", "37 §1"),
        ("student", date(2021, 8, 27), "yes", "AP 三个一; 107 §1: already included"),
        ("student", date(2021, 8, 28), "yes", "107 §1: its first day"),
        ("student", date(2021, 12, 31), "yes", "107 §1: its last day"),
        ("student", date(2022, 4, 8), "no", "107 §1: 2022 to be arranged"),
        ("student", date(2022, 4, 9), "yes", "7 §4 专栏3(2): full-time students"),
        ("flexible_worker", date(2026, 11, 1), "no", "600 §4 is Shanxi's"),
    ],
)
def test_shandong_groups_by_day(group: str, day: date, expected: str, why: str) -> None:
    assert outcome(group, day) == expected, why


@pytest.mark.parametrize(
    ("group", "graduated", "day", "expected", "why"),
    [
        ("vocational_graduate_of_year", date(2021, 7, 1), date(2021, 5, 25), "no", "before 31号"),
        ("vocational_graduate_of_year", date(2021, 7, 1), date(2021, 5, 26), "yes", "31号 §1"),
        ("vocational_graduate_of_year", date(2021, 7, 1), date(2021, 12, 31), "yes", "107 §1: last day"),
        ("vocational_graduate_of_year", date(2022, 7, 1), date(2022, 1, 1), "no", "2022 to be arranged"),
        ("vocational_graduate_of_year", date(2022, 7, 1), date(2022, 4, 9), "yes", "7 §8"),
        ("vocational_graduate_of_year", date(2025, 7, 1), date(2025, 12, 31), "yes", "7 §8: last day"),
        ("vocational_graduate_of_year", date(2026, 7, 1), date(2026, 1, 1), "no", "37 §1 names universities"),
        ("graduate_of_year", date(2026, 7, 1), date(2026, 1, 1), "yes", "37 §1, the whole calendar year"),
        ("graduate_of_year", date(2026, 7, 1), date(2026, 12, 31), "yes", "37 §1, the whole calendar year"),
        ("graduate_of_year", date(2026, 7, 1), date(2025, 12, 31), "no", "not yet the year of graduation"),
        ("graduate_of_year", date(2026, 7, 1), date(2027, 1, 1), "no", "no longer the year of graduation"),
        ("graduate_unemployed", date(2019, 9, 1), date(2021, 9, 1), "yes", "107 §1: 2 years to the day"),
        ("graduate_unemployed", date(2019, 8, 31), date(2021, 9, 1), "no", "107 §1: 2 years and a day"),
        ("graduate_unemployed", date(2020, 2, 29), date(2021, 9, 1), "yes", "a leap day"),
        ("graduate_unemployed", date(2022, 2, 1), date(2021, 12, 1), "no", "has not graduated yet"),
        ("graduate_of_year", None, date(2026, 5, 1), "needs_proof", "the day of graduation is not known"),
    ],
)
def test_graduates_by_year(group: str, graduated: date | None, day: date, expected: str, why: str) -> None:
    assert outcome(group, day, graduated=graduated) == expected, why


@pytest.mark.parametrize(
    ("group", "day", "expected"),
    [
        ("self_employed_staff", date(2021, 7, 8), "yes"),
        ("non_enterprise_staff", date(2026, 1, 1), "yes"),
        ("flexible_worker", date(2026, 1, 1), "yes"),
        ("difficulty", date(2026, 1, 1), "no"),
    ],
)
def test_shanxi_has_groups_of_its_own(group: str, day: date, expected: str) -> None:
    assert outcome(group, day, SHANXI) == expected


@pytest.mark.parametrize(
    ("group", "day", "jurisdiction", "first"),
    [
        ("unemployed", date(2018, 12, 31), SHANDONG, "2019-01-01"),
        ("flexible_worker", date(2021, 7, 7), SHANXI, "2021-07-08"),
    ],
)
def test_before_every_text_the_refusal_says_that_none_is_entered(
    group: str, day: date, jurisdiction: str, first: str
) -> None:
    wanted = ClassFacts(FUSHAN if jurisdiction == SHANDONG else SHANXI, WELDER, "4")
    decision = eligibility(person(GroupFact(group, True)), wanted, day, jurisdiction)
    (line,) = [line for line in decision.lines if line.outcome == "no"]
    assert (line.fact, first in line.zh, first in line.en) == ("no_text_entered", True, True)


@pytest.mark.parametrize("entitled", [True, None])
def test_real_need_does_not_stand_in_for_the_pension_test(entitled: bool | None) -> None:
    facts = person(GroupFact("no_pension_in_need", True), pension_entitled=entitled)
    assert eligibility(facts, CLASS, date(2026, 11, 23), SHANDONG).outcome != "yes"


def test_real_need_has_to_be_proven() -> None:
    decision = eligibility(
        person(GroupFact("no_pension_in_need", False)), CLASS, date(2026, 11, 23), SHANDONG
    )
    assert (decision.outcome, decision.lines[1].document) == ("needs_proof", "AP")


def test_after_the_last_text_the_refusal_names_it() -> None:
    decision = eligibility(person(), CLASS, date(2028, 3, 1), SHANDONG)
    (line,) = [line for line in decision.lines if line.outcome == "no"]
    assert line.fact == "no_text_in_force"
    assert (line.document, "2027-12-31" in line.zh, "2027-12-31" in line.en) == ("37", True, True)


def test_the_demonstration_may_run_past_the_last_text_and_says_so() -> None:
    rules = rules_for(SHANDONG, demonstration=True)
    decision = eligibility(person(), CLASS, date(2031, 3, 1), SHANDONG, rules=rules)
    assert decision.outcome == "yes"
    assert "illustrative" in {line.status for line in decision.lines}
    assert decision.edition.endswith("+demonstration")
    assert decision.hash != rules_for(SHANDONG).hash


@pytest.mark.parametrize(
    ("entitled", "expected", "fact"),
    [
        (False, "yes", "pension_none"),
        (True, "no", "pension_entitled"),
        (None, "needs_proof", "pension_unverified"),
    ],
)
def test_entitlement_to_a_pension_is_tested_not_age(entitled: bool | None, expected: str, fact: str) -> None:
    decision = eligibility(person(pension_entitled=entitled), CLASS, date(2026, 11, 23), SHANDONG)
    assert decision.outcome == expected
    assert decision.lines[0].fact == fact
    assert decision.lines[0].document == "AP"


def test_a_group_that_is_claimed_needs_its_proof() -> None:
    decision = eligibility(person(GroupFact("difficulty", False)), CLASS, date(2026, 11, 23), SHANDONG)
    assert decision.outcome == "needs_proof"
    assert decision.lines[1].fact == "group_unproven:difficulty"
    assert "就业困难人员" in decision.lines[1].zh
    assert "employment difficulty" in decision.lines[1].en


def test_one_proven_group_is_enough_beside_others_that_are_not() -> None:
    groups = (
        GroupFact("disabled", False),
        GroupFact("rural_transfer", True),
        GroupFact("flexible_worker", True),
    )
    decision = eligibility(person(*groups), CLASS, date(2026, 11, 23), SHANDONG)
    assert decision.outcome == "yes"
    assert {line.fact for line in decision.lines} == {"pension_none", "group:rural_transfer"}


def test_a_class_for_one_group_takes_no_other() -> None:
    wanted = ClassFacts(FUSHAN, WELDER, "4", target_groups=("veteran",))
    decision = eligibility(person(), wanted, date(2026, 11, 23), SHANDONG)
    assert decision.outcome == "no"
    assert "退役军人" in decision.lines[1].zh


def past(*facts: tuple[str, str, date]) -> tuple[PastSubsidy, ...]:
    return tuple(PastSubsidy(*fact) for fact in facts)


@pytest.mark.parametrize(
    ("subsidies", "expected", "fact"),
    [
        ((), "yes", None),
        (past((WELDER, "5", date(2020, 1, 1))), "yes", None),
        (past((WELDER, "4", date(2020, 1, 1))), "no", "occupation_level_taken"),
        (past((ELECTRICIAN, "4", date(2020, 1, 1))), "yes", None),
        (past(*[(ELECTRICIAN, level, date(2026, 2, 1)) for level in "54"]), "yes", None),
        (past(*[(ELECTRICIAN, level, date(2026, 2, 1)) for level in "543"]), "no", "year_limit_reached"),
        (past(*[(ELECTRICIAN, level, date(2025, 12, 31)) for level in "543"]), "yes", None),
    ],
)
def test_three_a_year_and_one_for_an_occupation_and_level(
    subsidies: tuple[PastSubsidy, ...], expected: str, fact: str | None
) -> None:
    decision = eligibility(person(subsidies=subsidies), CLASS, date(2026, 11, 23), SHANDONG)
    assert decision.outcome == expected
    assert ({line.fact for line in decision.lines if line.outcome == "no"} or {None}) == {fact}


def test_the_year_is_that_of_the_certificate_not_of_the_day_of_asking() -> None:
    three = past(*[(ELECTRICIAN, level, date(2026, 2, 1)) for level in "543"])
    next_year = ClassFacts(FUSHAN, WELDER, "4", certificate_expected=date(2027, 1, 4))
    assert eligibility(person(subsidies=three), next_year, date(2026, 11, 23), SHANDONG).outcome == "yes"
    assert CERTIFIED.year == 2026


def test_shanxi_knows_neither_limit_and_makes_residence_no_condition() -> None:
    many = past(*[(WELDER, "4", date(2026, 2, 1))] * 4)
    wanted = ClassFacts(SHANXI, WELDER, "4")
    decision = eligibility(
        person(GroupFact("flexible_worker", True), subsidies=many), wanted, date(2026, 11, 23), SHANXI
    )
    assert decision.outcome == "yes"
    assert "600 §7" in {f"{line.document} {line.clause}" for line in decision.lines}


def test_rules_of_one_province_are_never_used_in_another() -> None:
    with pytest.raises(ValueError, match="not in jurisdiction"):
        eligibility(person(), ClassFacts(FUSHAN, WELDER, "4"), date(2026, 11, 23), SHANXI)
    with pytest.raises(LookupError):
        rules_for("110000")


def test_a_decision_survives_storage() -> None:
    decision = eligibility(person(), CLASS, date(2026, 11, 23), SHANDONG)
    assert type(decision).from_dict(decision.to_dict()) == decision
