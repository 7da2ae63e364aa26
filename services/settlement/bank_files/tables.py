"""CSV as local banks take and give it: UTF-8 or GB18030, a header in Chinese, formulas made harmless."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

from services.settlement.bank_files.things import (
    CURRENCY,
    NOT_GIVEN,
    BankFileError,
    Booking,
    Head,
    Kind,
    Order,
    Orders,
    Outcome,
    Place,
    Receipt,
    Statement,
    Status,
    check_receipt,
    check_statement,
    fail,
    named_in,
    read_currency,
    read_day,
    read_fen,
    read_id,
    read_reason,
    yuan,
)

Encoding = Literal["utf-8", "gb18030"]
LARGEST_BYTES: Final = 8_000_000
PAYMENT_COLUMNS: Final = (
    "批次号",
    "序号",
    "指令号",
    "付款账号",
    "收款账号",
    "收款户名",
    "金额",
    "币种",
    "用途",
    "付款日期",
)
RECEIPT_COLUMNS: Final = ("批次号", "指令号", "状态", "金额", "币种", "日期", "原因代码")
STATEMENT_HEAD: Final = ("账号", "起始日期", "截止日期", "期初余额", "期末余额", "币种")
STATEMENT_COLUMNS: Final = ("流水号", "记账日期", "指令号", "借贷", "金额", "币种", "原因代码", "摘要")
STATUSES: Final[dict[str, Status]] = {"成功": "paid", "退回": "returned", "处理中": "accepted"}
_SIDES: Final = {"借": -1, "贷": 1}
# a spreadsheet takes a cell that begins so for a formula; the apostrophe itself so that reading is exact
_FORMULA: Final = tuple("=+-@\t\r'＝＋－＠")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: led by an apostrophe where needed."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_payments(orders: Orders, encoding: Encoding = "utf-8") -> bytes:
    """Return the payment file. UTF-8 carries a byte order mark, for spreadsheets."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(PAYMENT_COLUMNS)
    for number, order in enumerate(orders.orders, 1):
        cells = (
            orders.message_id,
            str(number),
            order.instruction,
            orders.payer,
            order.account,
            order.name,
            yuan(order.amount_fen),
            CURRENCY,
            orders.purpose,
            orders.day.isoformat(),
        )
        table.writerow([harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig" if encoding == "utf-8" else encoding)


def read_payments(content: bytes) -> Orders:
    """Return what a payment file asks for (how a bank reads ours). Raises BankFileError."""
    found: list[Order] = []
    heads: set[tuple[str, str, str, date]] = set()
    for line, row in _rows(content, PAYMENT_COLUMNS):
        read_currency(row["币种"], line, "币种")
        heads.add((row["批次号"], row["付款账号"], row["用途"], read_day(row["付款日期"], line, "付款日期")))
        if len(heads) > 1:
            fail(line, "批次号", "一个文件只能有一个批次", "a file holds one batch")
        amount = read_fen(row["金额"], line, "金额")
        found.append(Order(read_id(row["指令号"], line, "指令号"), row["收款账号"], row["收款户名"], amount))
    if not found:
        fail(1, "-", "文件中没有明细", "the file has no instruction")
    ((message, payer, purpose, day),) = heads
    return Orders(message, payer, "", purpose, day, tuple(found))


def read_receipt(content: bytes) -> Receipt:
    """Return what a receipt says. Raises BankFileError."""
    outcomes: list[Outcome] = []
    about = ""
    for line, row in _rows(content, RECEIPT_COLUMNS):
        batch = read_id(row["批次号"], line, "批次号")
        if about not in ("", batch):
            fail(line, "批次号", "一个文件只能有一个批次", "a file holds one batch")
        about = batch
        outcomes.append(_outcome(line, row))
    return check_receipt(Receipt("", about, tuple(outcomes)))


def read_statement(content: bytes) -> Statement:
    """Return a statement: a header of its own with one line, then the entries. Raises BankFileError."""
    table = _lines(content)
    head_line, head = _only(table, STATEMENT_HEAD)
    read_currency(head["币种"], head_line, "币种")
    first = read_day(head["起始日期"], head_line, "起始日期")
    last = read_day(head["截止日期"], head_line, "截止日期")
    if first > last:
        fail(head_line, "截止日期", "截止日期早于起始日期", "it ends before it begins")
    columns = next(table, (head_line + 1, []))
    _check_header(columns[0], columns[1], STATEMENT_COLUMNS)
    bookings = tuple(_booking(line, row) for line, row in _cells(table, STATEMENT_COLUMNS))
    account = read_id(head["账号"], head_line, "账号")
    statement = Statement(
        id=f"{account}/{first:%Y%m%d}-{last:%Y%m%d}"[-35:],
        account=account,
        first=first,
        last=last,
        opening_fen=read_fen(head["期初余额"], head_line, "期初余额", low=0),
        closing_fen=read_fen(head["期末余额"], head_line, "期末余额", low=0),
        bookings=bookings,
        head=Head(*(Place(head_line, name) for name in STATEMENT_HEAD[:4])),
    )
    return check_statement(statement, head_line)


def _outcome(line: int, row: dict[str, str]) -> Outcome:
    status = STATUSES.get(row["状态"])
    if status is None:
        fail(line, "状态", "状态应为成功、退回或处理中", "the status must be 成功, 退回 or 处理中")
    read_currency(row["币种"], line, "币种")
    return Outcome(
        line=line,
        instruction=read_id(row["指令号"], line, "指令号"),
        status=status,
        amount_fen=read_fen(row["金额"], line, "金额"),
        day=read_day(row["日期"], line, "日期"),
        reason=read_reason(row["原因代码"], line, "原因代码") if status == "returned" else None,
    )


def _booking(line: int, row: dict[str, str]) -> Booking:
    if row["借贷"] not in _SIDES:
        fail(line, "借贷", "借贷应为借或贷", "must be 借 (debit) or 贷 (credit)")
    read_currency(row["币种"], line, "币种")
    amount = _SIDES[row["借贷"]] * read_fen(row["金额"], line, "金额")
    reason = row["原因代码"]
    kind: Kind = "payment" if amount < 0 else "return" if reason else "other"
    return Booking(
        line=line,
        entry=read_id(row["流水号"], line, "流水号"),
        instruction=read_id(row["指令号"], line, "指令号") if row["指令号"] else NOT_GIVEN,
        kind=kind,
        amount_fen=amount,
        day=read_day(row["记账日期"], line, "记账日期"),
        reason=read_reason(reason, line, "原因代码") if kind == "return" else None,
        about=named_in(row["指令号"], row["摘要"]) if kind == "other" else None,
    )


def _rows(content: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    table = _lines(content)
    line, header = next(table, (1, []))
    _check_header(line, header, columns)
    yield from _cells(table, columns)


def _only(table: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> tuple[int, dict[str, str]]:
    line, header = next(table, (1, []))
    _check_header(line, header, columns)
    at, cells = next(table, (line + 1, []))
    return at, _named(at, cells, columns)


def _cells(
    table: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in table:
        yield line, _named(line, cells, columns)


def _named(line: int, cells: list[str], columns: tuple[str, ...]) -> dict[str, str]:
    if len(cells) != len(columns):
        fail(line, "-", f"应有 {len(columns)} 列，实有 {len(cells)} 列", f"{len(columns)} columns are needed")
    return {
        name: cell[1:] if cell.startswith("'") else cell for name, cell in zip(columns, cells, strict=True)
    }


def _check_header(line: int, found: list[str], columns: tuple[str, ...]) -> None:
    for number, name in enumerate(columns):
        if number >= len(found) or found[number].strip() != name:
            fail(line, name, f"表头第 {number + 1} 列应为 {name}", f"column {number + 1} must be {name}")
    if len(found) != len(columns):
        fail(line, "-", f"应有 {len(columns)} 列，实有 {len(found)} 列", f"{len(columns)} columns are needed")


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells); empty lines are passed over."""
    table = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        for cells in table:
            if cells:
                yield table.line_num, cells
    except csv.Error:
        fail(table.line_num, "CSV", "引号或分隔符不完整", "quotes or separators are not complete")


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        fail(1, "-", "文件过大", "the file is too large")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise BankFileError(1, "-", "编码应为 UTF-8 或 GB18030", "the encoding must be UTF-8 or GB18030")
