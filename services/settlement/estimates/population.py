"""Reads a population file (CSV, gzip or not) row by row; what is wrong is told by row and column."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import getitem, itemgetter
from pathlib import Path
from typing import Any, Final, TextIO

from services.policy.dates import add_months
from services.settlement.estimates.columns import ALWAYS, COLUMNS, DAYS, HEAD, REQUIRED, Parse, Row, ref

MOST_ROWS: Final = 3_000_000
MOST_PROBLEMS: Final = 50
_KEPT: Final = 200_000
_GZIP: Final = b"\x1f\x8b"
_NEEDED: Final = {
    kind: itemgetter(*(Row._fields.index(name) for name in ("kind", "region", *names)))
    for kind, names in REQUIRED.items()
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the row counts from 1, the head not among them; `column` is empty for a whole row."""

    row: int
    column: str
    reason: str


class PopulationInvalid(ValueError):
    """The file cannot be reckoned with; the first mistakes are in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{each.row}:{each.column}: {each.reason}" for each in problems))


class _Cells(dict[str, Any]):
    """What each different cell of a column means: looked up by the million, read once each."""

    def __init__(self, parse: Parse, empty: str) -> None:
        super().__init__()
        self._parse, self._empty = parse, empty

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _KEPT:
            self.clear()
        value = self[cell] = self._parse(cell.strip() or self._empty)
        return value


def rows(path: Path, year: int | None = None) -> Iterator[tuple[str, Row]]:
    """Yield (person, row) for each row of a file, in its order.

    The cases of a file are those of one year. `year`: they are moved into that year, all their days by as
    many years, 29 February to the 28th where there is none. Raises PopulationInvalid after the last row, or
    once there are too many mistakes.
    """
    problems: list[Problem] = []
    with _opened(path) as file:
        try:
            yield from _parsed(csv.reader(file), year, problems)
        except (csv.Error, UnicodeDecodeError, gzip.BadGzipFile, EOFError, zlib.error) as broken:
            problems.append(Problem(0, "", f"无法读取文件 / the file cannot be read: {str(broken)[:200]}"))
    if problems:
        raise PopulationInvalid(problems)


def _parsed(
    reader: Iterator[list[str]], year: int | None, problems: list[Problem]
) -> Iterator[tuple[str, Row]]:
    head = [name.strip() for name in next(reader, [])]
    _check_head(head)
    first = next(reader, None)
    if first is None:
        raise PopulationInvalid([Problem(0, "", "没有数据行 / there is no row")])
    meanings = _meanings(head, first, year)
    tables, width, who = list(meanings.values()), len(head), head.index("person")
    # what the file does not have is read as empty, from a cell put behind each row
    ordered = itemgetter(*(head.index(name) if name in head else width for name in COLUMNS))
    for number, raw in enumerate(chain([first], reader), 1):
        if number > MOST_ROWS:
            raise PopulationInvalid([*problems, Problem(number, "", f"最多 / at most {MOST_ROWS}")])
        if len(raw) == width:
            raw.append("")
            try:
                person, row = ref(raw[who]), Row._make(map(getitem, tables, ordered(raw)))
                needed = _NEEDED[row.kind](row)
                if "" not in needed and None not in needed:
                    yield person, row
                    continue
            except ValueError:
                pass
            raw.pop()
        problems += _wrong(number, head, raw, meanings)
        if len(problems) >= MOST_PROBLEMS:
            raise PopulationInvalid(problems[:MOST_PROBLEMS])


def _meanings(head: list[str], first: list[str], year: int | None) -> dict[str, _Cells]:
    """Return what reads the cells of each column, the days moved into the year."""
    day = dict(zip(head, first, strict=False)).get("day", "")
    try:
        base = COLUMNS["day"].parse(day.strip()).year
    except ValueError as wrong:
        raise PopulationInvalid([Problem(1, "day", str(wrong))]) from None
    years = (year or base) - base
    found = {}
    for name, column in COLUMNS.items():
        parse = _moved(column.parse, years) if name in DAYS else column.parse
        found[name] = _Cells(_within(base, parse) if name == "day" else parse, column.empty)
    return found


def _moved(parse: Parse, years: int) -> Parse:
    def moved(cell: str) -> date | None:
        day: date | None = parse(cell)
        return None if day is None else add_months(day, 12 * years)

    return moved


def _within(year: int, parse: Parse) -> Parse:
    def within(cell: str) -> Any:
        value = parse(cell)
        if not cell.startswith(f"{year}-"):
            raise ValueError(f"应与首行同在 {year} 年 / not in {year}, the year of the first row")
        return value

    return within


def _check_head(head: list[str]) -> None:
    wrong = [(name, "未知列 / unknown column") for name in head if name not in HEAD]
    wrong += [(name, "列重复 / the column is there twice") for name in set(head) if head.count(name) > 1]
    wrong += [(name, "缺少该列 / the column is missing") for name in ALWAYS if name not in head]
    if wrong:
        raise PopulationInvalid([Problem(0, name[:40], reason) for name, reason in sorted(wrong)])


def _wrong(number: int, head: list[str], raw: list[str], meanings: dict[str, _Cells]) -> list[Problem]:
    """Return what is wrong with a row that could not be read."""
    if len(raw) != len(head):
        return [Problem(number, "", f"应有 {len(head)} 格 / {len(head)} cells are needed, not {len(raw)}")]
    found, known = [], {}
    for name, cell in zip(head, raw, strict=True):
        try:
            known[name] = ref(cell) if name == "person" else meanings[name][cell]
        except ValueError as problem:
            found.append(Problem(number, name, str(problem)))
    missing = [name for name in REQUIRED.get(known.get("kind", ""), ()) if known.get(name, "") in ("", None)]
    have = {each.column for each in found}
    reason = "该类别必填 / needed for this kind"
    return found + [Problem(number, name, reason) for name in missing if name not in have]


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    opened: Any = gzip.open if packed else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as text:
        yield text
