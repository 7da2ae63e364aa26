"""A scenario over an edition: what it changes, how long, and what is wrong with one."""

import json
from datetime import date
from typing import Any

import pytest

from services.policy import RulesInvalid, rules_for
from services.policy.editions import hashes
from services.policy.overlay import DOCUMENT, MARK, overlaid, read_scenario

RULES = rules_for("370000")
WELDER = "sd.yantai.project.welder.4"
ABOUT = {"organisation": "project_type", "occupation": "6-18-02-04", "level": "4"}


def change(**entry: Any) -> dict[str, Any]:
    return {"change": [{"rule": WELDER, **entry}]}


def standard(rules: Any, day: date) -> int:
    return int(
        rules.one("training_standard", day, "370611", kind="employment_skills", **ABOUT).values[
            "per_person_fen"
        ]
    )


def test_a_rule_changes_from_its_day_on_and_not_a_day_before() -> None:
    found = overlaid(RULES, "涨价", change(valid_from="2027-03-01", values={"per_person_fen": 199_900}))
    assert standard(found, date(2027, 2, 28)) == standard(RULES, date(2027, 2, 28)) == 180_000
    assert standard(found, date(2027, 3, 1)) == 199_900
    assert standard(RULES, date(2027, 3, 1)) == 180_000


def test_a_change_may_end_and_then_there_is_no_rule() -> None:
    asked = change(valid_from="2027-03-01", valid_to="2027-04-30", values={"per_person_fen": 1})
    found = overlaid(RULES, "试行", asked)
    assert standard(found, date(2027, 4, 30)) == 1
    assert (
        found.find("training_standard", date(2027, 5, 1), "370611", kind="employment_skills", **ABOUT) is None
    )


def test_a_rule_ends_with_its_last_day() -> None:
    found = overlaid(RULES, "取消", {"change": [{"rule": "sd.yantai.living-cost", "ends": "2026-12-31"}]})
    assert found.find("living_cost", date(2026, 12, 31), "370611") is not None
    assert found.find("living_cost", date(2027, 1, 1), "370611") is None


def test_a_new_rule_holds_in_its_place() -> None:
    new = {
        "id": "scenario.groups",
        "topic": "eligible_groups",
        "payee": ["person"],
        "fund": ["employment_subsidy"],
        "valid_from": "2027-01-01",
        "values": {"groups": ["flexible_worker"]},
    }
    found = overlaid(RULES, "扩围", {"rule": [new]})
    added = [
        rule
        for rule in found.all("eligible_groups", date(2027, 1, 1), "370611")
        if rule.id == "scenario.groups"
    ]
    assert added[0].document == DOCUMENT
    assert not [
        rule for rule in found.all("eligible_groups", date(2026, 12, 31)) if rule.id == "scenario.groups"
    ]


def test_a_scenario_is_marked_and_is_no_edition_of_any_claim() -> None:
    found = overlaid(RULES, "涨价", change(valid_from="2027-03-01", values={"per_person_fen": 199_900}))
    assert found.edition == RULES.edition + MARK
    assert found.edition not in hashes()
    assert found.hash != RULES.hash
    assert found.hash not in hashes().values()
    changed = [rule for rule in found.rules if rule.document == DOCUMENT]
    assert [(rule.id, rule.clause, rule.status) for rule in changed] == [
        (f"{WELDER}@2027-03-01", "涨价", "illustrative")
    ]
    assert rules_for("370000").hash == RULES.hash


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "change"),
        ({"changes": []}, "changes"),
        ({"change": "all"}, "change"),
        (change(valid_from="2027-03-01"), "values"),
        (change(values={"per_person_fen": 1}), "valid_from"),
        (change(valid_from="2027-03-01", ends="2027-04-01", values={}), "valid_from"),
        (change(valid_from="2027-02-30", values={"per_person_fen": 1}), "valid_from"),
        (change(valid_from="2020-01-01", values={"per_person_fen": 1}), "valid_from"),
        (change(valid_from=20270301, values={"per_person_fen": 1}), "valid_from"),
        (change(valid_from="2027-03-01", values={"per_person_fen": -1}), "values.per_person_fen"),
        (change(valid_from="2027-03-01", values={"per_person_fen": 1.5}), "values.per_person_fen"),
        (change(valid_from="2027-03-01", values={"per_person_yuan": 1}), "values.per_person_yuan"),
        (change(valid_from="2027-03-01", values={"per_person_fen": 1}, status="in_force"), "status"),
        (change(valid_from="2027-03-01", valid_to="2027-02-01", values={"per_person_fen": 1}), "valid_to"),
        ({"change": [{"rule": "sd.nothing", "ends": "2027-01-01"}]}, "rule"),
        ({"rule": [{"id": "x", "topic": "living_cost"}]}, "fund"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_field(content: dict[str, Any], field: str) -> None:
    with pytest.raises(RulesInvalid) as wrong:
        overlaid(RULES, "方案", content)
    assert field in {each.field for each in wrong.value.problems}


def test_two_rules_at_a_time_are_refused() -> None:
    twin = {"id": "scenario.twin", "topic": "living_cost", "jurisdiction": "370600", "payee": ["person"]}
    twin |= {"fund": ["employment_subsidy"], "valid_from": "2027-01-01"}
    twin["values"] = {"daily_fen": 1, "max_days": 1, "groups": ["disabled"]}
    with pytest.raises(RulesInvalid) as wrong:
        overlaid(RULES, "方案", {"rule": [twin]})
    assert "overlaps" in str(wrong.value)


def test_a_scenario_written_as_toml_is_told_by_its_line() -> None:
    text = """
# 方案
[[change]]
rule = "sd.yantai.living-cost"
valid_from = 2027-01-01
values = { daily_fen = 3500 }

[[change]]
rule = "sd.yantai.project.welder.4"
valid_from = 2027-01-01
values = { per_person_fen = "many" }
"""
    content, lines = read_scenario("方案.toml", text)
    with pytest.raises(RulesInvalid) as wrong:
        overlaid(RULES, "方案.toml", content, lines)
    assert [(each.file, each.line, each.field) for each in wrong.value.problems] == [
        ("方案.toml", 8, "values.per_person_fen")
    ]
    with pytest.raises(RulesInvalid):
        read_scenario("方案.toml", "[[change]\n")


def test_json_and_toml_say_the_same() -> None:
    toml, _ = read_scenario("x", '[[change]]\nrule = "sd.yantai.living-cost"\nends = 2027-06-30\n')
    plain = json.loads('{"change": [{"rule": "sd.yantai.living-cost", "ends": "2027-06-30"}]}')
    assert overlaid(RULES, "x", toml).hash == overlaid(RULES, "x", plain).hash
