"""Workbooks (xlsx): what strangers send is read in bounds, what is written holds no formula."""

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import PatternFill
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
MOST_COLUMNS: Final = 100
# a cell that begins so is run as a formula by the programs that open it
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
RED: Final = PatternFill("solid", fgColor="FFC7CE")
_SHEETS: Final = 10
_PIECE: Final = 1 << 16
_PLAIN: Final = (str, int, float, bool, date, datetime, time)
Row = tuple[Any, ...]


class TooLarge(Exception):
    """More than a workbook may have; `what`: rows, columns, sheets, elements or bytes."""

    def __init__(self, what: str = "rows") -> None:
        super().__init__(what)
        self.what = what


class Unreadable(Exception):
    """No workbook, or one with a document type."""


@dataclass(frozen=True)
class Bounds:
    """What a workbook may have at most. rows: of the first sheet; unpacked: bytes; elements: of its XML."""

    rows: int
    columns: int = MOST_COLUMNS
    unpacked: int = 20_000_000
    elements: int = 150_000


@dataclass(frozen=True)
class Book:
    """The first sheet. merged: its merged areas as B2:B9; only their first cell has a value."""

    rows: list[Row]
    merged: tuple[str, ...] = ()


def rows_of(content: bytes, most_rows: int) -> list[Row]:
    """Return the values of the first sheet row by row, as `read` does."""
    return read(content, Bounds(most_rows)).rows


def read(content: bytes, bounds: Bounds) -> Book:
    """Return the values of the first sheet row by row, blank rows too; a formula is its text.

    Merged areas and links are never laid out: only cells that are there count. Raises TooLarge, Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > bounds.unpacked:
                raise TooLarge("bytes")
            merged = _looked_through(packed, bounds)
        return _read(content, bounds, merged)
    except (TooLarge, Unreadable):
        raise
    except Exception as problem:
        # the library has no error of its own for broken parts: whatever it meets in them comes out
        raise Unreadable(type(problem).__name__) from None


def _looked_through(packed: zipfile.ZipFile, bounds: Bounds) -> dict[str, list[str]]:
    """Count the elements of all parts before anything is built of them; return merged areas by part."""
    counter = _Counter(bounds.elements)
    for part in packed.infolist():
        with packed.open(part) as stream:
            counter.count(part.filename, stream)
    return counter.merged


@dataclass
class _Counter:
    most: int
    merged: dict[str, list[str]] = field(default_factory=dict)
    part: str = ""
    elements: int = 0
    sheets: int = 0

    def count(self, part: str, stream: Any) -> None:
        self.part = part
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while piece := stream.read(_PIECE):
                parser.Parse(piece)
        except expat.ExpatError:
            # a picture, or broken: the reader gets no further in it than this
            return

    def _start(self, name: str, attributes: Any) -> None:
        self.elements += 1
        if self.elements > self.most:
            raise TooLarge("elements")
        if name.endswith("sheet") and name.rpartition(":")[2] == "sheet":
            self.sheets += 1
            if self.sheets > _SHEETS:
                raise TooLarge("sheets")
        elif name.endswith("mergeCell"):
            self.merged.setdefault(self.part, []).append(str(attributes.get("ref", ""))[:40])

    def _doctype(self, *_: Any) -> None:
        raise Unreadable("DOCTYPE")


def _read(content: bytes, bounds: Bounds, merged: dict[str, list[str]]) -> Book:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    if not book.worksheets:
        raise Unreadable("no sheet")
    sheet: Any = book.worksheets[0]
    # what the sheet says of its own size is not believed
    sheet.reset_dimensions()
    rows: list[Row] = []
    for given in sheet.iter_rows(max_row=bounds.rows + 1, values_only=True):
        beyond = given[bounds.columns :]
        if beyond.count(None) < len(beyond):
            raise TooLarge("columns")
        if len(rows) == bounds.rows:
            raise TooLarge("rows")
        rows.append(tuple(_value(each) for each in given[: bounds.columns]))
    return Book(rows, tuple(merged.get(str(sheet._worksheet_path).lstrip("/"), ())))


def _value(value: Any) -> Any:
    if value is None or (isinstance(value, _PLAIN) and not (isinstance(value, float) and _odd(value))):
        return value
    return str(getattr(value, "text", value))


def _odd(value: float) -> bool:
    return not math.isfinite(value)


def neutral(value: Any) -> Any:
    """Return a value as a csv file may carry it: text that a program would run gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def plain(value: str) -> str:
    """Return what `neutral` was given."""
    return value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as csv in UTF-8 with its mark, which spreadsheet programs need; no cell is a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([neutral(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Red:
    """A value that is shown as wrong."""

    value: Any


def xlsx_of(
    sheets: Mapping[str, Iterable[Sequence[Any]]], texts: Iterable[int] = (), width: int = 22
) -> bytes:
    """Return a workbook of sheets by title, written row by row, no cell a formula. Values may be `Red`.

    texts: columns (from 1) of the first sheet that are text even when empty, so that digits typed stay whole.
    """
    book = Workbook(write_only=True)
    as_text = frozenset(texts)
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.create_sheet(title)
        for column in range(1, MOST_COLUMNS if as_text and not number else 10):
            kept = sheet.column_dimensions[get_column_letter(column)]
            kept.width = width
            if not number and column in as_text:
                kept.number_format = FORMAT_TEXT
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, Red):
        cell = WriteOnlyCell(sheet)
        put(cell, value.value)
        cell.fill = RED
        return cell
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet)
    put(cell, value)
    if value.isdigit():
        cell.number_format = FORMAT_TEXT
    return cell


def put(cell: Any, value: Any) -> None:
    """Write a value; text is text, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
