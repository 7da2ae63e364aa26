"""What stands in a bank's file, whatever its format; and what is wrong with one."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NoReturn

from contracts.vocabularies.errors import Refusal

Status = Literal["accepted", "paid", "returned"]
Kind = Literal["payment", "return", "other"]
CURRENCY: Final = "CNY"
LARGEST_FEN: Final = 10**13
FIRST_DAY: Final = date(2015, 1, 1)
NOT_GIVEN: Final = "NOTPROVIDED"
# what an id of ours or of a bank is made of, and how long ISO 20022 lets it be
_ID: Final = re.compile(r"[A-Za-z0-9:_./-]{1,35}", re.ASCII)
_OURS: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])", re.ASCII)
_AMOUNT: Final = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,5}))?", re.ASCII)
_DAY: Final = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)


class BankFileError(ValueError):
    """The file cannot be taken. line: in the file, from 1; item: the field's name or path in it."""

    def __init__(self, line: int, item: str, zh: str, en: str) -> None:
        super().__init__(f"line {line}, {item}: {en}")
        self.line, self.item, self.zh, self.en = line, item, zh, en

    def refusal(self) -> Refusal:
        """Return what the officer is told."""
        return Refusal(
            "settlement.bank_file_invalid",
            field="content",
            line=self.line,
            item=self.item,
            zh=self.zh,
            en=self.en,
        )


@dataclass(frozen=True)
class Order:
    """One payment to be made. account and name are of the payee and only ever in memory and in the file."""

    instruction: str
    account: str
    name: str
    amount_fen: int


@dataclass(frozen=True)
class Orders:
    """A payment file. day: when the bank is asked to pay."""

    message_id: str
    payer: str
    payer_name: str
    purpose: str
    day: date
    orders: tuple[Order, ...]

    @property
    def total_fen(self) -> int:
        """The control sum."""
        return sum(order.amount_fen for order in self.orders)


@dataclass(frozen=True)
class Outcome:
    """How one instruction stands. line: in the file; amount_fen, day: None where the bank does not say."""

    line: int
    instruction: str
    status: Status
    amount_fen: int | None = None
    day: date | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What a bank says of one payment file. id: the bank's own, empty in a CSV."""

    id: str
    message_id: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Booking:
    """An entry of a statement: a debit is negative fen. entry: the bank's id of it; line: in the file.

    about: the one id of ours that its text names, such as the recovery that a credit is for.
    """

    line: int
    entry: str
    instruction: str
    kind: Kind
    amount_fen: int
    day: date
    reason: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Place:
    """Where something stands in a file. line: from 1; item: the field's name or path."""

    line: int
    item: str


WHOLE: Final = Place(1, "-")


@dataclass(frozen=True)
class Head:
    """Where the parts of a statement that are about all of it stand."""

    account: Place
    first: Place
    last: Place
    opening: Place


@dataclass(frozen=True)
class Statement:
    """Bookings of the days from first to last between two balances that they explain to the fen."""

    id: str
    account: str
    first: date
    last: date
    opening_fen: int
    closing_fen: int
    bookings: tuple[Booking, ...]
    head: Head
    page: int = 1
    last_page: bool = True


def fail(line: int, item: str, zh: str, en: str) -> NoReturn:
    """Raise BankFileError."""
    raise BankFileError(line, item, zh, en)


def yuan(fen: int) -> str:
    """Return an amount as files have it: yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"


def read_fen(text: str, line: int, item: str, low: int = 1) -> int:
    """Return an amount in fen. Raises BankFileError: no number, negative, fractions of a fen, too large."""
    if text.startswith("-"):
        fail(line, item, "金额不能为负数", "an amount cannot be negative")
    found = _AMOUNT.fullmatch(text)
    if not found:
        fail(line, item, "不是金额", "not an amount")
    decimals = found.group(2) or ""
    if decimals[2:].strip("0"):
        fail(line, item, "金额精确到分，不得有更小的尾数", "an amount has no fractions of a fen")
    fen = int(found.group(1)) * 100 + int((decimals[:2]).ljust(2, "0"))
    if fen > LARGEST_FEN:
        fail(line, item, "金额超出上限", "the amount is beyond what can be")
    if fen < low:
        fail(line, item, "金额应大于零", "the amount must be above zero")
    return fen


def read_currency(text: str, line: int, item: str) -> None:
    """Check that it is CNY. Raises BankFileError."""
    if text != CURRENCY:
        fail(line, item, "币种应为 CNY", "the currency must be CNY")


def read_day(text: str, line: int, item: str) -> date:
    """Return a day, 2026-03-01 or 20260301. Raises BankFileError when it is not on the calendar."""
    found = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day < FIRST_DAY:
        fail(line, item, "日期不存在或格式不对（YYYY-MM-DD）", "no such day, or not written YYYY-MM-DD")
    return day


def read_id(text: str, line: int, item: str) -> str:
    """Return an id of up to 35 characters. Raises BankFileError."""
    if not _ID.fullmatch(text):
        fail(line, item, "编号应为 1 至 35 位字母数字", "an id has 1 to 35 letters, digits or - _ : . /")
    return text


def read_reason(text: str, line: int, item: str) -> str:
    """Return a bank's reason: a short code. Raises BankFileError."""
    if not re.fullmatch(r"[A-Za-z0-9_]{1,35}", text, re.ASCII):
        fail(line, item, "退回必须注明原因代码", "a return needs its reason code")
    return text


def named_in(*texts: str) -> str | None:
    """Return the id of ours that stands in what the payer wrote; None unless it is exactly one.

    Nothing else of such a text is kept: it may name people.
    """
    found = {id for text in texts for id in _OURS.findall(text)}
    return found.pop() if len(found) == 1 else None


def check_receipt(receipt: Receipt) -> Receipt:
    """Return a receipt that speaks of something, and of each instruction once. Raises BankFileError."""
    if not receipt.outcomes:
        fail(1, "-", "文件中没有明细", "the file has no instruction")
    seen: dict[str, int] = {}
    for outcome in receipt.outcomes:
        if outcome.instruction in seen:
            fail(
                outcome.line,
                "EndToEndId",
                f"指令号与第 {seen[outcome.instruction]} 行重复",
                f"the instruction stands in line {seen[outcome.instruction]} already",
            )
        seen[outcome.instruction] = outcome.line
    return receipt


def check_statement(statement: Statement, line: int) -> Statement:
    """Return a statement whose entries are of its days, unique, and explain its balances.

    line: where the closing balance stands. Raises BankFileError.
    """
    seen: dict[str, int] = {}
    for booking in statement.bookings:
        if not statement.first <= booking.day <= statement.last:
            fail(booking.line, "BookgDt", "记账日期不在对账单期间内", "booked outside the statement's days")
        if booking.entry in seen:
            fail(
                booking.line,
                "AcctSvcrRef",
                f"流水号与第 {seen[booking.entry]} 行重复",
                f"the entry stands in line {seen[booking.entry]} already",
            )
        seen[booking.entry] = booking.line
    moved = sum(booking.amount_fen for booking in statement.bookings)
    if statement.opening_fen + moved != statement.closing_fen:
        fail(
            line,
            "Bal",
            "期初余额加减流水不等于期末余额",
            "opening balance and entries do not make the closing one",
        )
    return statement
