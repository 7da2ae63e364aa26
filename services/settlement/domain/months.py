"""Months of the books (月结): a statement of each account, signed by two officers, then closed for good."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.settlement.domain.reconcile import Agreement, Period

PREPARED: Final = "prepared"
SIGNED: Final = "signed"
CLOSED: Final = "closed"
HANDS: Final = 2
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Signature:
    """Who signed, when (UTC) and with which remark."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Month:
    """A month of one fund account. month: 2026-03; hash: SHA-256 of the statement.

    holding: how many differences have to be cleared before it can be signed; ready: whether the bank's
    statement was read past the month's end; stale: whether something came in since that it should show;
    tried_at: when the statement was made last, even if it said the same.
    """

    account_id: str
    month: str
    statement: Mapping[str, Any]
    hash: str
    holding: int
    ready: bool
    prepared_at: datetime
    status: str = PREPARED
    signatures: tuple[Signature, ...] = ()
    stale: bool = False
    tried_at: datetime | None = None

    @property
    def id(self) -> str:
        """The month's id: its account and itself."""
        return f"{self.account_id}:{self.month}"


def of_id(id: str) -> str:
    """Return the month (2026-03) in a month's id. Raises Refusal `invalid`: it comes back as a cursor."""
    account, _, month = id.rpartition(":")
    if not account or not _MONTH.fullmatch(month):
        raise Refusal("invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list")
    return month


def period_of(month: str) -> Period:
    """Return the days of a month (2026-03). Raises ValueError."""
    return Period(date.fromisoformat(f"{month}-01"), last_day(month))


def last_day(month: str) -> date:
    """Return the last day of a month (2026-03). Raises ValueError."""
    return _next(date.fromisoformat(f"{month}-01")) - timedelta(days=1)


def following(month: str) -> str:
    """Return the month after. Raises ValueError."""
    return _next(date.fromisoformat(f"{month}-01")).isoformat()[:7]


def due(closed_through: str, first: str, last: str, today: date) -> list[str]:
    """Return the months of an account that are over and not closed, in order.

    first: the month of its first entry; last: the later of its year's December and its last entry's month.
    """
    month = following(closed_through) if closed_through else first
    found = []
    while month <= last and month < today.isoformat()[:7]:
        found.append(month)
        month = following(month)
    return found


def statement(month: str, agreement: Agreement, statement_day: date | None) -> dict[str, Any]:
    """Return what the two officers sign: balances and turnover by ledger account, and each difference."""
    opening, closing = agreement.opening, agreement.closing
    return {
        "account_id": agreement.account_id,
        "month": month,
        "statement_read": statement_day is not None and statement_day > last_day(month),
        "entries": agreement.head.number,
        "head": agreement.head.hash,
        "sums": [
            {
                "account": name,
                "opening_fen": opening.get(name, 0),
                "turnover_fen": closing[name] - opening.get(name, 0),
                "closing_fen": closing[name],
            }
            for name in closing
        ],
        "bank_fen": agreement.bank_fen,
        "ledger_fen": agreement.ledger_fen,
        "claims_fen": agreement.claims_fen,
        "finance_fen": agreement.finance_fen,
        "cash_fen": agreement.cash_fen,
        "differences": [
            {**vars(each), "zh": each.words[0], "en": each.words[1], "holds": each.holds_a_month}
            for each in agreement.differences
        ],
    }


def digest(statement: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a statement in its one canonical form."""
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def prepared(known: Month | None, statement: Mapping[str, Any], at: datetime, paying: bool) -> Month | None:
    """Return the month with a newly made statement, None when it is closed.

    paying: whether the account pays through the bank, so that the bank's statement matters. A statement
    that changed has to be signed anew.
    """
    made = digest(statement)
    if known is not None and known.status == CLOSED:
        return None
    if known is not None and known.hash == made:
        return replace(known, stale=False, tried_at=at)
    holding = sum(each["holds"] for each in statement["differences"])
    ready = not paying or statement["statement_read"]
    about = (statement["account_id"], statement["month"])
    return Month(*about, statement, made, holding, ready, prepared_at=at, tried_at=at)


def sign(month: Month, hash: str, by: str, reason: str, at: datetime) -> Month:
    """Return the month with one more signature; with the second it is closed.

    hash: of the statement that the officer saw. Raises Refusal `out_of_order`, `settlement.month_changed`,
    `settlement.month_not_ready`, `settlement.month_differs` or `settlement.month_same_hand`.
    """
    if month.status == CLOSED:
        raise Refusal("out_of_order", status=month.status, step="sign_month")
    if month.hash != hash or month.stale:
        raise Refusal("settlement.month_changed", field="hash", month=month.month)
    if not month.ready:
        raise Refusal("settlement.month_not_ready", month=month.month)
    if month.holding:
        held = next(each for each in month.statement["differences"] if each["holds"])
        about = f"{held['kind']} {held['about']}"
        raise Refusal("settlement.month_differs", month=month.month, count=month.holding, first=about)
    if by in {each.by for each in month.signatures}:
        raise Refusal("settlement.month_same_hand", month=month.month)
    signatures = (*month.signatures, Signature(by, at, reason))
    return replace(month, signatures=signatures, status=CLOSED if len(signatures) == HANDS else SIGNED)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
