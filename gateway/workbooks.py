"""Workbooks (xlsx) that strangers send: the values of the first sheet, read in bounds."""

import io
import math
import zipfile
from datetime import date, datetime, time
from typing import Any, Final
from xml.parsers import expat

from openpyxl import load_workbook

MOST_COLUMNS: Final = 100
_UNPACKED: Final = 20_000_000
_ELEMENTS: Final = 150_000
_SHEETS: Final = 10
_PIECE: Final = 1 << 16
_PLAIN: Final = (str, int, float, bool, date, datetime, time)
Row = tuple[Any, ...]


class TooLarge(Exception):
    """More rows, columns, sheets, elements or bytes than a workbook may have."""


class Unreadable(Exception):
    """No workbook, or one with a document type."""


def rows_of(content: bytes, most_rows: int) -> list[Row]:
    """Return the values of the first sheet row by row, blank rows too; a formula is its text.

    Merged areas and links are never laid out: only cells that are there count. Raises TooLarge, Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _UNPACKED:
                raise TooLarge
            _check_elements(packed)
        return _read(content, most_rows)
    except (TooLarge, Unreadable):
        raise
    except Exception as problem:
        # the library has no error of its own for broken parts: whatever it meets in them comes out
        raise Unreadable(type(problem).__name__) from None


def _check_elements(packed: zipfile.ZipFile) -> None:
    """Count the elements of all parts before anything is built of them."""
    counter = _Counter()
    for part in packed.infolist():
        with packed.open(part) as stream:
            counter.count(stream)


class _Counter:
    def __init__(self) -> None:
        self._elements = self._sheets = 0

    def count(self, stream: Any) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while piece := stream.read(_PIECE):
                parser.Parse(piece)
        except expat.ExpatError:
            # a picture, or broken: the reader gets no further in it than this
            return

    def _start(self, name: str, _attributes: Any) -> None:
        self._elements += 1
        self._sheets += name.rpartition(":")[2] == "sheet"
        if self._elements > _ELEMENTS or self._sheets > _SHEETS:
            raise TooLarge

    def _doctype(self, *_: Any) -> None:
        raise Unreadable("DOCTYPE")


def _read(content: bytes, most_rows: int) -> list[Row]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    if not book.worksheets:
        raise Unreadable("no sheet")
    sheet = book.worksheets[0]
    # what the sheet says of its own size is not believed
    sheet.reset_dimensions()
    rows: list[Row] = []
    for given in sheet.iter_rows(max_row=most_rows + 1, values_only=True):
        beyond = given[MOST_COLUMNS:]
        if len(rows) == most_rows or beyond.count(None) < len(beyond):
            raise TooLarge
        rows.append(tuple(_value(each) for each in given[:MOST_COLUMNS]))
    return rows


def _value(value: Any) -> Any:
    if value is None or (isinstance(value, _PLAIN) and not (isinstance(value, float) and _odd(value))):
        return value
    return str(getattr(value, "text", value))


def _odd(value: float) -> bool:
    return not math.isfinite(value)
