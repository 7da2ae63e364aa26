"""Reconciliation of fund accounts: reads what belongs together at one moment and compares it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from services.chassis.calls import Reader
from services.settlement import views
from services.settlement.domain import receipts, reconcile
from services.settlement.domain.differences import Difference
from services.settlement.domain.reconcile import PRESENT, Agreement, BankLine, Books, Period
from services.settlement.store import books, recoveries
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


def _of_receipts(source: Snapshot, account_id: str, period: Period) -> list[Difference]:
    """Compare what came in of an account's recoveries with the bank's statement."""
    recorded = recoveries.receipts_of_account(source, account_id)
    kept = source.find("bank_lines", {"_id": {"$in": [each.booking for each in recorded]}})
    bank = {doc["_id"]: books.bank_line_of(doc) for doc in kept}
    return receipts.compare(account_id, recorded, bank, books.statement_day(source), period)


def strangers(source: Snapshot) -> list[Difference]:
    """Return the bank's bookings for payment lines that are not ours."""
    found: list[Difference] = []
    # what a debtor paid in is matched to its recovery
    rows = source.stream("bank_lines", {"recovery_id": None}, sort=[("line_id", 1)])
    while page := list(islice(rows, PAGE)):
        bank = [books.bank_line_of(doc) for doc in page]
        asked = sorted({line.line_id for line in bank})
        known = {row["_id"] for row in source.stream("payments", {"_id": {"$in": asked}})}
        found += reconcile.strangers(bank, known)
    return found


def shown(difference: Difference) -> dict[str, Any]:
    """Return a difference as it is answered, with its likely cause in both languages."""
    return {**vars(difference), "zh": difference.words[0], "en": difference.words[1]}


def _bank(source: Snapshot, line_ids: list[str]) -> Iterable[BankLine]:
    for start in range(0, len(line_ids), PAGE):
        for doc in books.bank_lines(source, line_ids[start : start + PAGE]):
            yield books.bank_line_of(doc)
