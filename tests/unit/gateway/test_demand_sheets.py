"""Spreadsheets of demands: what is understood, what is a fault of a cell, what is no such file at all."""

import csv
import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from contracts.commands.intake import PostDemandRequest
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.imports import CHUNK_ROWS, MOST_ROWS
from contracts.vocabularies.sample_ids import make_citizen_id
from gateway.demand_sheets import columns, writing
from gateway.demand_sheets.columns import TEMPLATES
from gateway.demand_sheets.reading import LARGEST, DemandSheet, read
from gateway.results_sheets import template as results_template
from gateway.workbooks import csv_of

NUMBER = make_citizen_id(serial=7)
ROW = {
    "person.id_number": NUMBER,
    "person.name": "示例甲",
    "person.phone": "13900000007",
    "person.region": "370611",
    "region": "370611",
    "occupation": "6-18-02-04",
    "level": "4",
    "wanted_from": "2026-12-01",
}


def heads(kind: str = "worker") -> list[list[Any]]:
    return [[columns.mark(kind)], [each.head for each in TEMPLATES[kind]]]


def line(kind: str = "worker", **changes: Any) -> list[Any]:
    cells = {**ROW, **{name.replace("__", "."): value for name, value in changes.items()}}
    return [cells.get(each.name) for each in TEMPLATES[kind]]


def workbook(*rows: list[Any], before: list[list[Any]] | None = None, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    for each in [*(heads() if before is None else before), *rows]:
        book.active.append(each)
    if merge:
        book.active.merge_cells(merge)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def text(*rows: list[Any], codec: str = "utf-8", before: list[list[Any]] | None = None) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows([*(heads() if before is None else before), *rows])
    return made.getvalue().encode(codec)


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(content)
    return caught.value


def only(sheet: DemandSheet) -> dict[str, Any]:
    (row,) = sheet.rows
    return row


@pytest.mark.parametrize("kind", TEMPLATES)
def test_every_column_is_a_field_of_the_demand(kind: str) -> None:
    for column in TEMPLATES[kind]:
        fields = PostDemandRequest().fields
        *blocks, last = column.name.split(".")
        for block in blocks:
            fields = fields[block].schema.fields  # type: ignore[attr-defined]
        assert last in fields, column.name


@pytest.mark.parametrize("kind", TEMPLATES)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_empty_template_is_read_and_has_no_rows(kind: str, form: str) -> None:
    assert refused(writing.template(kind, form)).code == "gateway.sheet_unreadable"


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "utf-8-sig", "gb18030"])
def test_a_filled_template_is_read_whatever_it_is_saved_as(form: str) -> None:
    content = workbook(line()) if form == "xlsx" else text(line(), codec=form)
    sheet = read(content)
    assert (sheet.kind, sheet.encoding) == ("worker", form.removesuffix("-sig"))
    assert only(sheet) == {"row": 3, "cells": ROW, "fault": None}


def test_gbk_as_spreadsheet_programs_save_it_is_read() -> None:
    sheet = read(text(line(), codec="gbk"))
    assert (sheet.encoding, only(sheet)["cells"]["person.name"]) == ("gb18030", "示例甲")


UNDERSTOOD = [
    ({"level": "四级（中级工）"}, "level", "4"),
    ({"level": "高级工"}, "level", "3"),
    ({"level": "５"}, "level", "5"),
    ({"level": 4.0}, "level", "4"),
    ({"region": "烟台市福山区"}, "region", "370611"),
    ({"region": 370611}, "region", "370611"),
    ({"mode": "线上"}, "mode", "online"),
    ({"person__id_number": "".join(chr(ord(each) + 0xFEE0) for each in NUMBER)}, "person.id_number", NUMBER),
    ({"person__phone": 13900000007}, "person.phone", "13900000007"),
    ({"person__phone": "139 0000 0007"}, "person.phone", "13900000007"),
    ({"wanted_from": "２０２６年１２月１日"}, "wanted_from", "2026-12-01"),
    ({"wanted_from": "2026/12/1"}, "wanted_from", "2026-12-01"),
    ({"wanted_from": 20261201}, "wanted_from", "2026-12-01"),
    ({"wanted_from": datetime.combine(date(2026, 12, 1), time())}, "wanted_from", "2026-12-01"),
    ({"wanted_from": date(2026, 12, 1)}, "wanted_from", "2026-12-01"),
    ({"hours": "１２０"}, "hours", 120),
    ({"person__groups": "失业人员、残疾人"}, "person.groups", ["unemployed", "disabled"]),
    ({"person__groups": "返乡农民工、返乡下乡创业人员"}, "person.groups", ["returning_rural"]),
    ({"study_times": "evening，周末"}, "study_times", ["evening", "weekend"]),
    # a name keeps its full-width signs
    ({"contact__name": "示例（甲）"}, "contact.name", "示例（甲）"),
]


