"""Reconciliation (对账): bank statement, finance account, ledger and claims, each difference named.

Source: AP, 600 §7, 37 §18 (books with the bank and the finance account, 帐实相符; books with the
reports, 帐表相符).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from contracts.vocabularies.dates import day_begins, day_ends
from services.settlement.domain import audit, ledger
from services.settlement.domain.claims import Claim
from services.settlement.domain.differences import Difference
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Entry
from services.settlement.domain.payments import PaymentLine

_ORDERED: Final = ("ordered", "paid", "recovered")
_WAITING: Final = ("ordered", "sent", "corrected")
# what is not paid out yet lies in the finance account
_CASH: Final = (ledger.AVAILABLE, ledger.ENCUMBERED, ledger.ORDERED)
_RECENT: Final = timedelta(days=10)


@dataclass(frozen=True)
class BankLine:
    """A booking at the bank for one attempt of a payment line: a payment is negative fen, its return
    positive. recovery_id, suspense_id: of what it was received, where it is no return any more.
    """

    entry: str
    line_id: str
    amount_fen: int
    booked_on: date | None = None
    recovery_id: str | None = None
    suspense_id: str | None = None

    @property
    def kept_apart(self) -> bool:
        """Whether it is booked as something else than a payment's return."""
        return self.recovery_id is not None or self.suspense_id is not None


@dataclass(frozen=True)
class ClaimSums:
    """What one claim says of itself in fen, in the words of the ledger."""

    encumbered: int = 0
    ordered: int = 0
    paid: int = 0
    offset: int = 0
    recovered: int = 0


@dataclass(frozen=True)
class FinanceBalance:
    """The finance bureau's figure of an account at the end of a day, in fen; source: its document."""

    day: date
    balance_fen: int
    source: str


@dataclass(frozen=True)
class Books:
    """All that is known of one fund account. claims: what each claim says of itself."""

    account: FundAccount
    entries: Iterable[Entry]
    lines: Sequence[PaymentLine]
    bank: Sequence[BankLine]
    claims: Mapping[str, ClaimSums]
    finance: FinanceBalance | None = None


@dataclass(frozen=True)
class Agreement:
    """The paid sum of one account as each of the three has it, in fen, and every difference.

    cash_fen: what the finance account should hold on the day of finance_fen (None: no figure given);
    head: the last entry compared; opening and closing: balances by ledger account at both ends.
    """

    account_id: str
    bank_fen: int
    ledger_fen: int
    claims_fen: int
    entries: int
    differences: tuple[Difference, ...]
    finance_fen: int | None
    cash_fen: int
    head: ledger.Head
    opening: Mapping[str, int]
    closing: Mapping[str, int]


@dataclass(frozen=True)
class Period:
    """Days of the books, both included; None: from the first or up to the present."""

    first: date | None = None
    last: date | None = None

    def begun(self, at: datetime) -> bool:
        """Whether a moment is not before the period."""
        return self.first is None or at >= day_begins(self.first)

    def has(self, day: date | None) -> bool:
        """Whether a day is in the period; one that is not known is."""
        if day is None:
            return True
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def over(self, at: datetime) -> bool:
        """Whether a moment is after the period."""
        return self.last is not None and at >= day_ends(self.last)


PRESENT: Final = Period()


@dataclass
class _Read:
    """What one pass through the entries gathers. later: of claims, after the period."""

    walk: audit.Walk
    opening: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(ledger.ACCOUNTS, 0))
    booked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    claims: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    later: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    cash: int = 0
    cash_before: int = 0
    granted: set[int] = field(default_factory=set)


