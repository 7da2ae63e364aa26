"""Fund accounts with the heads of their chains, the entries, the payment lines and what the bank has
booked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from contracts.events import settlement as told
from contracts.events import settlement_books as told_books
from contracts.events import settlement_suspense as told_suspense
from contracts.registry import Event
from contracts.vocabularies.errors import Refusal
from services.chassis.unit import Unit
from services.settlement.bank_files.things import NOT_GIVEN
from services.settlement.domain.funds import FundAccount, account_id
from services.settlement.domain.ledger import CURRENT, Entry, Head, Posting
from services.settlement.domain.payments import PaymentLine, Undone
from services.settlement.domain.reconcile import BankLine, FinanceBalance
from services.settlement.store.documents import Document, Source, content, day, plain, renewed
from services.settlement.store.snapshot import Snapshot

PAYMENT_EVENTS: dict[str, Event] = {
    "sent": told.PAYMENT_SENT,
    "paid": told.PAYMENT_PAID,
    "returned": told.PAYMENT_RETURNED,
    "corrected": told.PAYMENT_CORRECTED,
    "stopped": told.PAYMENT_STOPPED,
}
_ACCOUNTS = ("fund_accounts", "memorandum_accounts", "suspense_accounts")
Told = Sequence[tuple[str, Mapping[str, Any]]]


def account(source: Source, id: str) -> FundAccount | None:
    """Return a fund account or None."""
    doc = source.get("fund_accounts", id)
    return account_of(doc) if doc else None


def account_for(source: Source, fund: str, region: str, year: int) -> FundAccount | None:
    """Return the account of a fund, region and year, or None."""
    return account(source, account_id(fund, region, year))


def account_of(doc: Document) -> FundAccount:
    """Return the fund account in a document."""
    fields = {key: value for key, value in content(doc).items() if key != "id"}
    return FundAccount(**{**fields, "head": Head(**fields["head"])})


def save_account(
    unit: Unit,
    changed: FundAccount,
    entry: Entry,
    budget: Mapping[str, Any] | None = None,
    told_also: Sequence[tuple[Event, Mapping[str, Any]]] = (),
) -> Document:
    """Write an account and the entry that changed it, with their facts. budget: when it was the budget."""
    events: list[tuple[Event, Mapping[str, Any]]] = [(told.BUDGET_SET, budget)] if budget else []
    events += told_also
    facts = {
        "entry": entry_id(entry),
        "claim_id": entry.claim_id,
        "amount_fen": entry.amount_fen,
        "hash": entry.hash,
    }
    events.append((told.POSTED, facts))
    known = unit.get("fund_accounts", changed.id)
    doc = renewed(known, {"id": changed.id, **plain(changed)})
    unit.insert("entries", renewed(None, {"id": entry_id(entry), **plain(entry)}))
    return (
        unit.insert("fund_accounts", doc, events)
        if known is None
        else unit.save("fund_accounts", doc, events)
    )


def require_account(source: Source, id: str) -> FundAccount:
    """Return a fund account. Raises Refusal `not_found`."""
    found = account(source, id)
    if found is None:
        raise Refusal("not_found", what=f"fund/{id}")
    return found


def close_month(unit: Unit, account: FundAccount, month: str, fact: Mapping[str, Any]) -> None:
    """Close an account's month. Postings write the same document, so none slips by."""
    changed = replace(account, closed_through=month)
    known = unit.get("fund_accounts", changed.id)
    doc = renewed(known, {"id": changed.id, **plain(changed)})
    unit.save("fund_accounts", doc, [(told_books.MONTH_CLOSED, fact)])


def last_entry(source: Source, chain: str, before: datetime | None = None) -> Entry | None:
    """Return a chain's last entry, or the last one before a moment."""
    filter: dict[str, Any] = {"chain": chain} | ({"at": {"$lt": before}} if before else {})
    found = source.find("entries", filter, sort=[("number", -1)], limit=1)
    return _entry(found[0]) if found else None


def entry_id(entry: Entry) -> str:
    """Return an entry's id: its chain and its number in it."""
    return f"{entry.chain}:{entry.number:08d}"


def entries(source: Source, chain: str, after: int = 0, limit: int = 0) -> list[Entry]:
    """Return a chain's entries in order."""
    found = source.find(
        "entries", {"chain": chain, "number": {"$gt": after}}, sort=[("number", 1)], limit=limit
    )
    return [_entry(doc) for doc in found]


def chain_entries(source: Snapshot, chain: str) -> Iterator[Entry]:
    """Go through all of a chain's entries in the order of their numbers."""
    found = source.stream("entries", {"chain": chain}, sort=[("number", 1)])
    return (_entry(doc) for doc in found)


def chain_part(source: Snapshot, chain: str, after: int, limit: int) -> Iterator[Entry]:
    """Go through a part of a chain's entries, those after a number, in their order."""
    wanted = {"chain": chain, "number": {"$gt": after}}
    return (_entry(doc) for doc in source.stream("entries", wanted, [("number", 1)], limit))


def entry_at(source: Source, chain: str, number: int) -> Entry | None:
    """Return a chain's entry of a number, or None."""
    found = source.find("entries", {"chain": chain, "number": number}, limit=1)
    return _entry(found[0]) if found else None


