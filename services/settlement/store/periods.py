"""Memorandum accounts, the finance bureau's balances, daily reconciliations and months."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.events import settlement_books as told
from services.chassis.unit import Unit
from services.settlement.domain.ledger import Entry, Head
from services.settlement.domain.memorandum import Memorandum
from services.settlement.domain.months import Month, Signature
from services.settlement.store import books
from services.settlement.store.documents import Document, Source, content, plain, renewed


def memorandum(source: Source, id: str) -> Memorandum | None:
    """Return a memorandum account or None."""
    doc = source.get("memorandum_accounts", id)
    return memorandum_of(doc) if doc else None


def memorandum_of(doc: Document) -> Memorandum:
    """Return the memorandum account in a document."""
    own = {key: value for key, value in content(doc).items() if key != "id"}
    return Memorandum(**{**own, "head": Head(**own["head"])})


def save_memorandum(unit: Unit, changed: Memorandum, entry: Entry) -> Document:
    """Write a memorandum account, the entry that changed it, and its fact."""
    noted = next(line.amount_fen for line in entry.postings if line.account == "noted")
    fact = {
        "fund": changed.fund,
        "region": changed.region,
        "entry": books.entry_id(entry),
        "amount_fen": noted,
        "hash": entry.hash,
    }
    known = unit.get("memorandum_accounts", changed.id)
    doc = renewed(known, {"id": changed.id, **plain(changed)})
    unit.insert("entries", renewed(None, {"id": books.entry_id(entry), **plain(entry)}))
    events = [(told.MEMORANDUM_NOTED, fact)]
    if known is None:
        return unit.insert("memorandum_accounts", doc, events)
    return unit.save("memorandum_accounts", doc, events)


def add_balance(unit: Unit, row: Mapping[str, Any]) -> Document:
    """Keep a balance that the finance bureau told of an account and day; later ones stand beside it."""
    id = f"{row['account_id']}:{row['day'].isoformat()}:{unit.new_id()}"
    return unit.insert("finance_balances", {"_id": id, **plain(row)})


def month(source: Source, account_id: str, month: str) -> Month | None:
    """Return a month of an account whose statement was made, or None."""
    doc = source.get("months", f"{account_id}:{month}")
    return month_of(doc) if doc else None


def version(source: Source, account_id: str, month: str) -> int:
    """Return the version of a month's document, 0 when there is none."""
    doc = source.get("months", f"{account_id}:{month}")
    return int(doc["version"]) if doc else 0


def month_of(doc: Document) -> Month:
    """Return the month in a document."""
    own = {key: value for key, value in content(doc).items() if key not in ("id", "fund", "region")}
    signatures = tuple(Signature(**each) for each in own["signatures"])
    return Month(**{**own, "signatures": signatures})


def save_month(unit: Unit, changed: Month) -> Document:
    """Write a month."""
    fund, region, _ = changed.account_id.split(":")
    about = {"fund": fund, "region": region}
    known = unit.get("months", changed.id)
    doc = renewed(known, {"id": changed.id, **plain(changed), **about})
    return unit.insert("months", doc) if known is None else unit.save("months", doc)


def mark_stale(unit: Unit, account_id: str, since: str = "") -> None:
    """Have an account's statements that are not closed made again, since something came in.

    since: the first month that it belongs to; those before do not show it.
    """
    filter = {"account_id": account_id, "month": {"$gte": since}, "status": {"$ne": "closed"}}
    for doc in unit.find("months", filter):
        unit.save("months", {**doc, "stale": True})


def mark_all_stale(unit: Unit, since: str) -> None:
    """Have all accounts' statements from a month on that are not closed made again."""
    for doc in unit.find("months", {"month": {"$gte": since}, "status": {"$ne": "closed"}, "stale": False}):
        unit.save("months", {**doc, "stale": True})


def reconciled_through(source: Source) -> date | None:
    """Return the last day whose reconciliation was stored for all accounts."""
    doc = source.get("reconciliations", "through")
    return date.fromisoformat(doc["through"]) if doc else None


def add_reconciliation(unit: Unit, row: Mapping[str, Any]) -> None:
    """Keep one account's reconciliation of a day, once."""
    id = f"{row['account_id']}:{row['day'].isoformat()}"
    if unit.get("reconciliations", id) is None:
        unit.insert("reconciliations", {"_id": id, **plain(row)})


def set_reconciled_through(unit: Unit, day: date) -> None:
    """Say that a day's reconciliations are stored."""
    doc = unit.get("reconciliations", "through")
    if doc is None:
        unit.insert("reconciliations", {"_id": "through", "through": day.isoformat()})
    else:
        unit.save("reconciliations", {**doc, "through": day.isoformat()})
