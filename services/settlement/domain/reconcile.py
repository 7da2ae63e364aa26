"""Reconciliation (对账): bank statement, ledger and claims, each difference named with its likely cause.

Source: AP, 600 §7, 37 §18 (books with the bank and the finance account, 帐实相符; books with the
reports, 帐表相符).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.settlement.domain import ledger
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import PAID, Entry
from services.settlement.domain.payments import PaymentLine

_WORDS: Mapping[str, tuple[str, str]] = {
    "in_flight": (
        "银行已扣款，尚未确认到账或退回",
        "debited at the bank, not yet confirmed as paid or returned",
    ),
    "bank_only": (
        "银行已付而账上无此笔：银行回单尚未读取，或他人动用了该账户",
        "paid at the bank, not booked: its receipt is not read yet, or somebody else drew on the account",
    ),
    "bank_unknown": (
        "银行流水中有本系统未发出的指令",
        "the bank shows an instruction that this system never sent",
    ),
    "ledger_only": (
        "账上已付而银行流水无此笔：流水尚未读到当日",
        "booked as paid and not on the statement: the statement has not been read that far",
    ),
    "amount": ("银行金额与账上金额不一致", "the bank's amount differs from the booked one"),
    "line_status": ("付款明细的状态与账不符", "the payment line's status does not fit the books"),
    "claim_sum": ("申请表已付金额与账不符", "the claim's paid amount differs from the books"),
    "account_sums": ("资金账户余额与分录合计不符", "the fund account differs from the sum of its entries"),
    "chain": (
        "记账链校验不通过：分录被改动或缺失",
        "the chain of entries fails its check: changed or missing",
    ),
}


@dataclass(frozen=True)
class BankLine:
    """A booking at the bank for one attempt of a payment line: a payment is negative fen, its return
    positive.
    """

    entry: str
    line_id: str
    amount_fen: int


@dataclass(frozen=True)
class Difference:
    """about: the thing that differs; amount_fen: by how much."""

    kind: str
    account_id: str | None
    about: str
    amount_fen: int

    @property
    def words(self) -> tuple[str, str]:
        """The likely cause in Chinese and English."""
        return _WORDS[self.kind]


@dataclass(frozen=True)
class Books:
    """All that is known of one fund account. claims: what each claim says it was paid, in fen."""

    account: FundAccount
    entries: Sequence[Entry]
    lines: Sequence[PaymentLine]
    bank: Sequence[BankLine]
    claims: Mapping[str, int]


@dataclass(frozen=True)
class Agreement:
    """The paid sum of one account as each of the three has it, in fen, and every difference."""

    account_id: str
    bank_fen: int
    ledger_fen: int
    claims_fen: int
    entries: int
    differences: tuple[Difference, ...]


def compare(books: Books) -> Agreement:
    """Return the sums of one account and its differences."""
    booked = _by(
        (line.payment_id or entry.payment_id, line.amount_fen)
        for entry in books.entries
        for line in entry.postings
        if line.account == PAID and (line.payment_id or entry.payment_id)
    )
    banked = _by((line.line_id, -line.amount_fen) for line in books.bank)
    differences = [
        *_of_chain(books),
        *_of_lines(books, booked, banked),
        *_of_claims(books, booked),
    ]
    return Agreement(
        account_id=books.account.id,
        bank_fen=sum(banked.values()),
        ledger_fen=sum(booked.values()),
        claims_fen=sum(books.claims.values()),
        entries=len(books.entries),
        differences=tuple(differences),
    )


def strangers(bank: Iterable[BankLine], known: set[str]) -> list[Difference]:
    """Return bookings for lines that no account of ours knows."""
    sums = _by((line.line_id, -line.amount_fen) for line in bank if line.line_id not in known)
    return [Difference("bank_unknown", None, id or "-", fen) for id, fen in sums.items()]


def _of_chain(books: Books) -> list[Difference]:
    name = books.account.id
    found = [Difference("chain", name, fault, 0) for fault in ledger.faults(name, books.entries)]
    last = books.entries[-1] if books.entries else None
    head = books.account.head
    if (last.number, last.hash) != (head.number, head.hash) if last else head.number != 0:
        found.append(Difference("chain", name, f"{name} head {head.number}", 0))
    sums = ledger.balances(books.entries)
    for account, fen in books.account.sums().items():
        if sums[account] != fen:
            found.append(Difference("account_sums", name, account, fen - sums[account]))
    return found


def _of_lines(books: Books, booked: Mapping[str, int], banked: Mapping[str, int]) -> list[Difference]:
    found = []
    lines = {line.id: line for line in books.lines}
    for id in sorted({*lines, *booked, *banked}):
        line, paid, bank = lines.get(id), booked.get(id, 0), banked.get(id, 0)
        should = line.amount_fen if line is not None and line.status == "paid" else 0
        if paid != should:
            found.append(Difference("line_status", books.account.id, id, paid - should))
        if bank != paid:
            found.append(Difference(_bank_kind(line, paid, bank), books.account.id, id, bank - paid))
    return found


def _bank_kind(line: PaymentLine | None, paid: int, bank: int) -> str:
    if paid and bank:
        return "amount"
    if paid:
        return "ledger_only"
    waiting = line is not None and line.status in ("ordered", "sent", "corrected")
    return "in_flight" if waiting and line is not None and bank == line.amount_fen else "bank_only"


def _of_claims(books: Books, booked: Mapping[str, int]) -> list[Difference]:
    claim_of = {line.id: line.claim_id for line in books.lines}
    sums = _by((claim_of.get(id, "-"), fen) for id, fen in booked.items())
    return [
        Difference("claim_sum", books.account.id, id, books.claims.get(id, 0) - sums.get(id, 0))
        for id in sorted({*sums, *books.claims})
        if books.claims.get(id, 0) != sums.get(id, 0)
    ]


def _by(pairs: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, fen in pairs:
        sums[key or "-"] = sums.get(key or "-", 0) + fen
    return sums
