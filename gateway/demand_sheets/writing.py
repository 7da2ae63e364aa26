"""Writing the template, and the rows of an import that were not posted, each with its error beside it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.demand_sheets import cells
from gateway.demand_sheets.columns import TEMPLATES, TITLES, Column, explained, mark
from gateway.demand_sheets.reading import ERROR_HEADS
from gateway.workbooks import Red, csv_of, xlsx_of

_HINT: Final = "请勿改动前两行；自第 3 行起填写 / leave the first two rows as they are; fill in from row 3"
Line = Mapping[str, Any]


def template(kind: str, form: str) -> bytes:
    """Return an empty sheet. kind: of demands; form: xlsx or csv."""
    return _written(kind, form, _heads(kind))


def returned(kind: str, form: str, wrong: Iterable[Line]) -> bytes:
    """Return rows that were not posted; corrected, the sheet can be sent again as it is."""
    return _written(kind, form, [*_heads(kind, ERROR_HEADS), *(_row(kind, each) for each in wrong)])


def _written(kind: str, form: str, rows: list[list[Any]]) -> bytes:
    if form == "csv":
        return csv_of([[_bare(value) for value in row] for row in rows])
    texts = [number for number, column in enumerate(TEMPLATES[kind], 1) if column.as_text]
    return xlsx_of({TITLES[kind]: rows, "说明": explained(kind)}, texts)


def _heads(kind: str, more: Iterable[str] = ()) -> list[list[Any]]:
    return [[mark(kind), _HINT], [*(column.head for column in TEMPLATES[kind]), *more]]


def _row(kind: str, wrong: Line) -> list[Any]:
    return [*_cells(kind, wrong), f"{wrong['zh']} / {wrong['en']}", f"{wrong['way_zh']} / {wrong['way_en']}"]


def _cells(kind: str, wrong: Line) -> Iterator[Any]:
    for column in TEMPLATES[kind]:
        value = _typed(column, wrong["cells"].get(column.name))
        at_fault = wrong["field"] == column.name or column.name.endswith(f".{wrong['field']}")
        yield Red(value) if at_fault else value


def _typed(column: Column, value: Any) -> Any:
    """Return a value as it is typed into its column."""
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    if column.read is cells.yuan and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    return value


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Red) else value
