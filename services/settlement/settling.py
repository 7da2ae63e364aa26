"""How a recovery is settled: its postings, what the recovered claim says, the rows it gives up."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import rules_of_edition
from services.settlement.domain import claims, evidence, funds, limits, recovery
from services.settlement.domain.claims import Claim
from services.settlement.domain.ledger import Cause
from services.settlement.domain.payments import PaymentLine
from services.settlement.domain.recovery import Movement, Payee, Recovery
from services.settlement.store import books
from services.settlement.store import claims as claim_store
from services.settlement.store import recoveries as store
from services.settlement.store.documents import Document

_CHANGES = {
    "demand": funds.demand,
    "recover": funds.recover,
    "write_off": funds.write_off,
    "unrecover": funds.unrecover,
}


def set_off_debts(
    unit: Unit, claim: Claim, owed: Mapping[Payee, int], reason: str
) -> tuple[dict[Payee, int], int]:
    """Set what the payees of an ordered claim owe off against it, in the same fund and region.

    Other funds' debts stay as they are: each fund's money is ear-marked (S21). Returns what each payee is
    still paid, and how much was set off, in fen.
    """
    found = store.debts_of(unit, (ref for _, ref in owed), claim.fund, claim.region)
    debts = {each.id: each for each in found}
    left, offsets = recovery.offsets(owed, debts.values())
    # what follows for a recovered claim is done once, however many of its people owed something
    moved: dict[str, list[Recovery]] = {}
    for each in offsets:
        after = _set_off(unit, claim, debts[each.recovery_id], each.amount_fen, reason)
        moved.setdefault(after.claim_id, []).append(after)
    for claim_id, settled in moved.items():
        _follow(unit, claim_id, settled, sum(each.movements[-1].amount_fen for each in settled))
    return left, sum(each.amount_fen for each in offsets)


def settle(unit: Unit, after: Recovery, movement: Movement) -> Document:
    """Write a recovery after a movement, with its posting and what follows for the recovered claim."""
    written_off = movement.kind == recovery.WRITE_OFF
    doc = _write(unit, after, movement)
    _follow(unit, after.claim_id, [after], 0 if written_off else movement.amount_fen)
    return doc


def take_back(unit: Unit, before: Recovery, after: Recovery) -> Document:
    """Write a recovery of which a receipt was taken back, with its posting and what follows for its claim.

    Rows that were given up when it was settled are taken again, as far as nobody else has taken them since.
    """
    movement = after.movements[-1]
    post(unit, after, "unrecover", movement.amount_fen, movement.reason)
    claim = claim_store.load(unit, after.claim_id)
    if claim is None:
        raise LookupError(f"claim {after.claim_id} of recovery {after.id} is gone")
    if before.status == recovery.SETTLED:
        _take_rows_again(unit, claim, before)
    claim_store.save(unit, recovery.taken_back(claim, movement.amount_fen), [])
    return store.save_movement(unit, after, movement)


def _take_rows_again(unit: Unit, claim: Claim, settled: Recovery) -> None:
    people = recovery.people_freed([settled], store.of_claim(unit, claim.id))
    kept = claim_store.calculation(unit, claim.id, claim.attempt)
    if not people or kept is None:
        return
    wanted = evidence.wanted_rows(*kept, rules_of_edition(kept[1].edition))
    wanted = [each for each in wanted if each.person_ref in people]
    ids = [id for each in wanted for id in (*each.slots, *(id for _, id in each.fixed))]
    rows, _ = limits.reserve(wanted, claim_store.rows_taken(unit, ids), claim.id)
    claim_store.write_rows(unit, rows)
    if not claim_store.rows_taken(unit, [claim.stage]):
        claim_store.take_stage(unit, claim)


def _write(unit: Unit, after: Recovery, movement: Movement) -> Document:
    kind = "write_off" if movement.kind == recovery.WRITE_OFF else "recover"
    post(unit, after, kind, movement.amount_fen, movement.reason)
    return store.save_movement(unit, after, movement)


def _follow(unit: Unit, claim_id: str, moved: Sequence[Recovery], back_fen: int) -> None:
    """Write what follows for a claim of which recoveries have moved. back_fen: what came back by that."""
    claim = claim_store.load(unit, claim_id)
    if claim is None:
        raise LookupError(f"claim {claim_id} of recovery {moved[0].id} is gone")
    if back_fen:
        claim = recovery.given_back(claim, back_fen)
        facts = {"recovered_fen": claim.recovered_fen}
        claim_store.save(unit, claim, [("recovered", facts)] if claim.status == "recovered" else [])
    settled = [each for each in moved if each.status == recovery.SETTLED]
    if settled:
        _give_rows_up(unit, claim, settled)


def post(unit: Unit, about: Recovery, kind: str, amount_fen: int, reason: str) -> None:
    """Post to the account that the recovered money was paid from. kind: one of _CHANGES."""
    account = books.account(unit, about.fund_account)
    if account is None:
        raise LookupError(f"fund account {about.fund_account} of recovery {about.id} is gone")
    cause = Cause(kind, unit.actor.account, reason, about.claim_id, None, about.id)
    changed, entry = _CHANGES[kind](account, amount_fen, unit.now, cause)
    books.save_account(unit, changed, entry)


def line_stopped(unit: Unit, claim: Claim, line: PaymentLine, reason: str) -> None:
    """Write a claim of which a line was stopped, with what it tells and the rows that come free.

    Who got a part of it by offset has enjoyed the subsidy and keeps the rows.
    """
    told: list[tuple[str, dict[str, Any]]] = []
    if claim.status == "refused":
        told.append(("refused", {"reason": reason}))
    elif claim.status == "paid":
        facts = {"total_fen": claim.paid_fen, "paid_on": today_in_shanghai(unit.now)}
        told.append(("paid", facts))
    rows = claim_store.rows_of(unit, claim.id)
    if claim.status != "refused":
        subjects = _subjects(unit, claim, _not_paid(unit, claim, line))
        rows = [row for row in rows if row.subject in subjects]
    kept, freed = limits.release(rows, claim.id)
    claim_store.write_rows(unit, kept)
    claim_store.free_rows(unit, freed)
    claim_store.save(unit, claim, told)


def _not_paid(unit: Unit, claim: Claim, line: PaymentLine) -> set[str]:
    kept = claim_store.calculation(unit, claim.id, claim.attempt)
    if kept is None or not claims.got_nothing(claim, kept[1], line.payee_ref, line.amount_fen):
        return set()
    return {line.payee_ref}


def _give_rows_up(unit: Unit, claim: Claim, settled: Sequence[Recovery]) -> None:
    people = recovery.people_freed(settled, store.of_claim(unit, claim.id))
    rows = recovery.rows_given_up(
        claim_store.rows_of(unit, claim.id), _subjects(unit, claim, people), claim, settled
    )
    kept, freed = limits.release(rows, claim.id)
    claim_store.write_rows(unit, kept)
    claim_store.free_rows(unit, freed)


def _subjects(unit: Unit, claim: Claim, people: set[str]) -> set[str]:
    """Return what the rows of these people belong to, by the facts and the rules of the claim's day."""
    kept = claim_store.calculation(unit, claim.id, claim.attempt)
    if not people or kept is None:
        return set()
    facts, calculation = kept
    wanted = evidence.wanted_rows(facts, calculation, rules_of_edition(calculation.edition))
    return {each.subject for each in wanted if each.person_ref in people}


def _set_off(unit: Unit, claim: Claim, known: Recovery, amount_fen: int, reason: str) -> Recovery:
    account = books.account(unit, claim.fund_account or "")
    if account is None:
        raise LookupError(f"fund account {claim.fund_account} of claim {claim.id} is gone")
    by, today = unit.actor.account, today_in_shanghai(unit.now)
    cause = Cause(recovery.OFFSET, by, reason, claim.id, None, known.id)
    changed, entry = funds.pay(account, amount_fen, unit.now, cause)
    books.save_account(unit, changed, entry)
    movement = Movement(recovery.OFFSET, amount_fen, by, unit.now, today, reason, claim.id)
    after = recovery.moved(known, movement, today)
    _write(unit, after, movement)
    return after
