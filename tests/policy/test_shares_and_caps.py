"""Who bears what, caps as they were used, and what a wage month leaves untouched."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.policy import (
    Certificate,
    ClassTrainingFacts,
    CostShareFacts,
    EmploymentFact,
    GroupFact,
    Line,
    LivingCostFacts,
    NoRule,
    ProjectFacts,
    RulesInvalid,
    TraineeFacts,
    UpliftPerson,
    advance,
    cap_use,
    claim_evidence,
    class_training,
    cost_share,
    counts_as_training,
    employment_uplift,
    free_training,
    fund_barred,
    limit_keys,
    living_cost,
    rules_for,
)
from services.policy.loader import DATA, load

DAY = date(2026, 11, 23)


def test_who_trains_free_is_told_by_region_and_with_its_rule_ap() -> None:
    found = free_training("370611", DAY)
    assert [group for group, _ in found] == ["difficulty", "disabled", "poverty_relief"]
    assert {(rule.document, rule.status) for _, rule in found} == {("AP", "illustrative")}
    assert free_training("370202", DAY) == free_training("370000", DAY) == []
    assert free_training("370611", min(rule.valid_from for _, rule in found) - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("cost", "with_firm", "groups", "shares"),
    [
        (200_000, True, (), {"government_share": 120_000, "firm_share": 60_000, "person_share": 20_000}),
        (200_000, False, (), {"government_share": 160_000, "person_share": 40_000}),
        (10_001, True, (), {"government_share": 6_001, "firm_share": 3_000, "person_share": 1_000}),
        (200_000, True, ("difficulty",), {"government_share": 140_000, "firm_share": 60_000}),
        (200_000, False, ("disabled",), {"government_share": 200_000}),
        (200_000, False, ("veteran",), {"government_share": 160_000, "person_share": 40_000}),
    ],
)
def test_government_firm_and_person_bear_the_cost_37_18(
    cost: int, with_firm: bool, groups: tuple[str, ...], shares: dict[str, int]
) -> None:
    result = cost_share(CostShareFacts("w1", "370611", "employment_skills", cost, with_firm, groups), DAY)
    assert {line.what: line.amount_fen for line in result.lines} == shares
    free = "government_share" in shares and bool({"difficulty", "disabled"} & set(groups))
    assert result.lines[0].document == ("AP" if free else "37")
    assert {line.status for line in result.lines} == {"illustrative"}


def test_a_city_that_shares_no_costs_has_no_answer() -> None:
    with pytest.raises(NoRule, match="cost_share"):
        cost_share(CostShareFacts("w1", "370202", "employment_skills", 1, True), DAY)


def lines_of(*hours: int) -> list[Line]:
    """What general training of 太原 by the hour led to: 18 yuan an hour, at most 1,500."""
    person = TraineeFacts("x1", True, True, False, "yes", 9, True)
    found: list[Line] = []
    for each in hours:
        training = ClassTrainingFacts(
            "K", "140100", "4-03-02-01", "4", date(2026, 11, 1), "general", hours=each
        )
        found += class_training(training, [person], DAY).lines
    return found


@pytest.mark.parametrize(
    ("hours", "at_cap", "all_at_cap"),
    [
        ((84, 90, 100), 3, True),
        ((83, 90, 100), 2, False),
        ((40,), 0, False),
        ((100,), 1, False),
        ((), 0, False),
    ],
)
def test_never_all_at_the_cap_is_watched_over_claims_600_1(
    hours: tuple[int, ...], at_cap: int, all_at_cap: bool
) -> None:
    use = cap_use(lines_of(*hours), DAY, rules_for("140000"))
    assert use is not None
    assert (use.lines, use.at_cap, use.all_at_cap) == (len(hours), at_cap, all_at_cap)
    assert f"{use.document} {use.clause}" == "600 §1"


def test_a_rate_by_the_hour_needs_the_hours() -> None:
    training = ClassTrainingFacts("K", "140100", "4-03-02-01", "4", date(2026, 11, 1), "general")
    with pytest.raises(NoRule, match="training_standard"):
        class_training(training, [], DAY)


def test_shandong_has_no_such_rule() -> None:
    assert cap_use([], DAY, rules_for("370000")) is None


TABLE = """
[defaults]
document = "600"
clause = "§1"
jurisdiction = "140200"
payee = ["provider"]
fund = ["special_account"]
valid_from = 2022-01-01
status = "illustrative"
zh = "普惠制（示例）"
en = "general training (illustrative)"

