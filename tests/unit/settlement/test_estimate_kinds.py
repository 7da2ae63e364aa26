"""Estimates of what persons claim for their own training, and of oriented training."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services import policy
from services.policy import RuleSet
from services.policy.overlay import overlaid
from services.settlement.estimates.columns import HEAD
from services.settlement.estimates.population import PopulationInvalid, rows
from services.settlement.estimates.reckoning import LEFT_OUT, NO_PLACE, Reckoning

SHANDONG, SHANXI = policy.rules_for("370000"), policy.rules_for("140000")
WELDER = "6-18-02-04"
OWN = {
    "person": "a1",
    "kind": "person_training",
    "region": "370611",
    "groups": "rural_transfer",
    "occupation": WELDER,
    "level": "4",
    "organiser": "provider",
    "day": "2026-03-31",
    "days": "5",
    "certificate": "4",
}
ORIENTED = {
    "person": "a1",
    "kind": "oriented_training",
    "region": "140100",
    "occupation": WELDER,
    "price_fen": "650000",
    "first_day": "2026-01-05",
    "day": "2026-04-30",
    "certificate": "3",
}


def written(path: Path, base: dict[str, Any], *changes: dict[str, Any]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number, change in enumerate(changes, 1):
            row = {**base, "person": f"a{number}", **change}
            writer.writerow([row.get(name, "") for name in HEAD])
    return path


def amounts(path: Path, rules: RuleSet) -> list[tuple[int, str]]:
    found = Reckoning(rules).read(path, 2027).amounts_of_rows()
    return [(sum(each.fen.values()), each.reason) for each in found]


def test_a_persons_own_training_gives_what_the_claim_would_give(tmp_path: Path) -> None:
    changes = [
        {},
        {"price_fen": "100000"},
        {"level": "5", "certificate": "5"},
        {"completed": "no"},
        {"pension": "yes"},
        {"certificate": ""},
        {"organiser": "enterprise"},
    ]
    path = written(tmp_path / "own.csv", OWN, *changes)
    expected = []
    for number, (_, row) in enumerate(rows(path, 2027)):
        about = policy.ClassTrainingFacts(
            "c", row.region, WELDER, row.level, row.day, row.training_kind, "person", row.organiser,
            price_fen=row.price_fen,
        )  # fmt: skip
        proof = policy.Certificate("c1", WELDER, row.certificate, row.day) if row.certificate else None
        person = policy.TraineeFacts(
            str(number), True, True, row.pension, "yes", row.days, row.completed, proof
        )
        claim = policy.class_training(about, [person], date(2027, 6, 1), rules=SHANDONG)
        expected.append((claim.total_fen, claim.refusals[0].fact if claim.refusals else ""))
    assert amounts(path, SHANDONG) == expected
    assert {reason for _, reason in expected} >= {"", "not_completed", "pension_entitled", "no_certificate"}
    assert expected[0][0] > 0
    cells = Reckoning(SHANDONG).read(path, 2027).table().cells
    assert {kind for _, _, kind in cells} == {"person_training"}


def test_the_limits_take_a_persons_own_training_as_any_other(tmp_path: Path) -> None:
    same = [{"person": "a1"}, {"person": "a1", "kind": "class_training", "day": "2026-05-31"}]
    found = amounts(written(tmp_path / "same.csv", OWN, *same), SHANDONG)
    assert [reason for _, reason in found] == ["", LEFT_OUT]


@pytest.mark.parametrize("lacking", ["organiser", "occupation", "level"])
def test_a_persons_own_training_needs_who_ran_the_class(tmp_path: Path, lacking: str) -> None:
    with pytest.raises(PopulationInvalid) as invalid:
        list(rows(written(tmp_path / "own.csv", OWN, {lacking: ""})))
    assert [(each.row, each.column) for each in invalid.value.problems] == [(1, lacking)]


@pytest.mark.parametrize("lacking", ["price_fen", "first_day", "occupation"])
def test_oriented_training_needs_its_standard_and_its_first_day(tmp_path: Path, lacking: str) -> None:
    with pytest.raises(PopulationInvalid) as invalid:
        list(rows(written(tmp_path / "oriented.csv", ORIENTED, {lacking: ""})))
    assert [(each.row, each.column) for each in invalid.value.problems] == [(1, lacking)]


@pytest.mark.parametrize(
    ("change", "fen", "reason"),
    [
        ({}, 6500_00, ""),
        ({"price_fen": "0"}, 0, ""),
        ({"price_fen": "799999"}, 7999_99, ""),
        ({"price_fen": "800000"}, 8000_00, ""),
        ({"price_fen": "800001"}, 8000_00, ""),
        # three months end the day before the same day of the month, six likewise
        ({"first_day": "2026-02-01"}, 6500_00, ""),
        ({"first_day": "2026-02-02"}, 0, "term_length"),
        ({"first_day": "2025-11-01"}, 6500_00, ""),
        ({"first_day": "2025-10-31"}, 0, "term_length"),
        ({"certificate": "4"}, 0, "no_level_3_certificate"),
        ({"certificate": ""}, 0, "no_level_3_certificate"),
        ({"completed": "no"}, 0, "not_completed"),
        ({"real_name": "no"}, 0, "real_name_incomplete"),
    ],
)  # fmt: skip
def test_oriented_training_stands_at_its_months_its_cap_and_its_certificate(
    tmp_path: Path, change: dict[str, Any], fen: int, reason: str
) -> None:
    """600 §9(1): 3 to 6 months, a level-3 certificate, at most 8,000 yuan."""
    assert amounts(written(tmp_path / "oriented.csv", ORIENTED, change), SHANXI) == [(fen, reason)]


def test_who_comes_after_the_places_gets_nothing(tmp_path: Path) -> None:
    """600 §9(1): the places go to the first by date; who is refused anyhow takes none."""
    few = []
    for rule in SHANXI.rules:
        changed = rule.topic == "oriented_cap"
        few.append(replace(rule, values=rule.values | {"places": 2}) if changed else rule)
    changes = [
        {"first_day": "2026-02-20", "day": "2026-06-10"},
        {},
        {"completed": "no"},
        {"first_day": "2026-02-20", "day": "2026-06-09"},
    ]
    path = written(tmp_path / "oriented.csv", ORIENTED, *changes)
    rules = RuleSet("140000", SHANXI.edition, few, SHANXI.hash)
    assert amounts(path, rules) == [(0, NO_PLACE), (6500_00, ""), (0, "not_completed"), (6500_00, "")]
    assert Reckoning(rules).read(path, 2027).table().out == {NO_PLACE: 1, "not_completed": 1}
    assert amounts(path, SHANXI)[0] == (6500_00, "")


def test_a_change_of_the_cap_is_what_it_costs(tmp_path: Path) -> None:
    path = written(tmp_path / "oriented.csv", ORIENTED, {"price_fen": "900000"}, {"price_fen": "650000"})
    change = {"rule": "sx.oriented", "valid_from": "2027-01-01", "values": {"max_fen": 700_000}}
    changed = overlaid(SHANXI, "降低上限", {"change": [change]})
    assert [fen for fen, _ in amounts(path, SHANXI)] == [8000_00, 6500_00]
    assert [fen for fen, _ in amounts(path, changed)] == [7000_00, 6500_00]


def test_a_province_without_oriented_training_gives_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "oriented.csv", ORIENTED, {"region": "370611"})
    assert amounts(path, SHANDONG) == [(0, "no_rule")]
