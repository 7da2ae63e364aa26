"""Population files: what is read, what is refused and where, and cases on both sides of a threshold."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.policy import rules_for
from services.policy.overlay import overlaid
from services.settlement.estimates.columns import HEAD
from services.settlement.estimates.population import MOST_PROBLEMS, PopulationInvalid, rows
from services.settlement.estimates.reckoning import LEFT_OUT, Reckoning

RULES = rules_for("370000")
CASE = {
    "person": "a1",
    "kind": "project",
    "region": "370611",
    "groups": "rural_transfer",
    "occupation": "6-18-02-04",
    "level": "4",
    "project": "p1",
    "day": "2026-03-31",
    "certificate": "4",
    "employed_from": "2026-04-01",
}


def cases(*changes: dict[str, Any], head: tuple[str, ...] = HEAD) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(head)
    for number, change in enumerate(changes, 1):
        row = {**CASE, "person": f"a{number}", **change}
        writer.writerow([row.get(name, "") for name in head])
    return file.getvalue()


@pytest.fixture
def given(tmp_path: Path) -> Any:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "population.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def wrong(path: Path) -> list[tuple[int, str]]:
    with pytest.raises(PopulationInvalid) as invalid:
        list(rows(path, 2027))
    return [(each.row, each.column) for each in invalid.value.problems]


def test_columns_may_stand_in_any_order_and_be_left_out(given: Any) -> None:
    head = ("day", "region", "kind", "person", "days")
    text = cases({"kind": "living_cost", "days": 3}, head=head)
    ((person, row),) = rows(given(text))
    assert (person, row.kind, row.day, row.days) == ("a1", "living_cost", date(2026, 3, 31), 3)
    assert (row.groups, row.pension, row.real_name, row.payee) == ((), False, True, "provider")


def test_all_days_move_into_the_year(given: Any) -> None:
    text = cases({"day": "2024-02-29", "employed_from": "2025-01-10", "enrolled_on": "2023-12-31"})
    ((_, row),) = rows(given(text), 2027)
    assert (row.day, row.employed_from, row.enrolled_on) == (
        date(2027, 2, 28),
        date(2028, 1, 10),
        date(2026, 12, 31),
    )


def test_a_packed_file_with_a_mark_of_its_encoding_is_read(given: Any) -> None:
    packed = gzip.compress(b"\xef\xbb\xbf" + cases({}).encode())
    assert [person for person, _ in rows(given(packed))] == ["a1"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"person": "370611199001011234"}, "person"),
        ({"person": "37061119900101123x"}, "person"),
        ({"person": "示例甲"}, "person"),
        ({"person": ""}, "person"),
        ({"kind": "anything"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"region": "999999"}, "region"),
        ({"groups": "rural_transfer;nobody"}, "groups"),
        ({"day": "2026-02-30"}, "day"),
        ({"day": "20260331"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2025-03-31"}, "day"),
        ({"days": "-1"}, "days"),
        ({"days": "3.5"}, "days"),
        ({"days": "367"}, "days"),
        ({"price_fen": "1e5"}, "price_fen"),
        ({"price_fen": "99999999999"}, "price_fen"),
        ({"level": "9"}, "level"),
        ({"level": ""}, "level"),
        ({"occupation": "0-00"}, "occupation"),
        ({"project": ""}, "project"),
        ({"completed": "maybe"}, "completed"),
        ({"certificate": "gold"}, "certificate"),
        ({"pension": "some"}, "pension"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told_by_row_and_column(given: Any, change: dict[str, Any], column: str) -> None:
    assert wrong(given(cases({}, {}, change, {}))) == [(3, column)]


def test_a_row_of_another_width_and_broken_files_are_told(given: Any) -> None:
    assert wrong(given(cases({}, {}) + "a9,project\n")) == [(3, "")]
    assert wrong(given("")) == [(0, name) for name in sorted(("day", "kind", "person", "region"))]
    assert wrong(given(",".join(HEAD) + "\n")) == [(0, "")]
    assert wrong(given("person,kind,region,day,name\n")) == [(0, "name")]
    assert wrong(given("person,kind,region,day,day\n")) == [(0, "day")]
    assert wrong(given(gzip.compress(cases({}).encode())[:60])) == [(0, "")]
    assert wrong(given(cases({}).encode() + b"\xff\xfe,\n")) == [(0, "")]
    assert wrong(given(cases({}) + '"' + "x" * 200_000 + '"\n')) == [(0, "")]


def test_no_more_mistakes_are_told_than_anybody_reads(given: Any) -> None:
    assert len(wrong(given(cases(*[{"days": "x"}] * 200)))) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("changes", "row", "column"),
    [
        ([{}, {"price_fen": "1"}], 2, "project"),
        ([{}, {"region": "370612"}], 2, "project"),
        ([{}, {"person": "a1"}], 2, "project"),
        ([{"region": "140100"}], 1, "region"),
    ],
)
def test_what_rows_say_of_each_other_has_to_fit(
    given: Any, changes: list[dict[str, Any]], row: int, column: str
) -> None:
    with pytest.raises(PopulationInvalid) as invalid:
        Reckoning(RULES).read(given(cases(*changes)), 2027)
    assert [(each.row, each.column) for each in invalid.value.problems] == [(row, column)]


def test_a_row_outside_of_the_region_is_refused(given: Any) -> None:
    path = given(cases({}))
    assert Reckoning(RULES, region="370600").read(path, 2027).table().rows == 1
    with pytest.raises(PopulationInvalid) as invalid:
        Reckoning(RULES, region="370100").read(path, 2027)
    assert invalid.value.problems[0].column == "region"


def totals(path: Path, rules: Any = RULES) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, _, kind), (_, fen) in Reckoning(rules).read(path, 2027).table().cells.items():
        found[kind] = found.get(kind, 0) + fen
    return found


def test_the_balance_of_a_project_stands_at_exactly_85_percent(given: Any) -> None:
    """AP: 17 of 20 employed is 85 %, 16 is not."""
    reached = given(cases(*[{} if number < 17 else {"employed_from": ""} for number in range(20)]))
    assert totals(reached)["project_balance"] == 20 * 72_000
    below = given(cases(*[{} if number < 16 else {"employed_from": ""} for number in range(20)]))
    assert "project_balance" not in totals(below)
    assert totals(below)["project_advance"] == 20 * 108_000


def test_work_counts_to_the_last_day_of_the_window_and_not_a_day_longer(given: Any) -> None:
    """The window of 6 months after 31 March ends on 30 September."""
    assert "project_balance" in totals(given(cases({"employed_from": "2026-09-30"})))
    assert "project_balance" not in totals(given(cases({"employed_from": "2026-10-01"})))


def test_living_costs_stand_at_the_most_days(given: Any) -> None:
    living = {"kind": "living_cost", "project": "", "day": "2026-05-20"}
    for days, fen in ((0, 0), (1, 3_000), (60, 180_000), (61, 180_000)):
        assert totals(given(cases({**living, "days": days}))).get("living_cost", 0) == fen


def test_a_change_in_the_middle_of_the_year_parts_the_people(given: Any) -> None:
    changed = overlaid(
        RULES,
        "提高",
        {
            "change": [
                {"rule": "sd.yantai.living-cost", "valid_from": "2027-05-20", "values": {"daily_fen": 4_000}}
            ]
        },
    )
    living = {"kind": "living_cost", "project": "", "days": 2}
    path = given(cases({**living, "day": "2026-05-19"}, {**living, "day": "2026-05-20"}))
    assert totals(path, changed)["living_cost"] == 2 * 3_000 + 2 * 4_000


def test_the_fourth_training_of_a_year_and_the_same_level_again_are_left_out(given: Any) -> None:
    """AP: at most three a year, an occupation and level once; the first by date come first."""
    trainings = [("6-18-02-04", "5"), ("6-18-02-04", "4"), ("6-18-02-04", "3"), ("6-31-01-03", "4")]
    four = [
        {"person": "a1", "project": f"p{number}", "occupation": code, "level": level, "certificate": level,
         "day": f"2026-0{9 - number}-01", "employed_from": "2026-10-01"}
        for number, (code, level) in enumerate(trainings, 1)
    ]  # fmt: skip
    reckoned = Reckoning(RULES).read(given(cases(*four)), 2027)
    assert [each.reason for each in reckoned.amounts_of_rows()] == [LEFT_OUT, "", "", ""]
    twice = [{"person": "a1", "project": f"p{number}"} for number in (1, 2)]
    reckoned = Reckoning(RULES).read(given(cases(*twice)), 2027)
    assert [each.reason for each in reckoned.amounts_of_rows()] == ["", LEFT_OUT]
    assert reckoned.table().out == {LEFT_OUT: 1}


def test_who_is_kept_out_is_counted_by_what_keeps_them_out(given: Any) -> None:
    path = given(
        cases(
            {"pension": "yes"},
            {"pension": "unknown"},
            {"groups": "flexible_worker"},
            {"real_name": "no"},
            {"certificate": ""},
            {"kind": "living_cost", "region": "370211", "day": "2026-05-20"},
            {},
        )
    )
    assert Reckoning(RULES).read(path, 2027).table().out == {
        "pension_entitled": 1,
        "pension_unverified": 1,
        "group_not_eligible": 1,
        "real_name_incomplete": 1,
        "no_certificate": 1,
        "no_rule": 1,
    }
