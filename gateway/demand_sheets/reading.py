"""Reading a spreadsheet of demands, xlsx or csv: its form is checked here, what it asks for by intake."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.imports import CHUNK_CHARACTERS, CHUNK_ROWS, LONGEST_CELL, MOST_ROWS
from gateway import workbooks
from gateway.demand_sheets.cells import Fault
from gateway.demand_sheets.columns import TEMPLATES, VERSION, Column, mark
from gateway.workbooks import Book, Bounds, Row, TooLarge, Unreadable

LARGEST: Final = 20_000_000
FIELD: Final = "file"
ERROR_HEADS: Final = ("错误 error", "处理办法 way_out")
# marks and heads come before the rows; blank rows between them are nobody's fault
_BOUNDS: Final = Bounds(rows=MOST_ROWS + 1_000, unpacked=150_000_000, elements=3_000_000)
_MARK: Final = re.compile(r"demands-(worker|enterprise)-(\d{1,4})\Z", re.ASCII)
_PACKED: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_SHOWN_AREAS: Final = 5
Line = dict[str, Any]


@dataclass(frozen=True)
class DemandSheet:
    """What was filled in. rows: as intake takes them; encoding: one of imports.ENCODINGS."""

    kind: str
    encoding: str
    rows: list[Line]

    def chunks(self) -> list[list[Line]]:
        """Return the rows in chunks that one message carries."""
        found: list[list[Line]] = [[]]
        size = 0
        for row in self.rows:
            length = sum(len(str(value)) for value in row["cells"].values())
            if len(found[-1]) == CHUNK_ROWS or (found[-1] and size + length > CHUNK_CHARACTERS):
                found.append([])
                size = 0
            found[-1].append(row)
            size += length
        return found


def read(content: bytes) -> DemandSheet:
    """Return what stands in a file.

    Raises Refusal `gateway.sheet_*` when it is no such file, cannot be read, or has no rows or too many.
    """
    encoding, book = _opened(content)
    kind = _kind_of(book.rows)
    columns = _columns_of(kind, book.rows[1] if len(book.rows) > 1 else ())
    if book.merged:
        raise Refusal("gateway.sheet_merged", field=FIELD, areas="、".join(book.merged[:_SHOWN_AREAS]))
    rows = list(_filled(columns, book.rows))
    if len(rows) > MOST_ROWS:
        raise _too_many()
    if not rows:
        raise Refusal("gateway.sheet_unreadable", field=FIELD, reason="空 / empty")
    return DemandSheet(kind, encoding, rows)


def _opened(content: bytes) -> tuple[str, Book]:
    if content.startswith(_PACKED):
        try:
            return "xlsx", workbooks.read(content, _BOUNDS)
        except TooLarge as problem:
            raise _too_large(problem.what) from None
        except Unreadable as problem:
            raise Refusal("gateway.sheet_unreadable", field=FIELD, reason=str(problem)) from None
    if content.startswith(_OLD):
        raise Refusal("gateway.sheet_unreadable", field=FIELD, reason="xls")
    encoding, words = _decoded(content)
    return encoding, Book(list(_csv_rows(words)))


def _too_large(what: str) -> Refusal:
    if what == "rows":
        return _too_many()
    if what == "columns":
        return Refusal("gateway.sheet_wide", field=FIELD, columns=workbooks.MOST_COLUMNS)
    return Refusal("gateway.sheet_unpacked", field=FIELD, what=what)


def _too_many() -> Refusal:
    return Refusal("gateway.sheet_size", field=FIELD, rows=MOST_ROWS, bytes=LARGEST)


def _decoded(content: bytes) -> tuple[str, str]:
    """Return encoding and text. Raises Refusal `gateway.sheet_encoding`."""
    if content.startswith(_WIDE):
        raise Refusal("gateway.sheet_encoding", field=FIELD, row=1)
    at = 0
    for encoding, codec in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        try:
            words = content.decode(codec)
        except UnicodeDecodeError as problem:
            at = max(at, problem.start)
            continue
        if "\0" in words:
            at = content.find(b"\0")
            break
        return encoding, words
    raise Refusal("gateway.sheet_encoding", field=FIELD, row=content.count(b"\n", 0, at) + 1)


def _csv_rows(words: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(words, newline=""), strict=True)
    try:
        for number, row in enumerate(reader, 1):
            if number > _BOUNDS.rows:
                raise _too_many()
            if len(row) > workbooks.MOST_COLUMNS and any(row[workbooks.MOST_COLUMNS :]):
                raise _too_large("columns")
            yield tuple(workbooks.plain(each) or None for each in row[: workbooks.MOST_COLUMNS])
    except csv.Error:
        raise Refusal("gateway.sheet_csv", field=FIELD, row=reader.line_num) from None


def _kind_of(rows: list[Row]) -> str:
    first = str(rows[0][0]).strip() if rows and rows[0] else ""
    found = _MARK.fullmatch(first)
    if found is None or int(found[2]) != VERSION:
        expected = "、".join(mark(kind) for kind in TEMPLATES)
        # only a mark is repeated: what else stands there may be anything
        said = found[0] if found else "-"
        raise Refusal("gateway.sheet_template", field=FIELD, found=said, expected=expected)
    return found[1]


def _columns_of(kind: str, heads: Row) -> list[Column | None]:
    """Return the column under each head, None where errors were given back or nothing stands."""
    by_name = {column.name: column for column in TEMPLATES[kind]}
    found: list[Column | None] = []
    strange: list[str] = []
    for head in heads:
        said = "" if head is None else str(head).strip()
        column = by_name.pop(said.rpartition(" ")[2], None)
        if said and column is None and said not in ERROR_HEADS:
            strange.append(said[:40])
        found.append(column)
    if strange:
        raise Refusal("gateway.sheet_strange_columns", field=FIELD, columns="、".join(strange[:10]))
    missing = [column.head for column in by_name.values() if column.needed]
    if missing:
        raise Refusal("gateway.sheet_columns", field=FIELD, missing="、".join(missing))
    return found


def _filled(columns: list[Column | None], rows: list[Row]) -> Iterator[Line]:
    for number, row in enumerate(rows[2:], 3):
        cells: dict[str, Any] = {}
        fault: Refusal | None = None
        for place, value in enumerate(row):
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if place >= len(columns):
                fault = fault or Refusal("gateway.sheet_beyond", row=number, number=place + 1)
                continue
            column = columns[place]
            if column is None:
                continue
            try:
                cells[column.name] = _read(column, value)
            except Fault as problem:
                cells[column.name] = str(value)[:LONGEST_CELL]
                fault = fault or Refusal(
                    problem.code, column.name, row=number, column=column.head, most=LONGEST_CELL
                )
        if cells or fault:
            yield {"row": number, "cells": cells, "fault": fault.as_dict() if fault else None}


def _read(column: Column, value: Any) -> Any:
    if isinstance(value, str):
        if value.startswith("="):
            raise Fault("gateway.sheet_formula")
        if len(value) > LONGEST_CELL:
            raise Fault("gateway.sheet_long")
    return column.read(value)
