"""Results as a workbook: what is read, what comes back, what is refused."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from contracts.vocabularies.classes import MOST_LEARNERS
from contracts.vocabularies.errors import Refusal
from gateway.results_sheets import LARGEST, Sheet, template

HEADS = (
    "人员编号 person_ref", "合格 passed", "理论成绩 theory", "实操成绩 practice", "证书编号 number",
    "发证日期 issued_on", "证书种类 kind", "能力名称 ability",
)  # fmt: skip


def workbook(*rows: tuple[Any, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(heads)
    for each in rows:
        book.active.append(each)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_a_template_filled_in_is_read_back() -> None:
    sheet = opened(template(["p1", "p2"]))
    assert tuple(cell.value for cell in sheet[1]) == HEADS
    assert [sheet.cell(number, 1).value for number in (2, 3)] == ["p1", "p2"]
    assert [each["cells"] for each in Sheet(template(["p1"])).rows()] == [{"person_ref": "p1"}]


def test_cells_are_read_as_the_service_takes_them() -> None:
    made = workbook(
        (
            "p1",
            "合格",
            80.0,
            "75",
            "S0000001",
            datetime.combine(date(2026, 3, 27), time()),
            "特种作业操作证、特种设备作业人员证",
        ),
        ("p2", False, None, "", None, None, None),
        (None, None, None, None, None, None, None),
        ("p3", "也许", "八十", 1.5, 12345678, date(2026, 3, 27), "别的"),
    )
    rows = Sheet(made).rows()
    assert [each["row"] for each in rows] == [2, 3, 5]
    assert rows[0]["cells"] == {
        "person_ref": "p1", "passed": True, "theory": 80, "practice": 75, "number": "S0000001",
        "issued_on": "2026-03-27", "kind": "operation",
    }  # fmt: skip
    assert rows[1]["cells"] == {"person_ref": "p2", "passed": False}
    # what is not plain stays as it is, and the service says what is wrong
    assert rows[2]["cells"]["passed"] == "也许"
    assert (rows[2]["cells"]["theory"], rows[2]["cells"]["practice"]) == ("八十", "1.5")
    assert (rows[2]["cells"]["number"], rows[2]["cells"]["kind"]) == ("12345678", "别的")


def error(row: int, field: str | None = "number") -> dict[str, Any]:
    words = {"zh": "编号已登记", "en": "taken", "way_zh": "请核对", "way_en": "check it"}
    return {"row": row, "field": field, "code": "acceptance.certificate_taken", **words}


def test_errors_stand_beside_their_rows_and_go_again() -> None:
    given = workbook(("p1", "合格", None, None, "=S1", None, None, None, "备注甲"), ("p2", "不合格"),
                     heads=(*HEADS, "备注"))  # fmt: skip
    back = Sheet(given).returned([error(2), error(3, None)])
    sheet = opened(back)
    assert [cell.value for cell in sheet[1]][8:] == ["备注", "错误 error", "处理办法 way out"]
    assert [cell.value for cell in sheet[2]][8:] == ["备注甲", "编号已登记 / taken", "请核对 / check it"]
    assert (sheet["E2"].fill.fgColor.rgb, sheet["A2"].fill.fill_type) == ("00FFC7CE", None)
    # what was a formula is text
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("=S1", "s")
    again = Sheet(back)
    assert [each["cells"]["person_ref"] for each in again.rows()] == ["p1", "p2"]
    cleared = opened(again.returned([error(3)]))
    assert [cleared.cell(number, 10).value for number in (1, 2, 3)] == [
        "错误 error", None, "编号已登记 / taken",
    ]  # fmt: skip


def test_rows_that_were_taken_do_not_come_back() -> None:
    given = workbook(("p1", "合格"), ("p2", "也许"), (None,), ("p3", "合格"), ("p4", "合格", None, None, "S"))
    back = Sheet(given).returned([error(3, "passed"), error(6)], [3, 6])
    assert [each["cells"]["person_ref"] for each in Sheet(back).rows()] == ["p2", "p4"]
    sheet = opened(back)
    assert (sheet["I2"].value, sheet["B2"].fill.fgColor.rgb) == ("编号已登记 / taken", "00FFC7CE")
    assert (sheet["I3"].value, sheet["E3"].fill.fgColor.rgb) == ("编号已登记 / taken", "00FFC7CE")
    assert sheet.max_row == 3
    none = Sheet(given).returned([], [])
    assert (opened(none).max_row, opened(none)["A1"].value) == (1, HEADS[0])


def test_numbers_are_text_and_a_rounded_one_is_refused() -> None:
    for made in (template(["p1"]), Sheet(workbook(("p1", "合格"))).returned([])):
        sheet = opened(made)
        formats = {cell.column_letter: cell.number_format for cell in sheet[2]}
        assert (formats["A"], formats["E"]) == ("@", "@")
        assert sheet.column_dimensions["E"].number_format == "@"
    whole = 10**15 - 1
    assert Sheet(workbook(("p", "合格", None, None, whole))).rows()[0]["cells"]["number"] == str(whole)
    for cells in (("p", "合格", None, None, 10**15), (1.2345678901234567e17, "合格")):
        with pytest.raises(Refusal, match="sheet_number") as caught:
            Sheet(workbook(("p0", "合格"), cells)).rows()
        assert caught.value.facts["row"] == 3
    # as text it is whole
    assert Sheet(workbook(("p", "合格", None, None, "1" * 18))).rows()[0]["cells"]["number"] == "1" * 18


def test_columns_may_stand_in_any_order_but_may_not_lack() -> None:
    made = workbook(("合格", "p1"), heads=("合格 passed", "人员编号 person_ref"))
    assert Sheet(made).rows()[0]["cells"] == {"person_ref": "p1", "passed": True}
    with pytest.raises(Refusal, match="sheet_columns") as caught:
        Sheet(workbook(("p1",), heads=("人员编号 person_ref",)))
    assert caught.value.facts["missing"] == "合格 passed"
    with pytest.raises(Refusal, match="sheet_columns"):
        Sheet(workbook(heads=()))


def bomb() -> bytes:
    """A workbook whose sheet unpacks to more than 20 MB."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/filler.bin", b"0" * 21_000_000)
    return made.getvalue()