def sums_through(source: Snapshot, chain: str, number: int) -> dict[str, int]:
    """Return the sum in fen of each ledger account over a chain's entries up to a number."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"chain": chain, "number": {"$lte": number}}},
        {"$unwind": "$postings"},
        {"$group": {"_id": "$postings.account", "fen": {"$sum": "$postings.amount_fen"}}},
    ]
    return {doc["_id"]: doc["fen"] for doc in source.total("entries", pipeline)}


def chains(source: Snapshot) -> list[str]:
    """Return the names of all chains that have entries or an account, sorted."""
    accounts = {doc["_id"] for name in _ACCOUNTS for doc in source.stream(name, {})}
    used = {doc["_id"] for doc in source.total("entries", [{"$group": {"_id": "$chain"}}])}
    return sorted(accounts | used)


def current_sides(source: Snapshot) -> dict[str, dict[str, int]]:
    """Return of each chain the sum of its current account (往来) in fen for each transfer."""
    sides: dict[str, dict[str, int]] = {}
    pipeline = [
        {"$match": {"about": {"$gt": ""}, "postings.account": CURRENT}},
        {"$unwind": "$postings"},
        {"$match": {"postings.account": CURRENT}},
        {
            "$group": {
                "_id": {"chain": "$chain", "about": "$about"},
                "fen": {"$sum": "$postings.amount_fen"},
            }
        },
    ]
    for doc in source.total("entries", pipeline):
        sides.setdefault(doc["_id"]["chain"], {})[doc["_id"].get("about") or "-"] = doc["fen"]
    return sides


def hashes_told(source: Snapshot, chain: str, numbers: tuple[int, int] | None = None) -> dict[int, str]:
    """Return the hash of each entry of a chain as it was told when it was posted, by number.

    numbers: the first and the last one wanted; all without.
    """
    types = [told.POSTED.type, told_books.MEMORANDUM_NOTED.type, told_suspense.SUSPENSE_POSTED.type]
    wanted: dict[str, Any] = {"subject": chain, "type": {"$in": types}}
    if numbers is not None:
        first, last = (f"{chain}:{number:08d}" for number in numbers)
        wanted["event.data.entry"] = {"$gte": first, "$lte": last}
    found = source.stream("outbox", wanted)
    facts = [doc["event"]["data"] for doc in found]
    return {int(fact["entry"].rpartition(":")[2]): fact["hash"] for fact in facts}


def payment(source: Source, id: str) -> PaymentLine | None:
    """Return a payment line or None."""
    doc = source.get("payments", id)
    return payment_of(doc) if doc else None


def target_payment(unit: Unit, id: str) -> PaymentLine:
    """Return the line that a command is about. Raises Refusal `not_found` or `stale_version`."""
    return payment_of(unit.target("payments", id))


def payment_of(doc: Document) -> PaymentLine:
    """Return the payment line in a document; what only queries need is left out."""
    known = {field.name for field in fields(PaymentLine)}
    own = {key: value for key, value in content(doc).items() if key in known}
    undone = tuple(Undone(**row) for row in own.get("undone", ()))
    return PaymentLine(**{**own, "paid_on": day(own["paid_on"]), "undone": undone})


def new_payment(unit: Unit, line: PaymentLine, region: str, claimant_ref: str, now: datetime) -> None:
    """Write a line that was ordered, with what only queries need."""
    about = {"region": region, "claimant_ref": claimant_ref, "ordered_at": now}
    unit.insert("payments", renewed(None, {**plain(line), **about}))


def save_payment(unit: Unit, line: PaymentLine, events: Sequence[str]) -> Document:
    """Write a line's new state and tell the named facts of it."""
    facts = {"claim_id": line.claim_id, "payee_ref": line.payee_ref, "amount_fen": line.amount_fen}
    told_now = [
        (PAYMENT_EVENTS[name], facts | ({"bank_reason": line.bank_reason} if name == "returned" else {}))
        for name in events
    ]
    known = unit.get("payments", line.id) or {}
    return unit.save("payments", {**known, **renewed(known, plain(line))}, told_now)


def payments_of_account(source: Source, account_id: str) -> list[PaymentLine]:
    """Return all lines that a fund account pays."""
    return [payment_of(doc) for doc in source.find("payments", {"fund_account": account_id})]


def finance_balance(source: Source, account_id: str, through: date | None) -> FinanceBalance | None:
    """Return the finance bureau's last figure of an account, of a day up to `through`."""
    filter: dict[str, Any] = {"account_id": account_id}
    if through is not None:
        filter["day"] = {"$lte": through.isoformat()}
    for doc in source.find("finance_balances", filter, sort=[("day", -1), ("at", -1)], limit=1):
        return FinanceBalance(date.fromisoformat(doc["day"]), doc["balance_fen"], doc["source"])
    return None


def bank_lines(source: Source, line_ids: Sequence[str] | None = None) -> list[Document]:
    """Return the bank's bookings, of some payment lines or all."""
    return source.find(
        "bank_lines", {} if line_ids is None else {"line_id": {"$in": list(line_ids)}}, sort=[("_id", 1)]
    )


def bank_line_of(doc: Document) -> BankLine:
    """Return the bank's booking in a document."""
    about = (doc["_id"], doc["line_id"], doc["amount_fen"])
    return BankLine(*about, day(doc.get("booked_on")), doc.get("recovery_id"), doc.get("suspense_id"))


def stranger_of(doc: Document) -> BankLine:
    """Return the bank's booking in a document of no payment of ours, by the instruction that it names."""
    named = "" if doc["instruction_id"] == NOT_GIVEN else doc["instruction_id"]
    return replace(bank_line_of(doc), line_id=doc["line_id"] or named)


def statement_day(source: Source) -> date | None:
    """Return the last day of the bank's statement that was read."""
    return day((source.get("bank_days", "read") or {}).get("through"))


def _entry(doc: Document) -> Entry:
    own = {key: value for key, value in content(doc).items() if key != "id"}
    return Entry(**{**own, "postings": tuple(Posting(**row) for row in own["postings"])})
