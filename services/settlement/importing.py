"""Files of the bank that a payment officer brings: taken in whole or not at all, and once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.outside_bank import PAYER
from services.chassis.unit import Unit
from services.settlement import receiving, stating
from services.settlement.bank_files.formats import RECEIPTS, STATEMENTS
from services.settlement.bank_files.things import BankFileError, Receipt, Statement, fail
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
    `settlement.statement_opening`, `region.forbidden` for a return of another region: then nothing was taken
    in.
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
            raise Refusal("settlement.bank_file_known", field="content", file_id=known["_id"])
        brought = _receipt(unit, found) if kind == "receipt" else _statement(unit, found)
    except BankFileError as problem:
        raise problem.refusal() from None
    about = {"kind": kind, "format": format, "name": name}
    by = {"imported_by": unit.actor.account, "imported_at": unit.now}
    return store.add_import(unit, {"_id": sha256, **about, **brought, **by})


def _receipt(unit: Unit, receipt: Receipt) -> dict[str, Any]:
    batch = store.load(unit, receipt.message_id)
    if batch is None:
        raise Refusal(
            "settlement.bank_file_stranger",
            field="content",
            line=receipt.outcomes[0].line,
            item="OrgnlMsgId",
            id=receipt.message_id,
        )
    unit.actor.require_region(batch.region)
    receiving.check(unit, batch, receipt, today_in_shanghai(unit.now))
    tally = receiving.settle(unit, batch.id, receipt.outcomes)
    if not tally.any:
        raise Refusal("settlement.bank_file_known", field="content", file_id=batch.id)
    counts = {"lines": len(receipt.outcomes), "paid": tally.paid, "returned": tally.returned, "bookings": 0}
    return {**counts, "region": batch.region, "account": PAYER, "first": None, "last": None}


def _statement(unit: Unit, statement: Statement) -> dict[str, Any]:
    _check_period(unit, statement)
    # an account may pay for several regions: what came back in another is not this officer's to book
    for id in stating.returns_of(unit, statement.bookings):
        unit.actor.require_region(store.need(unit, id).region)
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
        raise Refusal("settlement.statement_account", field="content")
    if (statement.page, statement.last_page) != (1, True):
        fail(
            1, "StmtPgntn", "请导入整份对账单，不接受单页", "the whole statement is needed, not a page of it"
        )
    if statement.last > today:
        raise Refusal(
            "settlement.statement_ahead",
            field="content",
            last=statement.last.isoformat(),
            today=today.isoformat(),
        )
    _check_follows(unit, statement)


def _check_follows(unit: Unit, statement: Statement) -> None:
    before = store.last_statement(unit, statement.account)
    known = day(before["last"]) if before else _known(unit)
    if known is None:
        return
    facts = {"first": statement.first.isoformat(), "known": known.isoformat()}
    if before is not None and statement.first <= known:
        raise Refusal("settlement.statement_overlaps", field="content", **facts)
    if statement.first > known + _DAY:
        raise Refusal("settlement.statement_gap", field="content", **facts)
    if before is not None and statement.opening_fen != before["closing_fen"]:
        raise Refusal(
            "settlement.statement_opening",
            field="content",
            opening_fen=statement.opening_fen,
            known_fen=before["closing_fen"],
        )


def _known(unit: Unit) -> date | None:
    """Return the day up to which all is known without a file: the first batch is the oldest of ours."""
    through = bookings.position(unit).through
    if through is not None:
        return through
    first = store.first_built(unit)
    return today_in_shanghai(first) - _DAY if first else None