@pytest.mark.parametrize(("changes", "name", "value"), UNDERSTOOD)
def test_what_people_type_is_understood(changes: dict[str, Any], name: str, value: Any) -> None:
    row = only(read(workbook(line(**changes))))
    assert (row["fault"], row["cells"][name]) == (None, value)


FAULTS = [
    ({"wanted_from": "下个月"}, "sheet_day", "wanted_from"),
    ({"wanted_from": "2026-02-30"}, "sheet_day", "wanted_from"),
    ({"wanted_from": "01/02/2026"}, "sheet_day", "wanted_from"),
    ({"wanted_from": 46357}, "sheet_day", "wanted_from"),
    ({"person__phone": '=HYPERLINK("http://a.invalid")'}, "sheet_formula", "person.phone"),
    ({"person__name": "=1+1"}, "sheet_formula", "person.name"),
    ({"person__id_number": 370611199001011234}, "sheet_number", "person.id_number"),
    ({"person__bank_account": "6.22E+15"}, "sheet_number", "person.bank_account"),
    ({"hours": "很多"}, "sheet_figure", "hours"),
    ({"level": "大师"}, "sheet_word", "level"),
    ({"place": "长" * 2001}, "sheet_long", "place"),
]


@pytest.mark.parametrize(("changes", "code", "name"), FAULTS)
def test_a_cell_that_cannot_be_read_is_its_rows_fault(changes: dict[str, Any], code: str, name: str) -> None:
    good = line(person__id_number=make_citizen_id(serial=8))
    sheet = read(workbook(good, line(**changes)))
    assert [each["fault"] is None for each in sheet.rows] == [True, False]
    fault = sheet.rows[1]["fault"]
    assert (fault["code"], fault["field"]) == (f"gateway.{code}", name)
    column = next(each for each in TEMPLATES["worker"] if each.name == name)
    said = str(Refusal.from_dict(fault))
    assert "ow 4" in said
    assert column.head in said
    # the refusal never repeats what somebody typed
    assert str(changes[name.replace(".", "__")]) not in str(fault["facts"])


def test_wages_are_given_in_yuan() -> None:
    filled = {"headcount": 5, "skills": "焊接", "training_kind": "订单式培训", "wage_low_fen": "5,000",
              "wage_high_fen": 8000.5}  # fmt: skip
    row = only(read(workbook(line("enterprise", **filled), before=heads("enterprise"))))
    cells = row["cells"]
    assert (cells["wage_low_fen"], cells["wage_high_fen"]) == (500_000, 800_050)
    assert (cells["headcount"], cells["training_kind"]) == (5, "order")


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_the_sheet() -> None:
    blank: list[Any] = [None] * 5
    assert [each["row"] for each in read(workbook(blank, line(), [" "], line())).rows] == [4, 6]
    assert [each["row"] for each in read(text([""], line())).rows] == [4]


NO_SUCH_FILE = [
    (results_template(["p1"]), "sheet_template", {}),
    (
        text(line(), before=[["demands-worker-0"], heads()[1]]),
        "sheet_template",
        {"found": "demands-worker-0"},
    ),
    (text(line(), before=[["示例甲"]]), "sheet_template", {"found": "-"}),
    (b"", "sheet_template", {}),
    (text(line(), before=[heads()[0], heads()[1][:6]]), "sheet_columns", {}),
    (text(line(), before=[heads()[0], [*heads()[1], "备注"]]), "sheet_strange_columns", {"columns": "备注"}),
    (
        text(line(), before=[heads()[0], [*heads()[1], "level"]]),
        "sheet_strange_columns",
        {"columns": "level"},
    ),
    (workbook(line(), line(), merge="B3:B4"), "sheet_merged", {"areas": "B3:B4"}),
    (workbook(line(), [None] * 1000 + ["x"]), "sheet_wide", {"columns": 100}),
    (text([""] * 1000 + ["x"]), "sheet_wide", {"columns": 100}),
    (text(line(), codec="utf-16"), "sheet_encoding", {"row": 1}),
    (text(line()) + b"\n\xff\xff\xff\n", "sheet_encoding", {"row": 5}),
    (text(line()) + b"a\0b\n", "sheet_encoding", {"row": 4}),
    (text(line()) + b'a,"b\n', "sheet_csv", {}),
    (b"PK\x03\x04 no zip", "sheet_unreadable", {}),
    (b"\xd0\xcf\x11\xe0 an old workbook", "sheet_unreadable", {"reason": "xls"}),
]


