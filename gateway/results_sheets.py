"""The results of a class as a workbook (xlsx): template, what was filled in, errors beside the rows."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from contracts.commands.acceptance_assessment import MOST_ROWS
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import CERTIFICATE_KINDS

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST: Final = 1_000_000
_UNPACKED: Final = 20_000_000
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
_ERROR, _WAY = "错误 error", "处理办法 way out"
_WORDS: Final[Mapping[str, bool]] = {
    "是": True, "合格": True, "yes": True, "true": True, "1": True,
    "否": False, "不合格": False, "no": False, "false": False, "0": False,
}  # fmt: skip
_KINDS: Final = {word: code for code, word in CERTIFICATE_KINDS.items()}
# a cell that begins so is run as a formula by the programs that open it
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_RED: Final = PatternFill("solid", fgColor="FFC7CE")
Line = dict[str, Any]


def template(person_refs: Iterable[str]) -> bytes:
    """Return an empty sheet with a row for each learner."""
    book = Workbook()
    sheet = book.active
    sheet.title = "成绩 results"
    sheet.append(list(_COLUMNS.values()))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    for person_ref in person_refs:
        sheet.append([person_ref])
    sheet.freeze_panes = "A2"
    return _saved(book)


class Sheet:
    """A workbook that somebody sent; its first sheet counts.

    Raises Refusal `gateway.sheet_size`, `gateway.sheet_unreadable`, `gateway.sheet_columns`.
    """

    def __init__(self, content: bytes) -> None:
        self._book = _opened(content)
        self._sheet = self._book.worksheets[0]
        for merged in list(self._sheet.merged_cells.ranges):
            self._sheet.unmerge_cells(str(merged))
        if self._sheet.max_row > MOST_ROWS * 2 or self._sheet.max_column > 100:
            raise _too_large()
        heads = {str(cell.value).strip(): cell.column for cell in self._sheet[1] if cell.value is not None}
        by_name = {head.rpartition(" ")[2]: column for head, column in heads.items()}
        self._columns = {name: by_name[name] for name in _COLUMNS if name in by_name}
        missing = [_COLUMNS[name] for name in _NEEDED if name not in self._columns]
        if missing:
            raise Refusal("gateway.sheet_columns", field="file", missing="、".join(missing))
        last = max(heads.values())
        self._error, self._way = heads.get(_ERROR, last + 1), heads.get(_WAY, last + 2)

    def rows(self) -> list[Line]:
        """Return the filled rows as the service takes them: number and cells.

        Raises Refusal `gateway.sheet_size` for more than 500, `gateway.sheet_unreadable` for none.
        """
        found = []
        for number in range(2, self._sheet.max_row + 1):
            given = {name: self._sheet.cell(number, column).value for name, column in self._columns.items()}
            cells = {name: _plain(name, value) for name, value in given.items() if not _blank(value)}
            if cells:
                found.append({"row": number, "cells": cells})
        if len(found) > MOST_ROWS:
            raise _too_large()
        if not found:
            raise Refusal("gateway.sheet_unreadable", field="file", reason="空 / empty")
        return found

    def returned(self, errors: Sequence[Line]) -> bytes:
        """Return the workbook with what is wrong beside each row, the cell at fault in red."""
        for column, head in ((self._error, _ERROR), (self._way, _WAY)):
            for number in range(2, self._sheet.max_row + 1):
                self._sheet.cell(number, column).value = None
            self._sheet.cell(1, column).value = head
            self._sheet.cell(1, column).font = Font(bold=True)
        for each in errors:
            self._sheet.cell(each["row"], self._error).value = _text(f"{each['zh']} / {each['en']}")
            self._sheet.cell(each["row"], self._way).value = _text(f"{each['way_zh']} / {each['way_en']}")
            column = self._columns.get(each["field"] or "")
            if column is not None:
                self._sheet.cell(each["row"], column).fill = _RED
        return _saved(self._book)


def _opened(content: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            # what it says of itself is checked while it is unpacked
            if sum(each.file_size for each in packed.infolist()) > _UNPACKED:
                raise _too_large()
        book = load_workbook(io.BytesIO(content), keep_links=False)
        if not book.worksheets:
            raise ValueError("no sheet")
    except Refusal:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError) as problem:
        raise Refusal("gateway.sheet_unreadable", field="file", reason=type(problem).__name__) from None
    except Exception as problem:
        # the parser under the library has errors of its own for broken XML
        raise Refusal("gateway.sheet_unreadable", field="file", reason=type(problem).__name__) from None
    return book


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
    return f"'{words}" if words.startswith(_FORMULA) else words


def _too_large() -> Refusal:
    return Refusal("gateway.sheet_size", field="file", rows=MOST_ROWS, bytes=LARGEST)


def _saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