def changed(old: str, new: str, content: bytes | None = None) -> bytes:
    """A workbook with a row, its sheet's XML changed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook(("p1", "合格")))) as packed,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in packed.namelist():
            raw = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old.encode() in raw
                raw = raw.replace(old.encode(), new.encode())
            written.writestr(name, raw)
    return made.getvalue()


def entities(kind: str) -> bytes:
    """A workbook with a person's number out of an entity."""
    cell = '<row r="3"><c r="A3" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData>'
    return changed("<worksheet", f"<!DOCTYPE x [{kind}]><worksheet", changed("</sheetData>", cell))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_unreadable"),
        (b"person_ref,passed\np1,1\n", "sheet_unreadable"),
        (workbook()[:400], "sheet_unreadable"),
        (bomb(), "sheet_size"),
        (workbook(*[("p", "合格")] * 2001), "sheet_size"),
    ],
    ids=["empty", "csv", "cut", "bomb", "rows"],
)
def test_what_is_hostile_or_no_workbook_is_refused(content: bytes, code: str) -> None:
    assert len(content) < LARGEST
    with pytest.raises(Refusal, match=code):
        Sheet(content)


@pytest.mark.parametrize("kind", ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY a "p2">'])
def test_entities_of_a_sheet_are_not_read(kind: str) -> None:
    with pytest.raises(Refusal, match="sheet_unreadable"):
        Sheet(entities(kind))


def laid_out(count: int) -> bytes:
    """A small workbook that says of large areas that they are merged and linked."""
    areas = [f"A{n}:XFD{n + 30_000}" for n in range(2, 2 + count)]
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in areas)
    links = "".join(f'<hyperlink ref="{each}" location="A1"/>' for each in areas)
    more = f"<mergeCells>{merged}</mergeCells><hyperlinks>{links}</hyperlinks>"
    return changed("</sheetData>", f"</sheetData>{more}")


def test_merged_and_linked_areas_are_not_laid_out() -> None:
    # 491 million cells each: whoever lays one out needs gigabytes
    content = laid_out(50)
    assert len(content) < 8_000
    tracemalloc.start()
    try:
        sheet = Sheet(content)
        assert [each["cells"] for each in sheet.rows()] == [{"person_ref": "p1", "passed": True}]
        assert opened(sheet.returned([error(2)])).merged_cells.ranges == set()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</sheetData>", "<row/>" * 2000 + "</sheetData>"),
        ("</sheetData>", '<row r="1048576"><c t="str"><v>x</v></c></row></sheetData>'),
        ("</sheetData>", '<row r="3"><c r="XFD3" t="str"><v>x</v></c></row></sheetData>'),
        ("</sheetData>", '<row r="2"/>' * 150_000 + "</sheetData>"),
        ("</sheetData>", '<row r="3">' + "<c/>" * 150_000 + "</row></sheetData>"),
    ],
    ids=["empty rows", "far row", "far column", "one row again and again", "empty cells"],
)
def test_what_is_laid_out_far_or_without_end_is_refused(old: str, new: str) -> None:
    with pytest.raises(Refusal, match="sheet_size"):
        Sheet(changed(old, new))


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    for said in ("A1", "A1:XFD1048576"):
        rows = Sheet(changed('<dimension ref="A1:H2"', f'<dimension ref="{said}"')).rows()
        assert [each["cells"] for each in rows] == [{"person_ref": "p1", "passed": True}]


def test_more_filled_rows_than_a_class_has_learners_or_none_are_refused() -> None:
    assert len(Sheet(workbook(*[("p", "合格")] * MOST_LEARNERS)).rows()) == MOST_LEARNERS
    with pytest.raises(Refusal, match="sheet_size"):
        Sheet(workbook(*[("p", "合格")] * (MOST_LEARNERS + 1))).rows()
    with pytest.raises(Refusal, match="sheet_unreadable"):
        Sheet(workbook()).rows()


def test_a_formula_is_no_value() -> None:
    rows = Sheet(workbook(("=A1", "合格"))).rows()
    assert rows[0]["cells"]["person_ref"] == "=A1"
