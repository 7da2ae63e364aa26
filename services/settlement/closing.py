"""Reconciliations of each day, statements of each month, and the two signatures that close a month."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from contracts.vocabularies.dates import day_ends, month_of, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside_bank import PAYER
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import comparing, views
from services.settlement.domain import months, transfers
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Entry
from services.settlement.domain.months import Month
from services.settlement.domain.reconcile import Agreement, Period
from services.settlement.guarding import guarded
from services.settlement.store import books, periods
from services.settlement.store.documents import Document
from services.settlement.store.snapshot import Snapshot, snapshot

Transact = Callable[[Callable[[Unit], Any]], Any]
# statements made again at once, while something in them has to be cleared
AGAIN: Final = 20
DAY: Final = timedelta(days=1)


def reconcile_due(reader: Reader, transact: Transact) -> None:
    """Store the reconciliation of yesterday for each account, and the statements of months that are over.

    What was done for some accounts before a crash is not done again. Between days, statements are made again
    that hold a month, that came before the bank's statement was read so far, or before something came in.
    """
    today = today_in_shanghai(reader.now)
    through = periods.reconciled_through(reader)
    if through is not None and through >= today - DAY:
        _again(reader, transact)
        return
    found = reader.find("fund_accounts", {"year": {"$gte": today.year - 2}}, [("_id", 1)])
    # what failed is begun again the next time; the others are done by then
    done = [guarded(doc["_id"], partial(_day_of, reader, transact, doc, today)) for doc in found]
    done.append(guarded(PAYER, partial(_strangers_of, reader, transact, today - DAY)))
    if all(done):
        transact(lambda unit: periods.set_reconciled_through(unit, today - DAY))


def _day_of(reader: Reader, transact: Transact, doc: Document, today: date) -> None:
    if reader.get("reconciliations", f"{doc['_id']}:{(today - DAY).isoformat()}") is not None:
        return
    for month in _months_due(reader, books.account_of(doc), today):
        prepare(reader, transact, doc["_id"], month)
    # last, since it says that the account is done
    _store_day(reader, transact, doc, today - DAY)


def prepare(reader: Reader, transact: Transact, account_id: str, month: str) -> None:
    """Make an account's statement of a month that is over (again)."""
    # only statements that are there are marked stale: what came in beside the first is in the second
    if _make(reader, transact, account_id, month):
        _make(reader, transact, account_id, month)


def _make(reader: Reader, transact: Transact, account_id: str, month: str) -> bool:
    """Make a statement; return whether it was the month's first."""
    with snapshot(reader.database) as source:
        seen = periods.version(source, account_id, month)
        read = books.statement_day(source)
        found = comparing.of_month(source, account_id, months.period_of(month))
        paying = bool(source.find("payments", {"fund_account": account_id}, limit=1))
    made = months.statement(month, found, read)

    def write(unit: Unit) -> None:
        # what came in or was signed meanwhile is not in it: it is made again
        if periods.version(unit, account_id, month) != seen:
            return
        changed = months.prepared(periods.month(unit, account_id, month), made, unit.now, paying)
        if changed is not None:
            periods.save_month(unit, changed if seen else replace(changed, stale=True))

    transact(write)
    return not seen