[[rule]]
id = "t.cap"
topic = "training_cap"
applies = { kind = "general" }
values = { max_fen = 150000 }

[[rule]]
id = "t.4"
topic = "training_standard"
applies = { kind = "general", level = "4" }
values = { per_person_fen = FOUR }

[[rule]]
id = "t.5"
topic = "training_standard"
applies = { kind = "KIND", level = "5" }
values = { per_person_fen = FIVE }
"""


@pytest.mark.parametrize(
    ("four", "five", "kind", "sound"),
    [
        (150_000, 150_000, "general", False),
        (150_000, 149_999, "general", True),
        (149_999, 150_000, "general", True),
        (160_000, 150_000, "general", False),
        (150_000, 100_000, "on_job", False),  # of the general standards, all are at the cap
        (140_000, 200_000, "on_job", True),
    ],
)
def test_a_city_table_all_at_the_cap_is_refused_600_1(
    tmp_path: Path, four: int, five: int, kind: str, sound: bool
) -> None:
    shutil.copytree(DATA / "shanxi", tmp_path / "shanxi")
    text = TABLE.replace("FOUR", str(four)).replace("FIVE", str(five)).replace("KIND", kind)
    (tmp_path / "shanxi" / "datong.toml").write_text(text, "utf-8")
    if sound:
        assert load(tmp_path / "shanxi").one("training_cap", DAY, "140200", kind="general").id == "t.cap"
        return
    with pytest.raises(RulesInvalid) as raised:
        load(tmp_path / "shanxi")
    (problem,) = raised.value.problems
    assert str(problem) == (
        "shanxi/datong.toml:23: rule t.4: values: "
        "from 2022-01-01 all standards for general are at the cap (600 §1)"
    )


def shanxi_with(folder: Path, **files: str) -> Path:
    shutil.copytree(DATA / "shanxi", folder / "shanxi")
    for name, text in files.items():
        (folder / "shanxi" / f"{name}.toml").write_text(text, "utf-8")
    return folder / "shanxi"


def test_the_cap_of_one_city_is_not_held_against_another(tmp_path: Path) -> None:
    text = TABLE.replace("FOUR", "150000").replace("FIVE", "150000").replace("KIND", "general")
    head, cap, *standards = text.split("[[rule]]")
    elsewhere = "[[rule]]".join([head.replace("140200", "140300"), *standards])
    folder = shanxi_with(tmp_path, datong=f"{head}[[rule]]{cap}", yangquan=elsewhere)
    assert load(folder).one("training_standard", DAY, "140300", kind="general", level="4").id == "t.4"


@pytest.mark.parametrize(("four", "sound"), [(150_000, False), (149_999, True)])
def test_the_cap_of_a_region_above_counts_too(tmp_path: Path, four: int, sound: bool) -> None:
    text = TABLE.replace("FOUR", str(four)).replace("FIVE", "150000").replace("KIND", "general")
    above = text.replace('id = "t.cap"\n', 'id = "t.cap"\njurisdiction = "140000"\n')
    folder = shanxi_with(tmp_path, datong=above)
    if sound:
        assert load(folder).one("training_cap", DAY, "140200", kind="general").id == "t.cap"
        return
    with pytest.raises(RulesInvalid, match=r"t\.4: values: from 2022-01-01 all standards"):
        load(folder)


@pytest.mark.parametrize(("hour", "sound"), [(150_000, False), (149_999, True)])
def test_a_table_by_the_hour_is_judged_by_one_hour(tmp_path: Path, hour: int, sound: bool) -> None:
    text = TABLE.replace("FOUR", "150000").replace("KIND", "general")
    head, _, tail = text.rpartition('topic = "training_standard"')
    hourly = f'{head}topic = "hourly_standard"{tail}'.replace(
        "per_person_fen = FIVE", f"per_hour_fen = {hour}"
    )
    folder = shanxi_with(tmp_path, datong=hourly)
    if sound:
        assert load(folder).find("hourly_standard", DAY, "140200", kind="general", level="5")
        return
    with pytest.raises(RulesInvalid, match="at the cap"):
        load(folder)


@pytest.mark.parametrize(
    ("price", "subsidy", "uplift"), [(None, 240_000, 24_000), (200_000, 200_000, 20_000)]
)
def test_the_uplift_raises_what_cap_and_price_bound_37_3(
    price: int | None, subsidy: int, uplift: int
) -> None:
    """在此标准基础上…提高: the standard is bounded, the uplift is a share of it."""
    training = ClassTrainingFacts("K", "370611", "6-18-02-04", "3", date(2026, 11, 1), price_fen=price)
    person = TraineeFacts(
        "w1", True, True, False, "yes", 9, True, Certificate("C1", "6-18-02-04", "3", date(2026, 11, 9))
    )
    paid = class_training(training, [person], DAY).total_fen
    work = UpliftPerson("w1", True, True, paid, EmploymentFact("w1", date(2026, 11, 2), True))
    more = employment_uplift(training, [work], DAY).total_fen
    assert (paid, more) == (subsidy, uplift)
    assert paid + more <= 110 * min(240_000, price or 240_000) // 100


@pytest.mark.parametrize(
    ("grounds", "fund", "barred"),
    [
        (("sx.groups.graduates",), "employment_subsidy", "sx.groups.graduates"),
        (("sx.groups.graduates",), "special_account", None),
        (("sx.groups.graduates", "sx.groups.wider"), "employment_subsidy", None),
        (("sx.groups.wider",), "employment_subsidy", None),
        ((), "employment_subsidy", None),
        (("sx.groups.wider",), "unemployment_insurance", "sx.taiyuan.cap.employment-skills"),
    ],
)
def test_a_group_paid_for_by_the_special_account_binds_the_fund_600_4(
    grounds: tuple[str, ...], fund: str, barred: str | None
) -> None:
    training = ClassTrainingFacts("K", "140100", "4-03-02-01", "4", date(2026, 11, 1))
    person = TraineeFacts("x1", True, True, False, "yes", 9, True)
    owed = class_training(training, [person], DAY)
    rule = fund_barred(fund, owed, {"x1": grounds}, rules_for("140000"))
    assert (rule.id if rule else None) == barred


def test_a_rule_whose_figure_went_in_bars_the_fund_too() -> None:
    project = ProjectFacts("P", "370611", "6-18-02-04", "4", date(2026, 11, 1))
    owed = advance(project, [TraineeFacts("w1", True, True, False, "yes", 9)], DAY)
    rules = rules_for("370000")
    barred = fund_barred("special_account", owed, {}, rules)
    assert barred is not None
    assert (owed.lines[0].rule_id, barred.id) == ("sd.project.advance", "sd.yantai.project.welder.4")
    assert fund_barred("employment_subsidy", owed, {}, rules) is None


def test_a_cap_that_comes_later_does_not_count_yet(tmp_path: Path) -> None:
    text = TABLE.replace("FOUR", "150000").replace("FIVE", "150000").replace("KIND", "general")
    later = text.replace('id = "t.cap"\n', 'id = "t.cap"\nvalid_from = 2023-01-01\n')
    ended = later.replace('id = "t.4"\n', 'id = "t.4"\nvalid_to = 2022-12-31\n')
    ended = ended.replace('id = "t.5"\n', 'id = "t.5"\nvalid_to = 2022-12-31\n')
    assert load(shanxi_with(tmp_path, datong=ended)).find("training_cap", DAY, "140200", kind="general")


@pytest.mark.parametrize(("level_cap", "sound"), [(150_000, False), (150_001, True)])
def test_the_nearest_cap_is_the_one_that_counts(tmp_path: Path, level_cap: int, sound: bool) -> None:
    nearer = """
