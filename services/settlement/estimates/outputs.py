"""What comes out of an estimate for people: a table (CSV), a spreadsheet (xlsx) and a plot (SVG)."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pygal
from openpyxl import Workbook
from openpyxl.styles import Font
from pygal.style import Style

from contracts.vocabularies import groups, regions, statuses
from services.policy import RuleSet
from services.settlement.estimates.comparing import Cell
from services.settlement.estimates.reckoning import Table

# pygal's finder for map plugins speaks a protocol that importers no longer know, and is not needed here
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != pygal.__name__]

# names that systems have for a Chinese font; the picture holds text, so that the reader's own font is used
_FONT: Final = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',SimSun,sans-serif"
_SCRIPT: Final = re.compile(rb"<script.*?</script>", re.DOTALL)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_HEAD: Final = (
    "市 city",
    "人员类别 group",
    "补贴种类 kind",
    "现行人数 baseline people",
    "现行金额（元） baseline yuan",
    "方案人数 scenario people",
    "方案金额（元） scenario yuan",
    "差额（元） difference yuan",
)


@dataclass(frozen=True)
class Finished:
    """A reckoned estimate, as its outputs show it."""

    name: str
    year: int
    growth_percent: int
    rules: Sequence[RuleSet]
    tables: Sequence[Table]
    cells: Sequence[Cell]
    changes: Sequence[str] = ()


def outputs(finished: Finished) -> dict[str, bytes]:
    """Return every output by its format."""
    return {"csv": table(finished.cells), "xlsx": spreadsheet(finished), "svg": plot(finished)}


def table(cells: Iterable[Cell]) -> bytes:
    """Return the cells as CSV, codes and whole fen, for programs."""
    file = io.StringIO()
    writer = csv.writer(file)
    names = [*Cell.__dataclass_fields__, "difference_fen"]
    writer.writerow(names)
    writer.writerows([plain(getattr(cell, name)) for name in names] for cell in cells)
    return file.getvalue().encode("utf-8-sig")


def spreadsheet(finished: Finished) -> bytes:
    """Return a workbook: summary, by city, by kind, by group, every cell. Amounts are in yuan."""
    book = Workbook()
    first = book.active
    first.title = "概要 summary"
    for row in _summary(finished):
        first.append([plain(each) for each in row])
    first["A1"].font = Font(bold=True, size=14)
    first.column_dimensions["A"].width = 34
    first.column_dimensions["B"].width = first.column_dimensions["C"].width = 26
    for title, of in _SHEETS.items():
        _sheet(book.create_sheet(title), [*_HEAD[:1], *_HEAD[3:]], _sums(finished.cells, of), title)
    rows = [[*_names(cell), *_figures(cell)] for cell in finished.cells]
    _sheet(book.create_sheet("明细 cells"), list(_HEAD), rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def plot(finished: Finished) -> bytes:
    """Return bars of both sides for each city, in 10,000 yuan, as SVG without scripts."""
    # pygal asks the network for its script unless it is told that there is none
    chart = pygal.Bar(
        js=(),
        style=Style(font_family=_FONT, colors=("#8a96a3", "#b3472d")),
        title=f"{finished.name}（{finished.year}）",
        y_title="万元 10,000 yuan",
        x_label_rotation=30,
        width=1100,
        height=560,
        show_legend=True,
        legend_at_bottom=True,
        no_data_text="没有应付金额 / nothing is owed",
    )
    sums = _sums(finished.cells, _city)
    chart.x_labels = [row[0] for row in sums]
    chart.add("现行规则 baseline", [round(float(row[2]) / 10_000, 2) for row in sums])
    chart.add("方案 scenario", [round(float(row[4]) / 10_000, 2) for row in sums])
    drawn: bytes = chart.render()
    return _SCRIPT.sub(b"", drawn)


def plain(value: Any) -> Any:
    """Return a cell's value so that no spreadsheet program reads a formula in text."""
    if isinstance(value, str):
        clean = "".join(char for char in value if char >= " " or char in "\n\t")
        return f"'{clean}" if clean.startswith(_FORMULA) else clean
    return value


def _summary(finished: Finished) -> list[list[Any]]:
    baseline = sum(cell.baseline_fen for cell in finished.cells)
    scenario = sum(cell.scenario_fen for cell in finished.cells)
    return [
        [finished.name],
        ["年度 year", finished.year],
        ["人群行数 rows of the population", finished.tables[0].rows],
        ["增长系数 growth %", finished.growth_percent],
        [],
        ["", "现行规则 baseline", "方案 scenario"],
        ["规则版本 edition", *(rules.edition for rules in finished.rules)],
        ["规则摘要 hash", *(rules.hash for rules in finished.rules)],
        ["金额（元） yuan", _yuan(baseline), _yuan(scenario)],
        ["差额（元） difference", "", _yuan(scenario - baseline)],
        [],
        ["不予支付原因 why cases are out", "现行 baseline", "方案 scenario"],
        *_reasons(finished.tables),
        [],
        ["方案内容 what the scenario changes"],
        *([change] for change in finished.changes),
        [],
        ["测算结果仅供决策参考，不作为支付依据 / an estimate, never a ground for a payment"],
    ]


def _reasons(tables: Sequence[Table]) -> list[list[Any]]:
    facts = sorted({fact for each in tables for fact in each.out})
    return [[fact, *(each.out.get(fact, 0) for each in tables)] for fact in facts]


def _sheet(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Any]], first: str = "") -> None:
    sheet.append([first or head[0], *head[1:]])
    for row in rows:
        sheet.append([plain(each) for each in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = 22


def _sums(cells: Iterable[Cell], of: Any) -> list[list[Any]]:
    sums: dict[str, list[Any]] = {}
    for cell in cells:
        row = sums.setdefault(of(cell), [0, 0, 0, 0])
        sides = (cell.baseline_people, cell.baseline_fen, cell.scenario_people, cell.scenario_fen)
        for place, value in enumerate(sides):
            row[place] += value
    return [
        [name, row[0], _yuan(row[1]), row[2], _yuan(row[3]), _yuan(row[3] - row[1])]
        for name, row in sums.items()
    ]


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _city(cell: Cell) -> str:
    return regions.name(cell.city)


def _group(cell: Cell) -> str:
    return groups.name(cell.group) if groups.exists(cell.group) else "未注明 none given"


def _kind(cell: Cell) -> str:
    return statuses.CLAIM_KINDS[cell.kind]


def _names(cell: Cell) -> list[str]:
    return [_city(cell), _group(cell), _kind(cell)]


def _figures(cell: Cell) -> list[Any]:
    return [
        cell.baseline_people,
        _yuan(cell.baseline_fen),
        cell.scenario_people,
        _yuan(cell.scenario_fen),
        _yuan(cell.difference_fen),
    ]


_SHEETS: Final[Mapping[str, Any]] = {
    "分市 by city": _city,
    "分种类 by kind": _kind,
    "分类别 by group": _group,
}