def sign(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Sign a month's statement; the second officer's signature closes the month.

    Raises Refusal `region.forbidden`, `not_found`, `settlement.month_order`, `settlement.month_not_ready` and
    those of the domain.
    """
    account_id, month = body["account_id"], body["month"]
    unit.actor.require_region(transfers.key_of(account_id, "account_id").region)
    account = books.require_account(unit, account_id)
    known = periods.month(unit, account_id, month)
    if known is None or known.status != months.CLOSED:
        _check_order(unit, account, month)
    if known is None:
        raise Refusal("settlement.month_not_ready", month=month)
    signed = months.sign(known, body["hash"], unit.actor.account, body["reason"], unit.now)
    if signed.status == months.CLOSED:
        _close(unit, account, signed)
    return month_shown(periods.save_month(unit, signed))


def month(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Show a month's statement; a closed one as it was signed. Raises Refusal `not_found`."""
    views.visible_account(reader, body["account_id"])
    doc = reader.get("months", f"{body['account_id']}:{body['month']}")
    if doc is None:
        raise Refusal("not_found", what=f"month/{body['account_id']}/{body['month']}")
    return month_shown(doc)


def month_list(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the months of the officer's region, the latest first. Raises Refusal `invalid` for a cursor that
    is none of ours.
    """
    filter: dict[str, Any] = {"region": {"$in": views.regions_of(reader.actor)}}
    filter |= {name: body[name] for name in ("account_id", "month", "status") if body[name] is not None}
    parts = [filter]
    if body["cursor"] is not None:
        month, last = months.of_id(body["cursor"]), body["cursor"]
        parts.append({"$or": [{"month": {"$lt": month}}, {"month": month, "_id": {"$gt": last}}]})
    found = reader.find("months", {"$and": parts}, [("month", -1), ("_id", 1)], body["limit"] + 1)
    shown = found[: body["limit"]]
    following = shown[-1]["_id"] if len(found) > len(shown) else None
    return {"items": [month_shown(doc) for doc in shown], "next": following}


def daily_list(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the stored reconciliations of the officer's region, newest first."""
    filter: dict[str, Any] = {"region": {"$in": views.regions_of(reader.actor)}}
    filter |= {name: body[name] for name in ("account_id", "agrees") if body[name] is not None}
    found, following = newest_first(reader, "reconciliations", filter, "at", body)
    days = ("day", "statement_day")
    items = [
        {**doc, "id": doc["_id"], **{name: doc[name] and date.fromisoformat(doc[name]) for name in days}}
        for doc in found
    ]
    return {"items": items, "next": following}


def month_shown(doc: Document) -> dict[str, Any]:
    """Return a month's document as it is answered."""
    found = periods.month_of(doc)
    return {
        **vars(found),
        "id": found.id,
        "version": doc["version"],
        "signatures": [vars(each) for each in found.signatures],
    }


def _again(reader: Reader, transact: Transact) -> None:
    read = books.statement_day(reader)
    wanted: list[dict[str, Any]] = [{"holding": {"$gt": 0}}, {"stale": True}]
    if read is not None:
        wanted.append({"ready": False, "month": {"$lt": read.isoformat()[:7]}})
    filter = {"status": {"$ne": months.CLOSED}, "$or": wanted}
    # what differs for good must not keep the others from their turn
    order = [("stale", -1), ("tried_at", 1), ("_id", 1)]
    for doc in reader.find("months", filter, order, AGAIN):
        guarded(doc["_id"], partial(prepare, reader, transact, doc["account_id"], doc["month"]))


def _store_day(reader: Reader, transact: Transact, doc: Document, day: date) -> None:
    read = books.statement_day(reader)
    with snapshot(reader.database) as source:
        found = comparing.agreement(source, doc["_id"], Period(None, day))
    row = _day_row(doc, day, found)

    def write(unit: Unit) -> None:
        periods.add_reconciliation(unit, {**row, "at": unit.now, "statement_day": read})

    transact(write)


def _strangers_of(reader: Reader, transact: Transact, day: date) -> None:
    """Store what the bank had booked for others than ours, as of the account that all is paid from."""
    if reader.get("reconciliations", f"{PAYER}:{day.isoformat()}") is not None:
        return
    read = books.statement_day(reader)
    with snapshot(reader.database) as source:
        row = comparing.strangers_row(source, day)

    def write(unit: Unit) -> None:
        periods.add_reconciliation(unit, {**row, "at": unit.now, "statement_day": read})

    transact(write)


def _day_row(doc: Document, day: date, found: Agreement) -> dict[str, Any]:
    names = ("account_id", "bank_fen", "ledger_fen", "claims_fen", "finance_fen", "cash_fen", "entries")
    return {
        **{name: getattr(found, name) for name in names},
        "region": doc["region"],
        "day": day,
        "agrees": not found.differences,
        "differences": [comparing.shown(each) for each in found.differences],
    }


def _months_due(source: Reader | Snapshot, account: FundAccount, today: date) -> list[str]:
    first, last = (
        _first_month(books.entries(source, account.id, limit=1)),
        books.last_entry(source, account.id),
    )
    if first is None or last is None:
        return []
    return months.due(account.closed_through, first, max(f"{account.year}-12", month_of(last.at)), today)


def _first_month(entries: list[Entry]) -> str | None:
    return month_of(entries[0].at) if entries else None


def _check_order(unit: Unit, account: FundAccount, month: str) -> None:
    if account.closed_through:
        next_month = months.following(account.closed_through)
    else:
        next_month = _first_month(books.entries(unit, account.id, limit=1)) or month
    if month != next_month:
        raise Refusal("settlement.month_order", field="month", next=next_month)


def _close(unit: Unit, account: FundAccount, signed: Month) -> None:
    last = books.last_entry(unit, account.id, day_ends(months.last_day(signed.month)))
    # a posting that was under way when the statement was made
    if last is None or last.hash != signed.statement["head"]:
        raise Refusal("settlement.month_changed", field="hash", month=signed.month)
    fact = {
        "month": signed.month,
        "statement": signed.hash,
        "entries": signed.statement["entries"],
        "head": last.hash,
    }
    books.close_month(unit, account, signed.month, fact)