[[rule]]
id = "t.cap.4"
topic = "training_cap"
applies = { kind = "general", level = "4" }
values = { max_fen = CAP }
""".replace("CAP", str(level_cap))
    text = TABLE.replace("FOUR", "150000").replace("FIVE", "160000").replace("KIND", "general")
    folder = shanxi_with(tmp_path, datong=text.replace("150000 }\n\n", "100000 }\n\n", 1) + nearer)
    if sound:
        assert load(folder).one("training_cap", DAY, "140200", kind="general", level="4").id == "t.cap.4"
        return
    with pytest.raises(RulesInvalid, match="at the cap"):
        load(folder)


def test_a_wage_month_uses_up_no_training_600_2() -> None:
    assert counts_as_training("140000", date(2021, 11, 30)) is False
    keys = limit_keys("x1", "6-18-02-04", "4", date(2021, 11, 30), "140000")
    assert (keys.slots, keys.pair) == ((), None)
    with pytest.raises(NoRule):
        counts_as_training("370000", date(2021, 11, 30))


@pytest.mark.parametrize(
    ("price", "told"),
    [
        (None, False),
        (250_000, False),  # below what was reckoned, above the cap of 2,400: it decided nothing
        (240_000, False),
        (239_999, True),
    ],
)
def test_a_price_is_told_where_it_decided(price: int | None, told: bool) -> None:
    training = ClassTrainingFacts("K", "370611", "6-18-02-04", "3", date(2026, 11, 1), price_fen=price)
    person = TraineeFacts(
        "w1", True, True, False, "yes", 9, True, Certificate("C1", "6-18-02-04", "3", date(2026, 11, 9))
    )
    (line,) = class_training(training, [person], DAY).lines
    assert (line.amount_fen, "中标价" in line.zh) == (min(price or 240_000, 240_000), told)
    assert ("awarded price" in line.en) == told


@pytest.mark.parametrize(
    ("attended", "told"), [(59, "× 59天（出勤59天，最多60天）"), (61, "× 60天（出勤61天，最多60天）")]
)
def test_living_costs_tell_days_attended_and_days_paid(attended: int, told: str) -> None:
    person = LivingCostFacts("w1", True, True, (GroupFact("rural_transfer", True),))
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(attended)]
    (line,) = living_cost(person, days, DAY, "370611").lines
    assert told in line.zh
    assert f"{min(attended, 60)} days ({attended} attended, at most 60)" in line.en


@pytest.mark.parametrize(
    ("claim", "payee", "payroll", "day", "jurisdiction"),
    [
        ("class_training", "school", "none", date(2021, 8, 27), "370000"),  # the day before 107
        ("class_training", "provider", "none", DAY, "370000"),  # 107 §2 is about schools
        (
            "wage_month",
            "enterprise",
            "compared",
            date(2021, 11, 30),
            "140000",
        ),  # 600 §2: nothing is asked for
        ("wage_month", "enterprise", "documents", date(2022, 1, 31), "140000"),  # 600 §2 has ended
        ("class_training", "school", "none", DAY, "140000"),  # 107 is Shandong's
    ],
)
def test_where_no_text_names_evidence_nothing_is_missing(
    claim: str, payee: str, payroll: str, day: date, jurisdiction: str
) -> None:
    decision = claim_evidence(claim, payee, [], day, jurisdiction, payroll=payroll)
    assert (decision.outcome, decision.lines) == ("yes", ())


@pytest.mark.parametrize(
    ("held", "known"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2027, 12, 31), True),
        (date(2028, 1, 1), False),
    ],
)
def test_the_uplift_has_the_days_of_37(held: date, known: bool) -> None:
    training = ClassTrainingFacts("K", "370102", "4-03-02-01", "4", held)
    person = UpliftPerson("w1", True, True, 100_000, EmploymentFact("w1", held, True))
    if known:
        assert employment_uplift(training, [person], date(2029, 1, 1)).total_fen == 24_000
        return
    with pytest.raises(NoRule, match="uplift_window"):
        employment_uplift(training, [person], date(2029, 1, 1))


def test_nobody_is_in_a_claim_twice() -> None:
    training = ClassTrainingFacts("K", "370611", "4-03-02-01", "4", date(2026, 11, 1))
    person = TraineeFacts("w1", True, True, False, "yes", 9, True)
    raised = UpliftPerson("w1", True, True, 1, None)
    for call in (
        lambda: class_training(training, [person, person], DAY),
        lambda: employment_uplift(training, [raised, raised], DAY),
    ):
        with pytest.raises(ValueError, match="twice"):
            call()


def test_a_line_names_every_rule_whose_figure_went_in() -> None:
    training = ClassTrainingFacts("K", "370611", "6-18-02-04", "3", date(2026, 11, 1))
    person = TraineeFacts(
        "w1", True, True, False, "yes", 9, True, Certificate("C1", "6-18-02-04", "3", date(2026, 11, 9))
    )
    (line,) = class_training(training, [person], DAY).lines
    assert line.rests_on == (
        "sd.yantai.employment-skills.3",
        "sd.yantai.consumables.welder",
        "sd.yantai.shortage.welder.3",
        "sd.yantai.cap.employment-skills",
    )
    assert [(each.name, each.num) for each in line.factors] == [("consumables", 120), ("shortage", 110)]
    assert (line.base_fen, line.cap_fen, line.amount_fen, line.capped) == (200_000, 240_000, 240_000, True)
    assert line.zh == ("标准2,000.00元 × 实训耗材系数120% × 急需紧缺系数110%，最高2,400.00元：2,400.00元")
    assert "× 120 % (consumables) × 110 % (shortage), at most 2,400.00: 2,400.00 yuan" in line.en