def compare(books: Books, period: Period = PRESENT) -> Agreement:
    """Return the sums of one account through the period's end, and its differences."""
    read = _pass(books, period)
    # what was received of a recovery or is held is booked as that, and its line stays paid
    bank = [line for line in books.bank if not line.kept_apart]
    banked = _by((line.line_id, -line.amount_fen) for line in bank if not _after(line, period))
    later = _by((line.line_id, -line.amount_fen) for line in bank if _after(line, period))
    differences = [
        *_of_chain(books, read),
        *_of_lines(books, read, period, banked, later),
        *_of_claims(books, read),
        *_of_finance(books, read, sum(banked.values())),
    ]
    paid_later = sum(fen for (_, name), fen in read.later.items() if name == "paid")
    return Agreement(
        account_id=books.account.id,
        bank_fen=sum(banked.values()),
        ledger_fen=sum(read.booked.values()),
        claims_fen=sum(claim.paid for claim in books.claims.values()) - paid_later,
        entries=read.walk.length,
        differences=tuple(differences),
        finance_fen=books.finance.balance_fen if books.finance else None,
        cash_fen=read.cash,
        head=read.walk.head,
        opening=read.opening,
        closing=read.walk.sums,
    )


def sums_of(claim: Claim) -> ClaimSums:
    """Return what a claim that has a fund account says of itself."""
    standing = claim.suspended_from or claim.status
    rest = claim.total_fen - claim.paid_fen - claim.offset_fen - claim.stopped_fen
    ordered = standing in _ORDERED
    return ClaimSums(
        encumbered=0 if ordered else rest,
        ordered=rest if ordered else 0,
        paid=claim.paid_fen,
        offset=claim.offset_fen,
        recovered=claim.recovered_fen,
    )


def strangers(bank: Iterable[BankLine], period: Period = PRESENT) -> list[Difference]:
    """Return what the bank booked for instructions that are not ours, of those with a booking in a period.

    One that the bank took back is none any more. Bookings without an instruction are named one by one.
    """
    bank = [replace(line, line_id=line.line_id or line.entry) for line in bank]
    sums = _by((line.line_id, -line.amount_fen) for line in bank)
    named = {line.line_id for line in bank if period.has(line.booked_on)}
    return [Difference("bank_unknown", None, id, fen) for id, fen in sums.items() if fen and id in named]


def claim_moves(entry: Entry) -> Iterable[tuple[str, int]]:
    """Return what an entry says of its claim: the words of ClaimSums, and fen."""
    for line in entry.postings:
        if line.account in (ledger.ENCUMBERED, ledger.ORDERED):
            yield line.account, line.amount_fen
        elif line.account == ledger.PAID:
            yield ("paid" if line.payment_id or entry.payment_id else "offset"), line.amount_fen
        elif line.account == ledger.RECOVERED:
            yield "recovered", -line.amount_fen


def _pass(books: Books, period: Period) -> _Read:
    read = _Read(audit.Walk(books.account.id))
    begun = False
    for entry in books.entries:
        if period.over(entry.at):
            _count(read.later, entry)
            continue
        if not begun and period.begun(entry.at):
            begun, read.opening = True, dict(read.walk.sums)
        read.walk.step(entry)
        _count(read.claims, entry)
        for line in entry.postings:
            if line.account == ledger.PAID and (line.payment_id or entry.payment_id):
                read.booked[line.payment_id or entry.payment_id or "-"] += line.amount_fen
        _cash(read, entry, books.finance)
    if not begun:
        read.opening = dict(read.walk.sums)
    if period.last is None:
        read.walk.close(audit.Told(books.account.head, books.account.sums()))
    return read


def _count(sums: dict[tuple[str, str], int], entry: Entry) -> None:
    if entry.claim_id is not None:
        for name, fen in claim_moves(entry):
            sums[entry.claim_id, name] += fen


def _cash(read: _Read, entry: Entry, finance: FinanceBalance | None) -> None:
    if finance is not None and entry.at >= day_ends(finance.day):
        return
    change = sum(line.amount_fen for line in entry.postings if line.account in _CASH)
    read.cash += change
    if finance is None:
        return
    if entry.at < day_begins(finance.day):
        read.cash_before += change
    granted = any(line.account in (ledger.BUDGET, ledger.CURRENT) for line in entry.postings)
    if granted and entry.at >= day_begins(finance.day) - _RECENT:
        read.granted.add(change)