@pytest.mark.parametrize(("content", "code", "facts"), NO_SUCH_FILE)
def test_another_file_is_refused_with_what_is_wrong(content: bytes, code: str, facts: dict[str, Any]) -> None:
    refusal = refused(content)
    assert refusal.code == f"gateway.{code}"
    assert facts.items() <= refusal.facts.items()


def test_something_beyond_the_heads_is_its_rows_fault() -> None:
    fault = only(read(text([*line(), "多出"])))["fault"]
    assert (fault["code"], fault["facts"]["number"]) == ("gateway.sheet_beyond", len(heads()[1]) + 1)


def bomb(size: int) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(line()))) as packed,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb,
    ):
        for part in packed.infolist():
            bomb.writestr(part.filename, packed.read(part.filename))
        with bomb.open("xl/media/image1.xml", "w") as stream:
            for _ in range(size // 1_000_000):
                stream.write(b" " * 1_000_000)
    return made.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = bomb(200_000_000)
    assert len(content) < LARGEST
    refusal = refused(content)
    assert (refusal.code, refusal.facts["what"]) == ("gateway.sheet_unpacked", "bytes")


def test_more_rows_than_one_file_may_have_are_refused() -> None:
    many = text(*([line()] * (MOST_ROWS + 1)))
    assert refused(many).code == "gateway.sheet_size"
    beyond = text(*([line()] * (MOST_ROWS + 2000)))
    assert refused(beyond).code == "gateway.sheet_size"


def test_rows_travel_in_chunks_that_are_the_same_each_time() -> None:
    sheet = read(text(*([line()] * (CHUNK_ROWS + 1))))
    assert [len(each) for each in sheet.chunks()] == [CHUNK_ROWS, 1]
    long = read(text(*([line(place="长" * 2000)] * 300)))
    sizes = [len(each) for each in long.chunks()]
    assert sum(sizes) == 300
    assert len(sizes) > 1
    assert long.chunks() == long.chunks()


def wrong(row: dict[str, Any], field: str | None) -> dict[str, Any]:
    words = {"zh": "有误", "en": "wrong", "way_zh": "请更正", "way_en": "correct it"}
    return {**row, "field": field, "code": "invalid", **words}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_comes_back_can_be_sent_again_as_it_is(form: str) -> None:
    cells = {**ROW, "person.groups": ["unemployed", "disabled"], "place": "@SUM(A1)"}
    back = writing.returned("worker", form, [wrong({"row": 9, "cells": cells}, "id_number")])
    sheet = read(back)
    assert only(sheet)["cells"] == cells
    firm = {"region": "370611", "wage_low_fen": 500_050}
    assert (
        only(read(writing.returned("enterprise", form, [wrong({"row": 3, "cells": firm}, None)])))["cells"]
        == firm
    )


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_that_is_given_back_runs(begins: str) -> None:
    formula = f"{begins}cmd|' /C calc'!A0"
    row = wrong({"row": 3, "cells": {"place": formula}}, "place")
    place = [each.name for each in TEMPLATES["worker"]].index("place")
    rows = list(
        csv.reader(io.StringIO(writing.returned("worker", "csv", [row]).decode("utf-8-sig"), newline=""))
    )
    assert rows[2][place] == f"'{formula}"
    sheet = openpyxl.load_workbook(io.BytesIO(writing.returned("worker", "xlsx", [row]))).worksheets[0]
    cell = sheet.cell(3, place + 1)
    assert (cell.data_type, cell.fill.fgColor.rgb) == ("s", "00FFC7CE")
    assert sheet.cell(3, len(heads()[1]) + 1).value == "有误 / wrong"


def test_csv_is_neutral_whatever_it_is_made_of() -> None:
    assert csv_of([["=1", 2, None, "ab"]]) == b"\xef\xbb\xbf'=1,2,,ab\r\n"


def test_columns_of_digits_are_text_in_the_template() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(writing.template("worker", "xlsx"))).worksheets[0]
    assert sheet.column_dimensions["A"].number_format == "@"
