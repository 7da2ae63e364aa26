"""Editions and demand summaries as files (xlsx, csv, JSON); lists of other authorities read from xlsx."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from contracts.vocabularies import levels, modes, occupations, programmes, regions
from contracts.vocabularies.catalogues import COLUMNS, KINDS, MOST_IN_A_LIST
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.small_cells import LEFT_OUT, LEFT_OUT_EN, LEFT_OUT_ZH
from contracts.vocabularies.statuses import BODY_KINDS, PROJECT
from gateway.workbooks import CSV, XLSX, Row, TooLarge, Unreadable, neutral, rows_of

MEDIA_TYPES: Final = {"xlsx": XLSX, "csv": CSV, "json": "application/json"}
LARGEST: Final = 4_000_000
# stands in the first row when the files were ours: what stands there is no item
_WORDS: Final[Mapping[str, Any]] = {
    "region": regions.full_name,
    "occupation": occupations.name,
    "level": levels.written,
    "mode": modes.name,
    "programme": programmes.name,
    "body_kind": BODY_KINDS.__getitem__,
    "status": PROJECT.__getitem__,
}
_CODED: Final = ("region", "occupation", "level")
Item = Mapping[str, Any]


def edition_file(format: str, edition: Item, items: Iterable[Item]) -> bytes:
    """Return an edition as a file. edition: as the contract has it; format: one of catalogues.FORMATS."""
    kind = KINDS[edition["kind"]]
    names = [*kind.shows, "since", "reason"]
    if format == "json":
        return _json({"edition": edition, "items": [{name: each[name] for name in names} for each in items]})
    heads = [*(COLUMNS[name] for name in kind.shows), "入录版次 since", "原因 reason"]
    title = f"{regions.full_name(edition['region'])}{edition['name_zh']} 第 {edition['number']} 版"
    notes = [title, edition["publish_on"] or "", *_notes(names)]
    return _table(format, notes, heads, ([_cell(name, each) for name in names] for each in items))


def summary_file(format: str, by: Sequence[str], summary: Item) -> bytes:
    """Return a summary of demands as a file. by: what its lines are told apart by."""
    names = [*by, "workers", "firms", "firm_headcount"]
    if format == "json":
        return _json({"lines": [{name: line[name] for name in names} for line in summary["lines"]]})
    words = {
        "county": "区县 county", "month": "月份 month", "workers": "劳动者 workers",
        "firms": "企业需求 firms", "firm_headcount": "企业需求人数 firm_headcount",
    }  # fmt: skip
    heads = [words.get(name) or COLUMNS[name] for name in names]
    lines = ({**line, "region": line["county"]} for line in summary["lines"])
    shown = ["region" if name == "county" else name for name in names]
    return _table(
        format, ["需求汇总 demand summary"], heads, ([_cell(n, line) for n in shown] for line in lines)
    )


def _notes(names: Sequence[str]) -> list[str]:
    return [f"{LEFT_OUT_ZH}；{LEFT_OUT_EN}"] if "workers" in names else []


def _cell(name: str, item: Item) -> Any:
    value = item[name]
    if value is None:
        return LEFT_OUT if name == "workers" else None
    if name == "occupations":
        return "；".join(f"{code} {occupations.name(code)}" for code in value)
    if name in _WORDS:
        return f"{value} {_WORDS[name](value)}"
    return "是" if value is True else "否" if value is False else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _table(format: str, notes: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    lines = _lines(notes, heads, rows)
    return _csv(lines) if format == "csv" else _xlsx(lines)


def _lines(notes: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    yield list(notes)
    yield list(heads)
    # a cell that a program would run as a formula, were the file saved as another, is no formula here either
    yield from ([neutral(each) for each in row] for row in rows)


def _csv(lines: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    # the mark by which spreadsheet programs know UTF-8
    return out.getvalue().encode("utf-8-sig")


def _xlsx(lines: Iterable[Sequence[Any]]) -> bytes:
    """A large edition must not stand in memory cell by cell: rows go out as they come."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("目录 catalogue")
    sheet.freeze_panes = "A3"
    for line in lines:
        sheet.append([_written(sheet, each) for each in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def read_list(kind: str, content: bytes) -> list[dict[str, Any]]:
    """Return the items of a list as the service takes them. Columns go by the last word of their heads.

    Raises Refusal `gateway.sheet_unreadable`, `gateway.sheet_size`, `gateway.sheet_columns`.
    """
    try:
        rows = rows_of(content, MOST_IN_A_LIST + 2)
    except TooLarge:
        raise Refusal("gateway.sheet_size", field="file", rows=MOST_IN_A_LIST, bytes=LARGEST) from None
    except Unreadable as problem:
        raise Refusal("gateway.sheet_unreadable", field="file", reason=str(problem)) from None
    needs = KINDS[kind].needs
    for number, row in enumerate(rows[:2]):
        columns = _columns(kind, row)
        if set(needs) <= columns.keys():
            found = [_item(columns, each) for each in rows[number + 1 :]]
            return [each for each in found if each]
    raise Refusal("gateway.sheet_columns", field="file", missing="、".join(COLUMNS[name] for name in needs))


def _columns(kind: str, row: Row) -> dict[str, int]:
    heads = {
        str(head).strip().rpartition(" ")[2]: place for place, head in enumerate(row) if head is not None
    }
    return {name: heads[name] for name in KINDS[kind].shows if name in heads}


def _item(columns: Mapping[str, int], row: Row) -> dict[str, Any]:
    found = {}
    for name, place in columns.items():
        value = row[place] if place < len(row) else None
        text = (
            ""
            if value is None
            else str(int(value) if isinstance(value, float) and value == int(value) else value)
        )
        if text.strip():
            found[name] = text.split()[0] if name in _CODED else text.strip()
    return found
