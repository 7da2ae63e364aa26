"""The rule data: what is shipped is right in form; each mistake is named by file, line, rule and field."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from services.policy import NoRule, RulesInvalid, rules_for
from services.policy.loader import DATA, FOLDERS, load
from services.policy.table import render
from services.policy.topics import TOPICS

RULE = """
[[rule]]
id = "t.year"
topic = "subsidies_per_year"
document = "AP"
clause = "x"
jurisdiction = "370000"
payee = ["provider"]
fund = ["special_account"]
valid_from = 2019-01-01
valid_to = 2021-12-31
status = "expired"
zh = "上限"
en = "limit"
values = { times = 3 }
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "edition.toml").write_text('edition = "test-1"\njurisdiction = "370000"\n', "utf-8")
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    return tmp_path


def mistakes(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(RulesInvalid) as raised:
        load(folder(tmp_path, text))
    assert all(problem.file == f"{tmp_path.name}/rules.toml" for problem in raised.value.problems)
    return [f"{each.line} {each.rule} {each.field}: {each.text}" for each in raised.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('clause = "x"', "", "3 t.year clause: is missing"),
        ('clause = "x"', 'clause = " "', "6 t.year clause: is empty or not text"),
        ('"AP"', '"AQ"', "5 t.year document: is not in documents.toml"),
        ('"370000"', '"990000"', "7 t.year jurisdiction: is not a known region"),
        ('"provider"', '"nobody"', "8 t.year payee: is not a list of known payees"),
        ('["special_account"]', "[]", "9 t.year fund: is not a list of known funds"),
        ("2019-01-01", '"2019"', "10 t.year valid_from: is not a day"),
        ("valid_to = 2021-12-31", "valid_to = 2018-12-31", "11 t.year valid_to: is before valid_from"),
        ("valid_to = 2021-12-31", "", "3 t.year valid_to: is missing: an expired rule has a last day"),
        ('"expired"', '"old"', "12 t.year status: is none of in_force, expired, carried_on, illustrative"),
        ('"subsidies_per_year"', '"speed"', "4 t.year topic: is not a known topic"),
        ("times = 3", "times = 3.0", "15 t.year values.times: is not a whole number of 0 or more"),
        ("times = 3", "times = -1", "15 t.year values.times: is not a whole number of 0 or more"),
        ("times = 3", "times = true", "15 t.year values.times: is not a whole number of 0 or more"),
        ("times = 3", "", "15 t.year values.times: is missing"),
        ("times = 3", "times = 3, fee = 1", "15 t.year values.fee: has no place in subsidies_per_year"),
        ("en =", "colour = 1\nen =", "14 t.year colour: is not a field of a rule"),
        (
            "values =",
            'applies = { level = "4" }\nvalues =',
            "15 t.year applies.level: has no place in subsidies_per_year",
        ),
    ],
)
def test_a_mistake_is_named_by_line_rule_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in RULE
    assert mistakes(tmp_path, RULE.replace(old, new)) == [named]


def follower(**changes: str) -> str:
    text = RULE.replace('"t.year"', '"t.next"').replace("valid_to = 2021-12-31\n", "")
    text = text.replace('"expired"', '"carried_on"')
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("first_day", "named"),
    [
        ("2021-12-31", ["25 t.next valid_from: overlaps t.year, which ends 2021-12-31"]),
        (
            "2022-01-02",
            ["25 t.next valid_from: leaves a gap after t.year, which ends 2021-12-31; say why in after_gap"],
        ),
    ],
)
def test_overlapping_and_gapped_days_are_named(tmp_path: Path, first_day: str, named: list[str]) -> None:
    assert mistakes(tmp_path, RULE + follower(**{"2019-01-01": first_day})) == named


