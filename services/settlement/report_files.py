"""A fund report as a file that an office opens: CSV or a workbook (xlsx). Amounts in yuan."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font

from contracts.vocabularies import regions
from contracts.vocabularies.money import FUNDS, MEMORANDUM, PAYEES
from contracts.vocabularies.statuses import CLAIM_KINDS

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# a cell that begins so is run as a formula by the programs that open it
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | Decimal
Table = tuple[str, Sequence[str], list[list[Cell]]]
_YUAN: Final = Decimal(100)
_WORDS: Final[Mapping[str, str]] = {
    "fund": "资金来源 fund",
    "region": "地区 region",
    "year": "年度 year",
    "kind": "补贴种类 kind",
    "payee": "领取人 payee",
    "claims": "申请数 claims",
    "people": "人数 people",
    "budget_fen": "预算 budget",
    "transferred_fen": "调剂净额 transferred",
    "encumbered_fen": "预留 encumbered",
    "ordered_fen": "待付 ordered",
    "paid_fen": "已付 paid",
    "offset_fen": "抵扣 offset",
    "recovered_fen": "已追回 recovered",
    "due_fen": "应追回 due",
    "written_off_fen": "核销 written off",
    "available_fen": "可用 available",
    "period_paid_fen": "本期已付 paid in the period",
    "period_recovered_fen": "本期追回 recovered in the period",
    "to_date_fen": "累计 to date",
    "noted_fen": "本期 in the period",
    "account_id": "资金账户 account",
    "about": "事项 about",
    "amount_fen": "差额 difference",
    "zh": "可能原因",
    "en": "likely cause",
}
_TABLES: Final = (
    (
        "accounts",
        "资金账户 accounts",
        (
            "fund region year budget_fen transferred_fen encumbered_fen ordered_fen paid_fen recovered_fen"
            " due_fen written_off_fen available_fen period_paid_fen period_recovered_fen"
        ),
    ),
    (
        "rows",
        "补贴 claims",
        (
            "fund region year kind payee claims people encumbered_fen ordered_fen paid_fen offset_fen"
            " recovered_fen to_date_fen"
        ),
    ),
    ("memorandum", "备查 memorandum", "fund region year noted_fen to_date_fen"),
    ("differences", "差异 differences", "account_id about amount_fen zh en"),
)


def render(report: Mapping[str, Any], format: str) -> bytes:
    """Return a report as a file. format: csv or xlsx."""
    tables = list(_tables(report))
    head = f"{regions.full_name(report['region'])} {report['period']}"
    span = f"{report['first']} – {report['last']}, {report['at'].isoformat(timespec='seconds')}, 元 yuan"
    return (_csv if format == "csv" else _workbook)([head, span], tables)


def _tables(report: Mapping[str, Any]) -> Iterator[Table]:
    for name, title, columns in _TABLES:
        fields = columns.split()
        rows = [[_cell(field, row[field]) for field in fields] for row in report[name]]
        yield title, [_WORDS[field] for field in fields], rows


def _cell(field: str, value: Any) -> Cell:
    if field.endswith("_fen"):
        return Decimal(value) / _YUAN
    if field == "region":
        return neutral(regions.full_name(value))
    if field == "fund":
        return neutral((FUNDS if FUNDS.exists(value) else MEMORANDUM).name(value))
    if field == "kind":
        return neutral(CLAIM_KINDS.get(value, value))
    if field == "payee":
        return neutral(PAYEES.name(value))
    return value if isinstance(value, int) else neutral(str(value or ""))


def neutral(text: str) -> str:
    """Return text that no program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(head: list[str], tables: list[Table]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutral(each) for each in head])
    for title, columns, rows in tables:
        writer.writerows([[], [title], columns])
        writer.writerows(
            [[f"{cell:.2f}" if isinstance(cell, Decimal) else cell for cell in row] for row in rows]
        )
    # the mark by which spreadsheet programs know UTF-8
    return out.getvalue().encode("utf-8-sig")


def _workbook(head: list[str], tables: list[Table]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, columns, rows in tables:
        sheet = book.create_sheet(title)
        sheet.append([neutral(each) for each in head])
        sheet.append(list(columns))
        for row in rows:
            sheet.append(row)
        for cell in sheet[2]:
            cell.font = Font(bold=True)
        for column in sheet.iter_cols(min_row=3):
            for cell in column:
                if isinstance(cell.value, Decimal):
                    cell.number_format = "#,##0.00"
        sheet.freeze_panes = "A3"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
