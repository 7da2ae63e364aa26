"""The bank's statement: bookings kept for reconciliation; what came back, and what debtors paid in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import structlog

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.outside import Refused
from services.chassis.outside_bank import PAYER
from services.chassis.unit import Unit
from services.settlement import crediting, receiving
from services.settlement.bank_files import camt053
from services.settlement.bank_files.things import Booking, Outcome, Statement
from services.settlement.domain import reading
from services.settlement.domain.payments import OPEN, PaymentLine, line_of
from services.settlement.paying import Desk
from services.settlement.store import bank_balance, bookings, periods
from services.settlement.store import batches as store

PAGES: Final = 200
_log = structlog.get_logger(__name__)


def read(desk: Desk) -> None:
    """Read the bank's statement up to today, page by page from where the last reading ended, when due."""
    position = bookings.position(desk.reader)
    if reading.rests(position, desk.reader.now) and not store.settled_since(desk.reader, position.read_at):
        return
    first, last, page = reading.window(position, today_in_shanghai(desk.reader.now))
    for number in range(page, page + PAGES):
        asked_at = desk.reader.now
        answer = desk.bank.statement_page(PAYER, first, last, number, camt053.read)
        if isinstance(answer, Refused):
            _log.error("the bank refused its statement", code=answer.code)
            return
        found = answer.value
        if (found.account, found.page) != (PAYER, number):
            _log.error("the bank gave another statement", page=found.page)
            return
        desk.transact(lambda unit, found=found, at=asked_at: _keep(unit, found, first, last, at))
        if found.last_page:
            return


def _keep(unit: Unit, statement: Statement, first: date, last: date, at: datetime) -> None:
    take(unit, statement)
    known = bookings.position(unit)
    bookings.move(unit, reading.kept(known, first, last, statement.page, statement.last_page, at))


def move_to(unit: Unit, day: date) -> None:
    """Keep that the statement was read up to a day."""
    bookings.move(unit, reading.imported(bookings.position(unit), day))


def take(unit: Unit, statement: Statement) -> tuple[int, int]:
    """Keep a statement's bookings; return how many were new and how many lines came back by them.

    Raises Refusal `settlement.bank_file_contradicts` when an entry that is kept now says something else.
    """
    known = bookings.known(unit, statement.bookings)
    new = [booking for booking in statement.bookings if booking.entry not in known]
    for booking in statement.bookings:
        if booking.entry in known and not bookings.same(known[booking.entry], booking):
            raise Refusal(
                "settlement.bank_file_contradicts",
                field="content",
                line=booking.line,
                item="AcctSvcrRef",
                known=booking.entry,
            )
    bank_balance.keep(unit, statement)
    lines = store.lines(unit, [booking.instruction for booking in new])
    for booking in new:
        stranger = line_of(booking.instruction) not in lines
        bookings.add(unit, booking, crediting.match(unit, booking), stranger)
    _mark_stale(unit, new, lines)
    came_back = returns_of(unit, new)
    return len(new), sum(receiving.settle(unit, id, back).returned for id, back in came_back.items())


def _mark_stale(unit: Unit, new: list[Booking], lines: Mapping[str, PaymentLine]) -> None:
    """Have the statements of months made again that are over and had bookings yet to come."""
    since: dict[str, str] = {}
    for booking in new:
        line = lines.get(line_of(booking.instruction))
        if line is not None:
            month = booking.day.isoformat()[:7]
            since[line.fund_account] = min(month, since.get(line.fund_account, month))
    for account_id, month in since.items():
        periods.mark_stale(unit, account_id, month)
    # what is of no payment of ours holds the months of all accounts
    debits = [booking for booking in new if booking.amount_fen < 0]
    strange = [booking.day for booking in debits if line_of(booking.instruction) not in lines]
    if strange:
        periods.mark_all_stale(unit, min(strange).isoformat()[:7])


def returns_of(unit: Unit, booked: Sequence[Booking]) -> dict[str, list[Outcome]]:
    """Return by batch what came back and is still thought to be under way or paid."""
    returns = [booking for booking in booked if booking.kind == "return"]
    if not returns:
        return {}
    lines = store.lines(unit, [booking.instruction for booking in returns])
    by_batch: dict[str, list[Outcome]] = defaultdict(list)
    for each in returns:
        line = lines.get(line_of(each.instruction))
        if line is None or line.instruction != each.instruction or line.status not in (*OPEN, "paid"):
            continue
        if line.batch_id is not None and line.amount_fen == each.amount_fen:
            outcome = Outcome(each.line, each.instruction, "returned", each.amount_fen, each.day, each.reason)
            by_batch[line.batch_id].append(outcome)
    return by_batch