def test_one_day_after_the_other_is_right_and_so_is_a_gap_with_its_reason(tmp_path: Path) -> None:
    rules = load(folder(tmp_path, RULE + follower(**{"2019-01-01": "2022-01-01"})))
    assert rules.one("subsidies_per_year", date(2021, 12, 31)).id == "t.year"
    assert rules.one("subsidies_per_year", date(2022, 1, 1)).id == "t.next"
    with pytest.raises(NoRule):
        rules.one("subsidies_per_year", date(2018, 12, 31))
    why = 'after_gap = "none was made"\nvalid_from = 2023-01-01'
    gapped = follower(**{"valid_from = 2019-01-01": why})
    assert load(folder(tmp_path, RULE + gapped)).find("subsidies_per_year", date(2022, 6, 1)) is None


def test_an_id_twice_and_a_broken_file_are_named(tmp_path: Path) -> None:
    twice = RULE + follower(**{"2019-01-01": "2022-01-01", "t.next": "t.year"})
    assert mistakes(tmp_path, twice) == ["18 t.year id: is used twice"]
    assert mistakes(tmp_path, RULE + "[[rule]\n")[0].startswith("16 - -: ")
    assert mistakes(tmp_path, RULE + "[extra]\n") == ["16 - extra: is not defaults or rule"]


def test_a_city_table_is_data_alone_and_the_nearest_region_wins(tmp_path: Path) -> None:
    standard = RULE.replace("subsidies_per_year", "training_standard").replace("valid_to = 2021-12-31\n", "")
    standard = standard.replace("expired", "illustrative")

    def rate(rule_id: str, region: str, fen: int, applies: str) -> str:
        text = standard.replace("t.year", rule_id).replace("370000", region)
        return text.replace("{ times = 3 }", f"{{ per_person_fen = {fen} }}\napplies = {applies}")

    text = (
        rate("province", "370000", 1, "{}")
        + rate("city", "370200", 2, '{ level = "4" }')
        + rate("trade", "370200", 3, '{ level = "4", occupation = "6-18-02-04" }')
    )
    rules = load(folder(tmp_path, text))

    def found(region: str, **facts: str) -> str:
        return rules.one("training_standard", date(2026, 1, 1), region, **facts).id

    assert found("370202", level="4", occupation="6-18-02-04") == "trade"
    assert found("370202", level="4", occupation="6-31-01-03") == "city"
    assert found("370202", level="3") == "province"
    assert found("370611", level="4") == "province"


def test_comments_do_not_change_the_hash_and_figures_do(tmp_path: Path) -> None:
    first = load(folder(tmp_path, RULE)).hash
    assert load(folder(tmp_path, "# a comment\n" + RULE)).hash == first
    assert load(folder(tmp_path, RULE.replace("times = 3", "times = 4"))).hash != first


@pytest.mark.parametrize("jurisdiction", FOLDERS)
def test_shipped_rules_that_no_document_holds_are_marked(jurisdiction: str) -> None:
    for rule in rules_for(jurisdiction, demonstration=True).rules:
        if rule.document == "platform" or rule.jurisdiction != jurisdiction:
            assert rule.status == "illustrative", rule.id
        if rule.status == "carried_on" and rule.document == "AP":
            assert rule.valid_from == date(2022, 1, 1), rule.id
        assert rule.topic in TOPICS


@pytest.mark.parametrize("jurisdiction", FOLDERS)
@pytest.mark.parametrize("demonstration", [False, True])
def test_changed_rules_carry_a_new_edition(jurisdiction: str, demonstration: bool) -> None:
    """Enter the new edition and its hash in data/editions.toml, and leave the old ones there."""
    editions = tomllib.loads((DATA / "editions.toml").read_text("utf-8"))
    rules = rules_for(jurisdiction, demonstration=demonstration)
    assert editions[rules.edition] == rules.hash


def test_the_table_of_rules_is_fresh() -> None:
    page = Path(__file__).parents[3] / "docs" / "policy" / "rules.md"
    assert page.read_text("utf-8") == render(), "run: python -m services.policy.table > docs/policy/rules.md"