def _after(line: BankLine, period: Period) -> bool:
    return period.last is not None and line.booked_on is not None and line.booked_on > period.last


def _of_chain(books: Books, read: _Read) -> list[Difference]:
    name = books.account.id
    found = []
    for fault in read.walk.faults:
        if fault.kind == "sums":
            account = fault.detail.partition(" ")[0]
            by = books.account.sums()[account] - read.walk.sums[account]
            found.append(Difference("account_sums", name, account, by))
        else:
            at = f"entry {fault.number} " if fault.number is not None else ""
            found.append(Difference("chain", name, f"{at}{fault.kind}: {fault.words[1]}", 0))
    return found


def _of_lines(
    books: Books, read: _Read, period: Period, banked: Mapping[str, int], later: Mapping[str, int]
) -> list[Difference]:
    found = []
    name = books.account.id
    lines = {line.id: line for line in books.lines}
    for id in sorted({*lines, *read.booked, *banked}):
        line, paid, bank = lines.get(id), read.booked.get(id, 0), banked.get(id, 0)
        if paid != _should(line, period):
            found.append(Difference("line_status", name, id, paid - _should(line, period)))
        if bank != paid:
            kind = _bank_kind(line, period, (paid, bank, later.get(id, 0)))
            found.append(Difference(kind, name, id, bank - paid))
    return found


def _should(line: PaymentLine | None, period: Period) -> int:
    """What the ledger should have booked for a line by the period's end."""
    if line is None:
        return 0
    times = int(line.status == "paid" and not (line.settled_at and period.over(line.settled_at)))
    times += sum(period.over(each.returned_at) and not period.over(each.paid_at) for each in line.undone)
    return times * line.amount_fen


def _bank_kind(line: PaymentLine | None, period: Period, sums: tuple[int, int, int]) -> str:
    paid, bank, later = sums
    if paid and bank:
        return "amount"
    if paid and line is not None and any(period.over(each.returned_at) for each in line.undone):
        return "returned_later"
    if paid:
        return "bank_later" if later == paid else "ledger_only"
    if line is None or bank != line.amount_fen:
        return "bank_only"
    settled_later = line.status == "paid" and not _should(line, period)
    return "in_flight" if line.status in _WAITING or settled_later else "bank_only"


_KIND_OF: Final[Mapping[str, str]] = {
    "encumbered": "claim_encumbered",
    "ordered": "claim_ordered",
    "paid": "claim_sum",
    "offset": "claim_offset",
    "recovered": "claim_recovered",
}


def _of_claims(books: Books, read: _Read) -> list[Difference]:
    found = []
    for id in sorted({*books.claims, *(claim for claim, _ in read.claims)}):
        says = books.claims.get(id, ClaimSums())
        for name, kind in _KIND_OF.items():
            by = getattr(says, name) - read.later.get((id, name), 0) - read.claims.get((id, name), 0)
            if by:
                found.append(Difference(kind, books.account.id, id, by))
    return found


def _of_finance(books: Books, read: _Read, banked: int) -> list[Difference]:
    if books.finance is None or books.finance.balance_fen == read.cash:
        return []
    by = books.finance.balance_fen - read.cash
    in_flight = banked - sum(read.booked.values())
    if by == -in_flight:
        kind = "finance_in_flight"
    elif abs(by) in {abs(fen) for fen in read.granted}:
        kind = "finance_budget"
    elif books.finance.balance_fen == read.cash_before:
        kind = "finance_day"
    else:
        kind = "finance_balance"
    return [Difference(kind, books.account.id, books.finance.source, by)]


def _by(pairs: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, fen in pairs:
        sums[key or "-"] = sums.get(key or "-", 0) + fen
    return sums
