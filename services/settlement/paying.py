"""Payments and the bank: what is sent, what came of it, and what the statement says.

Each line's attempt has one instruction id, so that sending again after a crash or an outage pays once.
Outside calls are made with no transaction open; what was answered is then written in a unit that looks
at the line again.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

import structlog

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside import Answered, OutsideUnavailable, Refused
from services.chassis.outside_bank import PAYER, Bank, Payment
from services.chassis.unit import Unit
from services.settlement.domain import claims, funds, payments
from services.settlement.domain.ledger import Cause
from services.settlement.domain.payments import PaymentLine
from services.settlement.store import books, copies
from services.settlement.store import claims as store
from services.settlement.store.documents import Document

T = TypeVar("T")
Transact = Callable[[Callable[[Unit], Any]], Any]
PayeeDetails = Callable[[str, str], Mapping[str, Any]]
BATCH: Final = 200
AT_ONCE: Final = 8
PURPOSE: Final = "职业技能培训补贴"
# a return is booked on the day of its payment, so the days before are read again
OVERLAP: Final = timedelta(days=7)
FIRST_DAY: Final = date(2020, 1, 1)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """What paying needs from its process."""

    bank: Bank
    reader: Reader
    transact: Transact
    payee_details: PayeeDetails


def send_due(desk: Desk) -> None:
    """Send the lines that wait, several at once; what cannot be sent now waits for the next time."""
    _each(books.payments_in(desk.reader, payments.TO_SEND, BATCH), lambda line: _send(desk, line))


def ask_about_sent(desk: Desk) -> None:
    """Ask the bank about the lines that are sent and not settled."""
    _each(books.payments_in(desk.reader, ("sent",), BATCH), lambda line: _ask(desk, line))


def read_statement(desk: Desk) -> None:
    """Read the bank's statement up to today and keep its bookings."""
    today = today_in_shanghai(desk.reader.now)
    read = books.statement_day(desk.reader)
    answer = desk.bank.statement(PAYER, read - OVERLAP if read else FIRST_DAY, today)
    if isinstance(answer, Refused):
        _log.error("the bank refused its statement", code=answer.code)
        return
    lines = [asdict(line) for line in answer.value.lines]
    desk.transact(lambda unit: books.put_bank_lines(unit, lines, today))


def correct(unit: Unit, payment_id: str, reason: str) -> Document:
    """Make a returned line ready for its next attempt, once the payee has given another account."""
    line = books.target_payment(unit, payment_id)
    claim = store.load(unit, line.claim_id)
    if claim is None:
        raise Refusal("not_found", what=f"claim/{line.claim_id}")
    unit.actor.require_region(claim.region)
    after = payments.corrected(line, copies.account_changes(unit, line.payee_ref), unit.actor.account, reason)
    return books.save_payment(unit, after, ["corrected"])


def _send(desk: Desk, line: PaymentLine) -> None:
    # read before the account: a change in between lets the line be corrected once more, never once too few
    changes = copies.account_changes(desk.reader, line.payee_ref)
    payee = desk.payee_details(line.payee_ref, f"{PURPOSE} {line.id}")
    answer = desk.bank.pay(line.instruction, payee["bank_account"], payee["name"], line.amount_fen, PURPOSE)
    if isinstance(answer, Refused) and answer.code == "instruction_conflict":
        # sent before a crash, with what the payee had given then
        answer = desk.bank.status(line.instruction)
    if isinstance(answer, Refused) and answer.code != "account_invalid":
        _log.error("the bank refused an instruction; it waits", payment=line.id, code=answer.code)
        return
    desk.transact(lambda unit: _sent(unit, line, changes, answer))


def _sent(unit: Unit, line: PaymentLine, changes: int, answer: Answered[Payment] | Refused) -> None:
    now_line = books.payment(unit, line.id)
    after = payments.sent(now_line, line.instruction, changes, unit.now) if now_line else None
    if after is None:
        return
    if isinstance(answer, Refused):
        back = payments.returned(after, line.instruction, answer.code, unit.now)
        books.save_payment(unit, back or after, ["sent", "returned"])
    else:
        books.save_payment(unit, after, ["sent"])


def _ask(desk: Desk, line: PaymentLine) -> None:
    answer = desk.bank.status(line.instruction)
    if isinstance(answer, Refused):
        _log.error("the bank refused a question", payment=line.id, code=answer.code)
    elif answer.value.status == "unknown":
        _log.error("the bank does not know an instruction it took; sent again", payment=line.id)
        _send(desk, line)
    elif answer.value.status in ("paid", "returned"):
        desk.transact(lambda unit: settle(unit, line.id, answer.value))


def settle(unit: Unit, line_id: str, outcome: Payment) -> None:
    """Book what the bank says about a line: once, whatever is asked again. The last one pays the claim."""
    line = books.payment(unit, line_id)
    if line is None:
        return
    if outcome.status == "returned":
        back = payments.returned(line, outcome.instruction_id, outcome.reason or "-", unit.now)
        if back is not None:
            books.save_payment(unit, back, ["returned"])
        return
    day = outcome.booked_on or today_in_shanghai(unit.now)
    after = payments.paid(line, outcome.instruction_id, day, unit.now)
    if after is None:
        return
    books.save_payment(unit, after, ["paid"])
    _post_payment(unit, after, unit.now)
    _pay_claim(unit, after, day)


def _post_payment(unit: Unit, line: PaymentLine, at: datetime) -> None:
    account = books.account(unit, line.fund_account)
    if account is None:
        raise LookupError(f"fund account {line.fund_account} of payment {line.id} is gone")
    cause = Cause("pay", unit.actor.account, f"{PURPOSE} {line.instruction}", line.claim_id, line.id)
    changed, entry = funds.pay(account, line.amount_fen, at, cause)
    books.save_account(unit, changed, entry)


def _pay_claim(unit: Unit, line: PaymentLine, day: date) -> None:
    claim = store.load(unit, line.claim_id)
    if claim is None:
        raise LookupError(f"claim {line.claim_id} of payment {line.id} is gone")
    after = claims.line_paid(claim, line.amount_fen)
    done = [("paid", {"total_fen": after.paid_fen, "paid_on": day})] if after.status == "paid" else []
    store.save(unit, after, done)


def _each(lines: Iterable[PaymentLine], work: Callable[[PaymentLine], None]) -> None:
    waiting = list(lines)
    if not waiting:
        return
    with ThreadPoolExecutor(min(AT_ONCE, len(waiting)), "payments") as pool:
        list(pool.map(lambda line: _guarded(line, work), waiting))


def _guarded(line: PaymentLine, work: Callable[[PaymentLine], None]) -> None:
    """Do the work of one line; an outage or a refusal leaves it waiting and does not hold up the others."""
    try:
        work(line)
    except OutsideUnavailable as outage:
        _log.warning("the bank cannot be reached; the payment waits", payment=line.id, reason=outage.reason)
    except Refusal as refusal:
        _log.warning("a payment waits", payment=line.id, code=refusal.code)
