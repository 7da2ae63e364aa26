"""An estimate's life, both sides beside each other, and what comes out for people."""

import csv
import io
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from contracts.vocabularies import populations, statuses
from contracts.vocabularies.errors import Refusal
from services.policy import rules_for
from services.policy.overlay import overlaid
from services.settlement.domain import estimates as rules
from services.settlement.domain.estimates import HELD, MOST_ATTEMPTS, Estimate
from services.settlement.estimates import sample
from services.settlement.estimates.comparing import Cell, Stopped, reckon_both, side_by_side, summary
from services.settlement.estimates.outputs import Finished, outputs, plain
from services.settlement.estimates.population import PopulationInvalid
from services.settlement.estimates.reckoning import Reckoning, Table

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = rules_for("370000")
CHANGE = {
    "change": [{"rule": "sd.yantai.living-cost", "valid_from": "2027-01-01", "values": {"daily_fen": 4000}}]
}


def waiting() -> Estimate:
    return Estimate(
        "e1", "方案", "370600", 2027, 2026, None, 100, "shandong-2026.1", (), (), "finance", NOW, "测算"
    )  # fmt: skip


def test_one_attempt_holds_an_estimate_until_it_is_silent_for_too_long() -> None:
    running = rules.taken(waiting(), NOW, NOW)
    assert (running.status, running.attempt) == ("running", 1)
    assert not rules.due(running, NOW + HELD)
    assert rules.due(running, NOW + HELD + timedelta(milliseconds=1))
    heard = rules.told(running, 1, 500, NOW + HELD)
    assert heard is not None
    assert heard.read == 500
    assert not rules.due(heard, NOW + HELD * 2)


def test_what_a_lost_attempt_says_is_not_heard() -> None:
    second = rules.taken(rules.taken(waiting(), NOW, NOW), NOW + HELD * 2, NOW)
    assert second.attempt == 2
    assert rules.told(second, 1, 10, NOW) is None
    assert rules.done(second, 1, 10, ({}, {}), NOW) is None
    assert rules.failed(second, 1, [], NOW) is None
    finished = rules.done(second, 2, 10, ({"total_fen": 1}, {"total_fen": 2}), NOW)
    assert finished is not None
    assert (finished.status, finished.rows, finished.scenario) == ("done", 10, {"total_fen": 2})
    assert rules.done(finished, 2, 10, ({}, {}), NOW) is None


def test_attempts_come_to_an_end() -> None:
    estimate = waiting()
    for _ in range(MOST_ATTEMPTS):
        estimate = rules.taken(estimate, NOW, NOW)
        assert estimate.status == "running"
    assert rules.taken(estimate, NOW, NOW).status == "failed"


@pytest.mark.parametrize("status", statuses.ESTIMATE)
def test_only_what_is_under_way_is_cancelled(status: str) -> None:
    estimate = replace(waiting(), status=status)
    if status in rules.OPEN:
        assert rules.cancelled(estimate, "重做", NOW).status == "cancelled"
    else:
        with pytest.raises(Refusal, match="estimate_closed"):
            rules.cancelled(estimate, "重做", NOW)


def test_an_estimate_is_of_a_province_or_a_city() -> None:
    rules.check_region("370000")
    rules.check_region("370600")
    with pytest.raises(Refusal, match="estimate_region"):
        rules.check_region("370611")
    rules.check_queue(rules.MOST_WAITING - 1)
    with pytest.raises(Refusal, match="estimate_queue"):
        rules.check_queue(rules.MOST_WAITING)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("population") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        sample.write(opened, 1500, seed=8)
    return path


def test_both_sides_are_those_of_one_process_each(file: Path) -> None:
    scenario = overlaid(RULES, "方案", CHANGE)
    heard: list[int] = []
    found = reckon_both(file, (RULES, scenario), 2027, lambda read: heard.append(read) or True)
    assert found == [Reckoning(each).read(file, 2027).table() for each in (RULES, scenario)]
    assert heard[-1] == 1500
    assert found[1].total_fen > found[0].total_fen


def test_mistakes_and_an_end_come_through_from_the_processes(file: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        reckon_both(file, (RULES, RULES), 2027, lambda _: False)
    broken = tmp_path / "broken.csv"
    broken.write_text("person,kind,region,day\na1,living_cost,370611,2026-13-01\n")
    with pytest.raises(PopulationInvalid) as wrong:
        reckon_both(broken, (RULES, RULES), 2027, lambda _: True)
    assert [(each.row, each.column) for each in wrong.value.problems] == [(1, "day")]


def test_growth_is_in_every_cell_and_sums_add_up() -> None:
    one = Table(2, 2, {("370600", "disabled", "living_cost"): (3, 1001)})
    other = Table(2, 2, {("370600", "disabled", "transport"): (1, 99)})
    cells = side_by_side(one, other, 150)
    assert [(each.kind, each.baseline_people, each.baseline_fen) for each in cells] == [
        ("living_cost", 4, 1501),
        ("transport", 0, 0),
    ]
    assert [each.difference_fen for each in cells] == [-1501, 148]
    assert summary(RULES, one, 150)["total_fen"] == 1501


def finished(name: str, cells: list[Cell]) -> Finished:
    return Finished(name, 2027, 100, (RULES, RULES), (Table(5), Table(5)), cells, ["=HYPERLINK()"])


CELLS = [
    Cell("370600", "disabled", "living_cost", 2, 123_456, 2, 150_000),
    Cell("370100", "-", "project_balance", 1, 72_000, 0, 0),
]


def test_the_spreadsheet_holds_every_cell_and_no_formula() -> None:
    name = "=cmd|' /C calc'!A0"
    made = outputs(finished(name, CELLS))
    assert set(made) == set(populations.OUTPUTS)
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"]))
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [value for value in values if isinstance(value, str) and value.startswith(("=", "+", "@"))]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    cells = list(book["明细 cells"].iter_rows(min_row=2, values_only=True))
    assert cells[0] == ("烟台市", "残疾人", "培训期间生活费补贴", 2, 1234.56, 2, 1500, 265.44)
    read = list(csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"))))
    assert [int(row["difference_fen"]) for row in read] == [26_544, -72_000]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_text_is_never_a_formula(text: str) -> None:
    assert not str(plain(text)).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(-5) == -5
    assert plain("烟台") == "烟台"


@pytest.mark.parametrize("cells", [CELLS, []], ids=["some", "none"])
def test_the_plot_is_a_picture_with_chinese_text_and_nothing_that_runs(cells: list[Cell]) -> None:
    drawn = outputs(finished("<script>alert(1)</script>方案", cells))["svg"]
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - our own
    assert tree.tag.endswith("svg")
    assert not [each for each in tree.iter() if "script" in str(each.tag)]
    # nothing is fetched by whoever opens it
    assert not [name for each in tree.iter() for name in each.attrib if name.endswith(("href", "src"))]
    assert not re.search(r"@import|url\(\s*['\"]?[a-z]+:", drawn.decode())
    if cells:
        assert "烟台市" in drawn.decode()


def test_the_plot_library_leaves_no_finder_that_importers_cannot_ask() -> None:
    assert [finder for finder in sys.meta_path if not hasattr(finder, "find_spec")] == []
