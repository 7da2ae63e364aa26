"""Payments on their way to the bank: gathered into batches, sent as one file each, asked about.

Each line's attempt has one instruction id and each batch one message id, so that sending again after a crash
or an outage pays once. Before a file is sent again the bank is asked whether it has it. Outside calls are
made with no transaction open; what was answered is then written in units that look at the lines again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import structlog

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.outside import Answered, OutsideUnavailable, Refused
from services.chassis.outside_bank import Bank
from services.chassis.unit import Unit
from services.settlement import batch_files, receiving, reviewing
from services.settlement.bank_files import pain001, pain002
from services.settlement.bank_files.things import BankFileError, Outcome, Receipt
from services.settlement.batch_files import PURPOSE, PayeeDetails
from services.settlement.domain import batches, payments, review
from services.settlement.domain.batches import LARGEST, Batch
from services.settlement.domain.payments import OPEN, PaymentLine, line_of
from services.settlement.store import batches as store
from services.settlement.store import books, copies
from services.settlement.store import claims as claim_store
from services.settlement.store.documents import Document

Transact = Callable[[Callable[[Unit], Any]], Any]
ROUNDS: Final = 20
AT_ONCE: Final = 50
PIECE: Final = 250
# refusals that do not say that nothing of the batch is there
_MAY_HAVE_IT: Final = frozenset({"message_conflict"})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """What paying needs from its process."""

    bank: Bank
    reader: Reader
    transact: Transact
    payee_details: PayeeDetails


def gather(desk: Desk) -> None:
    """Gather the lines that wait into batches, one fund account each."""
    for _ in range(ROUNDS):
        waiting = store.waiting(desk.reader, desk.reader.now, LARGEST)
        if not waiting:
            return
        for account in sorted({line.fund_account for line in waiting}):
            desk.transact(lambda unit, account=account: _gather(unit, account))


def send_built(desk: Desk) -> None:
    """Send the batches that are built; what cannot be sent now waits for the next time."""
    work_through(_turn(desk, "built"), lambda batch: send(desk, batch))


def ask_about_sent(desk: Desk) -> None:
    """Ask the bank about the batches that are sent and not settled."""
    work_through(_turn(desk, "sent"), lambda batch: _ask(desk, batch))


def release(unit: Unit, batch_id: str, reason: str) -> Document:
    """Have a batch released that the bank refused: its lines wait again once the bank says it has none of it.

    Raises Refusal `not_found`, `region.forbidden` or `out_of_order`.
    """
    batch = store.target(unit, batch_id)
    unit.actor.require_region(batch.region)
    return store.save(unit, batches.release_asked(batch, unit.actor.account, reason))


def correct(unit: Unit, payment_id: str, reason: str) -> Document:
    """Make a returned line ready for its next attempt, once the payee has given another account.

    Raises Refusal `settlement.same_person` when the actor has another duty on the claim, and those of the
    domain.
    """
    line = books.target_payment(unit, payment_id)
    claim = claim_store.load(unit, line.claim_id)
    if claim is None:
        raise Refusal("not_found", what=f"claim/{line.claim_id}")
    unit.actor.require_region(claim.region)
    reviewing.keep_to_duty(unit, claim, review.PAYMENT)
    after = payments.corrected(line, copies.account_changes(unit, line.payee_ref), unit.actor.account, reason)
    return books.save_payment(unit, after, ["corrected"])


def _turn(desk: Desk, status: str) -> list[Batch]:
    found = store.due(desk.reader, status, desk.reader.now, AT_ONCE)
    # only where there are more does the order matter
    if len(found) == AT_ONCE:
        desk.transact(lambda unit: store.had_a_turn(unit, [batch.id for batch in found]))
    return found


def _gather(unit: Unit, fund_account: str) -> None:
    lines = store.waiting(unit, unit.now, LARGEST, fund_account)
    account = books.account(unit, fund_account)
    if not lines or account is None:
        return
    # counted now, before any account is read: a change in between lets a line be corrected once more than
    # is of use, never once too few
    changes = copies.accounts_changed(unit, [line.payee_ref for line in lines])
    id = f"B{today_in_shanghai(unit.now):%Y%m%d}-{unit.new_id()[:16]}"
    amounts = [(line.instruction, line.amount_fen) for line in lines]
    batch = batches.built(id, account.id, account.region, amounts, unit.now)
    facts = {"fund_account": account.id, "lines": batch.lines, "total_fen": batch.total_fen}
    store.save(unit, batch, [("built", facts)])
    for line in lines:
        books.save_payment(unit, payments.gathered(line, id, changes.get(line.payee_ref, 0)), [])


def send(desk: Desk, batch: Batch) -> None:
    """Send a batch, unless the bank has it already or an officer wants it released.

    Raises OutsideUnavailable, BankFileError, pain001.NotValid or Refusal.
    """
    # it may have gone out before a crash: then what the bank has counts, not what would be sent now
    if batch.tries and _learn(desk, batch, desk.bank.receipt(batch.id, pain002.read)):
        return
    now = desk.reader.now
    if batch.release_by is not None:
        if not batches.may_still_arrive(batch, now) or batch.refused not in _MAY_HAVE_IT:
            desk.transact(lambda unit: receiving.release(unit, batch.id))
        return
    lines = _open_lines(desk, batch)
    made = batch_files.contents(
        batch, sorted(lines, key=lambda one: one.id), desk.payee_details, PURPOSE, now
    )
    left_out = {line.instruction: reason for line, reason in made.missing}
    # the first file may hold them and still arrive: else the bank has to take one without them before
    gone = not batch.tries or (not made.orders.orders and not batches.may_still_arrive(batch, now))
    if left_out and gone:
        desk.transact(lambda unit: receiving.give_back(unit, batch.id, left_out))
    if not made.orders.orders:
        return
    content = batch_files.write(made.orders, "pain.001", now)
    sha256 = batch_files.digest(content)
    kept = {} if gone else left_out
    desk.transact(
        lambda unit: store.save(unit, batches.tried(store.need(unit, batch.id), sha256, kept, unit.now))
    )
    answer: Answered[Receipt | None] | Refused = desk.bank.send_file(
        batch.id, "pain.001", content, pain002.read
    )
    if isinstance(answer, Refused) and answer.code == "message_conflict":
        # the first try arrived after all, with what the payees had given then
        receipt = desk.bank.receipt(batch.id, pain002.read)
        if isinstance(receipt, Refused) or receipt.value is not None:
            answer = receipt
    _learn(desk, batch, answer)


def _open_lines(desk: Desk, batch: Batch) -> list[PaymentLine]:
    lines = store.lines(desk.reader, batch.instructions).values()
    return [line for line in lines if line.status in OPEN and line.batch_id == batch.id]


def _ask(desk: Desk, batch: Batch) -> None:
    answer = desk.bank.receipt(batch.id, pain002.read)
    if isinstance(answer, Answered) and answer.value is None:
        _log.error("the bank does not know a batch it took; sent again", batch=batch.id)
        send(desk, batch)
    else:
        _learn(desk, batch, answer)


def _learn(desk: Desk, batch: Batch, answer: Answered[Receipt | None] | Refused) -> bool:
    """Write what the bank says of a batch; False when it says nothing of it."""
    if isinstance(answer, Refused):
        code = answer.code
        _log.error("the bank refused; the batch waits", batch=batch.id, code=code)
        desk.transact(
            lambda unit: store.save(unit, batches.refused(store.need(unit, batch.id), code, unit.now))
        )
        return True
    receipt = answer.value
    if receipt is None:
        return False
    if receipt.message_id != batch.id:
        raise BankFileError(1, "OrgnlMsgId", "不是该批次的回单", "a receipt of another batch")
    receiving.check(desk.reader, batch, receipt, today_in_shanghai(desk.reader.now))
    told = [outcome.instruction for outcome in receipt.outcomes]
    if batch.status == "built":
        for start in range(0, len(told), PIECE):
            piece = told[start : start + PIECE]
            desk.transact(lambda unit, piece=piece: receiving.mark_sent(unit, batch.id, piece))
        desk.transact(lambda unit: receiving.mark_batch_sent(unit, batch.id))
    elif batch.refused is not None:
        desk.transact(lambda unit: store.save(unit, batches.heard(store.need(unit, batch.id))))
    for outcomes in _by_claim(desk, receipt):
        desk.transact(lambda unit, outcomes=outcomes: receiving.settle(unit, batch.id, outcomes))
    _give_left_out_back(desk, batch.id, told)
    return True


def _give_left_out_back(desk: Desk, batch_id: str, told: list[str]) -> None:
    batch = store.need(desk.reader, batch_id)
    if not batch.left_out:
        return
    open = [line.instruction for line in _open_lines(desk, batch)]
    missing = batches.not_sent(batch, open, frozenset(told))
    if missing:
        desk.transact(lambda unit: receiving.give_back(unit, batch_id, missing))


def _by_claim(desk: Desk, receipt: Receipt) -> list[list[Outcome]]:
    """Return the final outcomes that are new, claim by claim."""
    final = [outcome for outcome in receipt.outcomes if outcome.status != "accepted"]
    lines = store.lines(desk.reader, [outcome.instruction for outcome in final])
    found: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in final:
        line = lines[line_of(outcome.instruction)]
        back = (line.status, outcome.status) == ("paid", "returned")
        if (line.status in OPEN or back) and line.instruction == outcome.instruction:
            found[line.claim_id].append(outcome)
    return list(found.values())


def work_through(found: Iterable[Batch], work: Callable[[Batch], None]) -> None:
    """Do the work of each batch; what is wrong with one does not hold up the others."""
    for batch in found:
        _guarded(batch, work)


def _guarded(batch: Batch, work: Callable[[Batch], None]) -> None:
    """Do the work of one batch; an outage or a refusal leaves it waiting and does not hold up the others."""
    try:
        work(batch)
    except OutsideUnavailable as outage:
        _log.warning("the bank cannot be reached; the batch waits", batch=batch.id, reason=outage.reason)
    except (BankFileError, pain001.NotValid) as problem:
        _log.error("a file of a batch is wrong; it waits", batch=batch.id, error=str(problem))
    except Refusal as refusal:
        _log.warning("a batch waits", batch=batch.id, code=refusal.code)
    except (ValueError, LookupError) as fault:
        _log.error("a fault of ours; the batch waits", batch=batch.id, error=type(fault).__name__)
