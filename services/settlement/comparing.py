"""Reconciliation of fund accounts: reads what belongs together at one moment and compares it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.settlement import views
from services.settlement.domain import receipts, reconcile
from services.settlement.domain.differences import Difference
from services.settlement.domain.reconcile import PRESENT, Agreement, BankLine, Books, Period
from services.settlement.store import bookings, books, recoveries
from services.settlement.store import claims as store
from services.settlement.store.snapshot import PAGE, Snapshot, snapshot


def reconciliation(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Compare bank, finance account, ledger and claims: of one account, or of the officer's region by parts.

    What the bank booked for strangers is of no account: it is named where the last part ends.
    """
    account_id, following = body["account_id"], None
    if account_id is not None:
        docs = [views.visible_account(reader, account_id)]
    else:
        docs, following = views.part_by_account(reader, "fund_accounts", body)
    agreements = []
    for doc in docs:
        with snapshot(reader.database) as source:
            agreements.append(agreement(source, doc["_id"]))
    differences = [each for agreement in agreements for each in agreement.differences]
    if account_id is None and following is None:
        with snapshot(reader.database) as source:
            differences += strangers(source)
    return {
        "at": reader.now,
        "statement_day": books.statement_day(reader),
        "agrees": not differences,
        "accounts": [{**vars(each), "agrees": not each.differences} for each in agreements],
        "differences": [shown(each) for each in differences],
        "next": following,
    }


def agreement(source: Snapshot, account_id: str, period: Period = PRESENT) -> Agreement:
    """Compare one fund account through the end of a period. Raises LookupError when there is none."""
    account = books.account(source, account_id)
    if account is None:
        raise LookupError(f"no fund account {account_id}")
    lines = books.payments_of_account(source, account_id)
    held = source.stream("claims", {"fund_account": account_id})
    compared = reconcile.compare(
        Books(
            account,
            books.chain_entries(source, account_id),
            lines,
            list(_bank(source, [line.id for line in lines])),
            {doc["_id"]: reconcile.sums_of(store.claim_of(doc)) for doc in held},
            books.finance_balance(source, account_id, period.last),
        ),
        period,
    )
    return replace(compared, differences=(*compared.differences, *_of_receipts(source, account_id, period)))


def of_month(source: Snapshot, account_id: str, period: Period) -> Agreement:
    """Compare one fund account through the end of a month.

    What was drawn from the payer's account in it and is not ours may be any fund's: it holds all of them.
    """
    found = agreement(source, account_id, period)
    drawn = [each for each in strangers(source, period=period) if each.holds_a_month]
    return replace(found, differences=(*found.differences, *drawn))


def _of_receipts(source: Snapshot, account_id: str, period: Period) -> list[Difference]:
    """Compare what came in of an account's recoveries with the bank's statement."""
    recorded = recoveries.receipts_of_account(source, account_id)
    kept = source.find("bank_lines", {"_id": {"$in": [each.booking for each in recorded]}})
    bank = {doc["_id"]: books.bank_line_of(doc) for doc in kept}
    return receipts.compare(account_id, recorded, bank, books.statement_day(source), period)


def strangers(source: Snapshot, through: date | None = None, period: Period = PRESENT) -> list[Difference]:
    """Return what the bank booked up to a day for others than ours, of those with a booking in a period."""
    found = bookings.strangers(source, through)
    return reconcile.strangers([books.stranger_of(doc) for doc in found], period)


def strangers_row(source: Snapshot, day: date) -> dict[str, Any]:
    """Return the reconciliation of the payer's account itself at the end of a day."""
    found = strangers(source, day)
    return {
        "account_id": PAYER,
        "region": PAYER[:6],
        "day": day,
        "bank_fen": sum(each.amount_fen for each in found),
        "ledger_fen": 0,
        "claims_fen": 0,
        "finance_fen": None,
        "cash_fen": 0,
        "entries": 0,
        "agrees": not found,
        "differences": [shown(each) for each in found],
    }


def shown(difference: Difference) -> dict[str, Any]:
    """Return a difference as it is answered, with its likely cause in both languages."""
    return {**vars(difference), "zh": difference.words[0], "en": difference.words[1]}


def _bank(source: Snapshot, line_ids: list[str]) -> Iterable[BankLine]:
    for start in range(0, len(line_ids), PAGE):
        for doc in books.bank_lines(source, line_ids[start : start + PAGE]):
            yield books.bank_line_of(doc)
