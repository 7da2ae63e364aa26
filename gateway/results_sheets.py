"""The results of a class as a workbook (xlsx): template, what was filled in, errors beside the rows."""

import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter

from contracts.commands.acceptance_assessment import MOST_ROWS
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import CERTIFICATE_KINDS
from gateway.workbooks import FORMULA, XLSX, Row, TooLarge, Unreadable, put, rows_of

MEDIA_TYPE: Final = XLSX
LARGEST: Final = 1_000_000
_COLUMNS: Final[Mapping[str, str]] = {
    "person_ref": "人员编号 person_ref",
    "passed": "合格 passed",
    "theory": "理论成绩 theory",
    "practice": "实操成绩 practice",
    "number": "证书编号 number",
    "issued_on": "发证日期 issued_on",
    "kind": "证书种类 kind",
    "ability": "能力名称 ability",
}
_NEEDED: Final = ("person_ref", "passed")
_AS_TEXT: Final = ("person_ref", "number")
_ERROR, _WAY = "错误 error", "处理办法 way out"
_WORDS: Final[Mapping[str, bool]] = {
    "是": True, "合格": True, "yes": True, "true": True, "1": True,
    "否": False, "不合格": False, "no": False, "false": False, "0": False,
}  # fmt: skip
_KINDS: Final = {word: code for code, word in CERTIFICATE_KINDS.items()}
_RED: Final = PatternFill("solid", fgColor="FFC7CE")
Line = dict[str, Any]


def template(person_refs: Iterable[str]) -> bytes:
    """Return an empty sheet with a row for each learner."""
    heads = dict(enumerate(_COLUMNS.values(), 1))
    return _written(heads, [{1: each} for each in person_refs])


class Sheet:
    """A workbook that somebody sent; its first sheet counts.

    Raises Refusal `gateway.sheet_size`, `gateway.sheet_unreadable`, `gateway.sheet_columns`.
    """

    def __init__(self, content: bytes) -> None:
        self._rows = _opened(content)
        first = self._rows[0] if self._rows else ()
        heads = {str(value).strip(): column for column, value in enumerate(first, 1) if value is not None}
        by_name = {head.rpartition(" ")[2]: column for head, column in heads.items()}
        self._columns = {name: by_name[name] for name in _COLUMNS if name in by_name}
        missing = [_COLUMNS[name] for name in _NEEDED if name not in self._columns]
        if missing:
            raise Refusal("gateway.sheet_columns", field="file", missing="、".join(missing))
        last = max(heads.values())
        self._error, self._way = heads.get(_ERROR, last + 1), heads.get(_WAY, last + 2)
        told = {column: head for head, column in heads.items()}
        self._heads = {**told, self._error: _ERROR, self._way: _WAY}

    def rows(self) -> list[Line]:
        """Return the filled rows as the service takes them: number and cells.

        Raises Refusal `gateway.sheet_size` for more than MOST_ROWS, `gateway.sheet_unreadable` for none,
        `gateway.sheet_number` for a number that a spreadsheet has rounded.
        """
        found = []
        for number, row in enumerate(self._rows[1:], 2):
            given = {name: row[column - 1] for name, column in self._columns.items() if column <= len(row)}
            filled = {name: value for name, value in given.items() if not _blank(value)}
            _check_digits(number, filled)
            cells = {name: _plain(name, value) for name, value in filled.items()}
            if cells:
                found.append({"row": number, "cells": cells})
        if len(found) > MOST_ROWS:
            raise _too_large()
        if not found:
            raise Refusal("gateway.sheet_unreadable", field="file", reason="空 / empty")
        return found

    def returned(self, errors: Sequence[Line], rows: Collection[int] | None = None) -> bytes:
        """Return a workbook of these rows (None: of all) with what is wrong beside them, the cell at fault
        in red. Rows that were taken are left out, so it can be corrected and sent again.
        """
        wrong = {each["row"]: each for each in errors}
        lines: list[dict[int, Any]] = []
        red: list[tuple[int, int]] = []
        for number, given in enumerate(self._rows[1:], 2):
            if rows is not None and number not in rows:
                continue
            line = {column: value for column, value in enumerate(given, 1) if value is not None}
            line.pop(self._error, None)
            line.pop(self._way, None)
            problem = wrong.get(number)
            if problem:
                line[self._error] = _text(f"{problem['zh']} / {problem['en']}")
                line[self._way] = _text(f"{problem['way_zh']} / {problem['way_en']}")
                column = self._columns.get(problem["field"] or "")
                red += [(len(lines) + 2, column)] if column else []
            lines.append(line)
        return _written(self._heads, lines, red)


def _opened(content: bytes) -> list[Row]:
    try:
        return rows_of(content, MOST_ROWS * 2)
    except TooLarge:
        raise _too_large() from None
    except Unreadable as problem:
        raise Refusal("gateway.sheet_unreadable", field="file", reason=str(problem)) from None


def _check_digits(number: int, cells: Mapping[str, Any]) -> None:
    for name in _AS_TEXT:
        value = cells.get(name)
        # spreadsheets keep fifteen digits of a number: what follows is lost
        if isinstance(value, int | float) and abs(value) >= 10**15:
            raise Refusal("gateway.sheet_number", field="file", row=number, column=_COLUMNS[name])


def _plain(name: str, value: Any) -> Any:
    """Return a cell as JSON has it, in the type that its column takes where that is plain."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if name == "passed":
        return value if isinstance(value, bool) else _WORDS.get(text.lower(), text)
    if name in ("theory", "practice"):
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
    return _KINDS.get(text, text) if name == "kind" else text


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words


def _too_large() -> Refusal:
    return Refusal("gateway.sheet_size", field="file", rows=MOST_ROWS, bytes=LARGEST)


def _written(
    heads: Mapping[int, str], lines: Sequence[Mapping[int, Any]], red: Iterable[tuple[int, int]] = ()
) -> bytes:
    """Return a new workbook: heads by column, then the lines, values by column, none of them a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = "成绩 results"
    texts = {column for column, head in heads.items() if head.rpartition(" ")[2] in _AS_TEXT}
    for column, head in heads.items():
        put(sheet.cell(1, column), head)
        sheet.cell(1, column).font = Font(bold=True)
        kept = sheet.column_dimensions[get_column_letter(column)]
        kept.width = 22
        if column in texts:
            kept.number_format = FORMAT_TEXT
    for number, line in enumerate(lines, 2):
        for column, value in line.items():
            put(sheet.cell(number, column), value)
        for column in texts:
            sheet.cell(number, column).number_format = FORMAT_TEXT
    for number, column in red:
        sheet.cell(number, column).fill = _RED
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
