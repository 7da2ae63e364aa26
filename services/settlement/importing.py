"""Files of the bank that a payment officer brings: taken in whole or not at all, and once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NoReturn

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.outside_bank import PAYER
from services.chassis.unit import Unit
from services.settlement import receiving, scopes, stating
from services.settlement.bank_files.formats import RECEIPTS, STATEMENTS
from services.settlement.bank_files.things import WHOLE, BankFileError, Place, Receipt, Statement, fail
from services.settlement.batch_files import digest
from services.settlement.store import batches as store
from services.settlement.store import bookings
from services.settlement.store.documents import Document, day

_DAY = timedelta(days=1)


def take_in(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Read a bank's file, check all of it, and book what it says.

    Raises Refusal `settlement.bank_file_invalid`, `settlement.bank_file_known`,
    `settlement.bank_file_stranger`, `settlement.bank_file_contradicts`, `settlement.statement_account`,
    `settlement.statement_overlaps`, `settlement.statement_gap`, `settlement.statement_ahead` or
    `settlement.statement_opening`, or `settlement.file_region` for what is of another region, each with line
    and item: then nothing was taken in.
    """
    kind, format, content = body["kind"], body["format"], body["content"]
    readers: Mapping[str, Any] = RECEIPTS if kind == "receipt" else STATEMENTS
    if format not in readers:
        raise Refusal("invalid", field="format", reason=f"{', '.join(readers)}")
    try:
        found = readers[format](content)
        sha256 = digest(content)
        name = f"{kind}:{found.id or sha256}"
        known = store.imported(unit, sha256, name)
        if known is not None:
            _refuse("settlement.bank_file_known", WHOLE, file_id=known["_id"])
        brought = _receipt(unit, found) if kind == "receipt" else _statement(unit, found)
    except BankFileError as problem:
        raise problem.refusal() from None
    about = {"kind": kind, "format": format, "name": name}
    by = {"imported_by": unit.actor.account, "imported_at": unit.now}
    return store.add_import(unit, {"_id": sha256, **about, **brought, **by})


def _receipt(unit: Unit, receipt: Receipt) -> dict[str, Any]:
    batch = store.load(unit, receipt.message_id)
    place = Place(receipt.outcomes[0].line, "OrgnlMsgId")
    if batch is None:
        _refuse("settlement.bank_file_stranger", place, id=receipt.message_id)
    scopes.require_in_file(unit.actor, batch.region, place.line, place.item)
    receiving.check(unit, batch, receipt, today_in_shanghai(unit.now))
    tally = receiving.settle(unit, batch.id, receipt.outcomes)
    if not tally.any:
        _refuse("settlement.bank_file_known", WHOLE, file_id=batch.id)
    counts = {"lines": len(receipt.outcomes), "paid": tally.paid, "returned": tally.returned, "bookings": 0}
    return {**counts, "region": batch.region, "account": PAYER, "first": None, "last": None}


def _statement(unit: Unit, statement: Statement) -> dict[str, Any]:
    _check_period(unit, statement)
    # an account may pay for several regions: what came back in another is not this officer's to book
    for id, back in stating.returns_of(unit, statement.bookings).items():
        scopes.require_in_file(unit.actor, store.need(unit, id).region, back[0].line, "AcctSvcrRef")
    new, returned = stating.take(unit, statement)
    stating.move_to(unit, statement.last)
    return {
        "lines": len(statement.bookings),
        "paid": 0,
        "returned": returned,
        "bookings": new,
        "region": unit.actor.region,
        "account": statement.account,
        "first": statement.first,
        "last": statement.last,
        "closing_fen": statement.closing_fen,
    }


def _check_period(unit: Unit, statement: Statement) -> None:
    today = today_in_shanghai(unit.now)
    if statement.account != PAYER:
        _refuse("settlement.statement_account", statement.head.account)
    if (statement.page, statement.last_page) != (1, True):
        fail(
            1, "StmtPgntn", "请导入整份对账单，不接受单页", "the whole statement is needed, not a page of it"
        )
    if statement.last > today:
        days = {"last": statement.last.isoformat(), "today": today.isoformat()}
        _refuse("settlement.statement_ahead", statement.head.last, **days)
    _check_follows(unit, statement)


def _check_follows(unit: Unit, statement: Statement) -> None:
    before = store.last_statement(unit, statement.account)
    end = day(before["last"]) if before else None
    known = _known(unit, end)
    if known is None:
        return
    first = statement.first.isoformat()
    if end is not None and statement.first <= end:
        _refuse("settlement.statement_overlaps", statement.head.first, first=first, known=end.isoformat())
    if statement.first > known + _DAY:
        _refuse("settlement.statement_gap", statement.head.first, first=first, known=known.isoformat())
    # the balance of a day that the channel read is not known
    if before is None or statement.first - _DAY != end:
        return
    if statement.opening_fen != before["closing_fen"]:
        balances = {"opening_fen": statement.opening_fen, "known_fen": before["closing_fen"]}
        _refuse("settlement.statement_opening", statement.head.opening, **balances)


def _known(unit: Unit, end: date | None) -> date | None:
    """Return the day up to which all is known: by the file before, which ends then, or by the channel.

    Where neither has told anything: the first batch is the oldest of ours.
    """
    told = [each for each in (end, bookings.position(unit).through) if each is not None]
    if told:
        return max(told)
    first = store.first_built(unit)
    return today_in_shanghai(first) - _DAY if first else None


def _refuse(code: str, place: Place, **facts: Any) -> NoReturn:
    raise Refusal(code, field="content", line=place.line, item=place.item, **facts)
