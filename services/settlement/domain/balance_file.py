"""The finance bureau's file of balances (CSV): account_id,day,balance in yuan; each mistake has its place."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal

COLUMNS: Final = ("account_id", "day", "balance")
_ID: Final = re.compile(r"[a-z_]{3,40}:\d{6}:\d{4}", re.ASCII)
_YUAN: Final = re.compile(r"(\d{1,11})(?:\.(\d{1,2}))?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One balance in fen at the end of a day. line: in the file, from 1."""

    line: int
    account_id: str
    day: date
    balance_fen: int


def read(text: str, now: datetime) -> list[Row]:
    """Return the rows of a file. Raises Refusal `settlement.balance_file` with line and column."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    found: list[Row] = []
    seen: set[tuple[str, date]] = set()
    try:
        for cells in reader:
            if reader.line_num == 1:
                _check_headings(cells)
            elif any(cell.strip() for cell in cells):
                row = _row(reader.line_num, cells, now)
                if (row.account_id, row.day) in seen:
                    raise wrong(
                        row.line, "account_id", "同一账户同一日重复", "the same account and day twice"
                    )
                seen.add((row.account_id, row.day))
                found.append(row)
    except csv.Error as problem:
        raise wrong(reader.line_num, "-", "不是合规的 CSV", f"not CSV: {problem}") from None
    if not found:
        raise wrong(1, "-", "没有数据行", "there is no line of data")
    return found


def check_day(day: date, now: datetime, field: str) -> None:
    """Refuse a balance of a day that is not over: `settlement.balance_day`."""
    if day >= today_in_shanghai(now):
        raise Refusal("settlement.balance_day", field=field, day=day.isoformat())


def wrong(line: int, column: str, zh: str, en: str) -> Refusal:
    """Return the refusal of a file that names the place and what is wrong there."""
    reason = f"{zh} / {en}"
    return Refusal("settlement.balance_file", field="content", line=line, column=column, reason=reason)


def _check_headings(cells: list[str]) -> None:
    if tuple(cell.strip() for cell in cells) != COLUMNS:
        raise wrong(1, "-", f"表头应为 {','.join(COLUMNS)}", f"the headings are {','.join(COLUMNS)}")


def _row(line: int, cells: list[str], now: datetime) -> Row:
    if len(cells) != len(COLUMNS):
        raise wrong(line, "-", f"应有 {len(COLUMNS)} 列", f"{len(COLUMNS)} columns are needed")
    account, day_text, yuan = (cell.strip() for cell in cells)
    if not _ID.fullmatch(account):
        raise wrong(line, "account_id", "不是资金账户编号", "not the id of a fund account")
    amount = _YUAN.fullmatch(yuan)
    if not amount:
        raise wrong(line, "balance", "应为不带千分位的元，最多两位小数", "yuan, at most two decimals")
    fen = int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0"))
    return Row(line, account, _day(line, day_text, now), fen)


def _day(line: int, text: str, now: datetime) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise wrong(line, "day", "应为 2026-03-31 形式的日期", "a day like 2026-03-31") from None
    if day >= today_in_shanghai(now):
        raise wrong(line, "day", "该日尚未结束", "that day is not over")
    return day
