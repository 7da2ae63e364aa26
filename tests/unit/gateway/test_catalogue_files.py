"""Catalogues as files: what a spreadsheet shows, and that no cell of it is run."""

import csv
import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from contracts.vocabularies.errors import Refusal
from gateway import catalogue_files as files

EDITION = {
    "kind": "schools", "region": "370600", "number": 2, "name_zh": "院校名单", "publish_on": "2027-03-01",
}  # fmt: skip
SCHOOL = {
    "credit_code": "91370600MA3C0000XX", "name": "=HYPERLINK(\"http://示例\")", "region": "370611",
    "note": "+1", "since": 2, "reason": "新设",
}  # fmt: skip
DEMAND = {"region": "370611", "occupation": "6-18-02-04", "level": "4", "since": 1, "reason": "汇总"}


def sheet(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def test_no_cell_is_a_formula_in_any_file():
    found = files.edition_file("csv", EDITION, [SCHOOL])
    assert found.startswith(b"\xef\xbb\xbf")
    row = list(csv.reader(io.StringIO(found.decode("utf-8-sig"))))[2]
    assert row == [
        "91370600MA3C0000XX", "'=HYPERLINK(\"http://示例\")", "370611 山东省烟台市福山区", "'+1", "2", "新设",
    ]  # fmt: skip
    cells = load_workbook(io.BytesIO(files.edition_file("xlsx", EDITION, [SCHOOL]))).worksheets[0][3]
    assert [cell.value for cell in cells][1] == '\'=HYPERLINK("http://示例")'
    assert {cell.data_type for cell in cells} == {"s", "n"}
    # JSON is no spreadsheet: there the text is the text
    assert json.loads(files.edition_file("json", EDITION, [SCHOOL]))["items"][0]["name"] == SCHOOL["name"]


def test_a_figure_left_out_is_marked_and_explained():
    edition = {**EDITION, "kind": "worker_demand", "name_zh": "劳动者培训需求目录"}
    items = [{**DEMAND, "workers": None}, {**DEMAND, "workers": 12}]
    rows = sheet(files.edition_file("xlsx", edition, items))
    assert rows[0][:2] == ["山东省烟台市劳动者培训需求目录 第 2 版", "2027-03-01"]
    assert "隐去" in rows[0][2]
    assert [row[3] for row in rows[2:]] == ["*", 12]
    told = json.loads(files.edition_file("json", edition, items))
    assert [each["workers"] for each in told["items"]] == [None, 12]


def test_a_file_that_was_downloaded_is_read_again():
    content = files.edition_file("xlsx", EDITION, [{**SCHOOL, "name": "示例职业学院", "note": None}])
    assert files.read_list("schools", content) == [
        {"credit_code": "91370600MA3C0000XX", "name": "示例职业学院", "region": "370611"}
    ]


def test_a_file_of_another_kind_is_refused_with_the_columns_it_lacks():
    book = Workbook()
    book.active.append(["名称 name", "页码"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refusal, match=r"gateway\.sheet_columns"):
        files.read_list("schools", out.getvalue())
    with pytest.raises(Refusal, match=r"gateway\.sheet_unreadable"):
        files.read_list("schools", b"PK no workbook")


def test_a_summary_shows_what_it_is_told_apart_by():
    line = {
        "county": "370611",
        "occupation": None,
        "level": None,
        "month": "2027-03",
        "workers": 3,
        "firms": 1,
    }
    summary = {"lines": [{**line, "firm_headcount": 20}]}
    rows = sheet(files.summary_file("xlsx", ["county", "month"], summary))
    assert rows[1] == [
        "区县 county",
        "月份 month",
        "劳动者 workers",
        "企业需求 firms",
        "企业需求人数 firm_headcount",
    ]
    assert rows[2] == ["370611 山东省烟台市福山区", "2027-03", 3, 1, 20]
