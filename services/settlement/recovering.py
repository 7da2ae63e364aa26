"""Recovery of what was paid, and its settlement: what is written beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.grounds import RECOVERY_GROUNDS
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import crediting, reviewing, scopes, settling, views
from services.settlement.domain import claims, funds, payments, recovery, review
from services.settlement.domain.claims import Claim
from services.settlement.domain.ledger import Cause
from services.settlement.domain.recovery import Instalment, Movement, Paid, Recovery
from services.settlement.store import books
from services.settlement.store import claims as claim_store
from services.settlement.store import recoveries as store
from services.settlement.store.documents import Document


def order(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Order what was paid for a claim, or for some of its people, to be given back: one recovery a payee.

    Raises Refusal `out_of_order`, `settlement.same_person` and those of the domain.
    """
    claim = claim_store.target(unit, body["claim_id"])
    unit.actor.require_region(claim.region)
    if claim.status != "paid":
        raise Refusal("out_of_order", status=claim.status, step="order_recovery")
    reviewing.keep_to_duty(unit, claim, review.SUPERVISION)
    asked = {each["person_ref"]: each["amount_fen"] for each in body["people"]}
    if len(asked) < len(body["people"]):
        raise Refusal("invalid", field="people", reason="人员重复 / a person is there twice")
    shares = recovery.shares_of(_paid(unit, claim), asked)
    docs, total = [], 0
    for (kind, ref), people in sorted(shares.items()):
        amount = sum(each.amount_fen for each in people)
        total += amount
        made = _new(unit, claim, (kind, ref), tuple(people), body)
        docs.append(store.insert(unit, made))
        settling.post(unit, made, "demand", amount, body["reason"])
    noted = review.noted(
        claim, "order_recovery", review.SUPERVISION, unit.actor.account, body["reason"], unit.now
    )
    claim_store.save(unit, replace(noted, demanded_fen=claim.demanded_fen + total), [])
    return {"items": [shown(doc, today_in_shanghai(unit.now)) for doc in docs]}


def _new(
    unit: Unit,
    claim: Claim,
    payee: recovery.Payee,
    people: tuple[recovery.Share, ...],
    body: Mapping[str, Any],
) -> Recovery:
    return Recovery(
        id=unit.new_id(),
        claim_id=claim.id,
        region=claim.region,
        fund=claim.fund,
        fund_account=claim.fund_account or "",
        payee_kind=payee[0],
        payee_ref=payee[1],
        ground=body["ground"],
        clause=RECOVERY_GROUNDS.term(body["ground"]).source,
        reason=body["reason"],
        amount_fen=sum(each.amount_fen for each in people),
        people=people,
        ordered_by=unit.actor.account,
        ordered_at=unit.now,
    )


def _paid(unit: Unit, claim: Claim) -> Paid:
    kept = claim_store.calculation(unit, claim.id, claim.attempt)
    if kept is None:
        raise Refusal("not_found", what=f"calculation/{claim.id}:{claim.attempt}")
    payees = dict(claims.payees(claim, kept[1]))
    for stopped in store.stopped_lines(unit, claim.id):
        payees[stopped.payee_kind, stopped.payee_ref] -= stopped.amount_fen
    amounts: dict[str, int] = {}
    for line in kept[1].lines:
        amounts[line.person_ref] = amounts.get(line.person_ref, 0) + line.amount_fen
    paid = {ref: fen for ref, fen in amounts.items() if fen > 0}
    body = next((payee for payee in payees if payee[0] != claims.PERSON), None)
    payee_of = {ref: body or (claims.PERSON, ref) for ref in paid}
    paid = {ref: fen for ref, fen in paid.items() if payees.get(payee_of[ref], 0) > 0}
    found = Paid(paid, payee_of, payees, store.of_claim(unit, claim.id))
    return found if claim.kind != claims.PROJECT_ADVANCE else _less_set_off(unit, claim, found)


def _less_set_off(unit: Unit, advance: Claim, paid: Paid) -> Paid:
    claim_store.touch_stage(unit, advance)
    for balance in claim_store.of_project(unit, advance.project_id or "", claims.PROJECT_BALANCE):
        kept = claim_store.calculation(unit, balance.id, balance.attempt)
        if kept is not None:
            paid = recovery.less_set_off(paid, claims.set_off(balance, kept[1]))
    return paid


def stop(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Stop a payment line that is not at the bank; what was ordered for it is available again.

    Who is paid nothing has not enjoyed the subsidy: the rows taken for that payee come free.
    Raises Refusal `out_of_order`, `region.forbidden` or `settlement.same_person`.
    """
    line = books.target_payment(unit, body["payment_id"])
    claim = claim_store.load(unit, line.claim_id)
    account = books.account(unit, line.fund_account)
    if claim is None or account is None:
        raise LookupError(f"claim or account of payment {line.id} is gone")
    unit.actor.require_region(claim.region)
    by, reason = unit.actor.account, body["reason"]
    after = payments.stopped(line, by, reason, unit.now)
    reviewing.keep_to_duty(unit, claim, review.SUPERVISION)
    cause = Cause("stop", by, reason, claim.id, line.id)
    books.save_account(unit, *funds.stop(account, line.amount_fen, unit.now, cause))
    noted = review.noted(claim, "stop_payment", review.SUPERVISION, by, reason, unit.now)
    settling.line_stopped(unit, claims.line_stopped(noted, line.amount_fen), after, reason)
    return books.save_payment(unit, after, ["stopped"])


def plan(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Agree on instalments. Raises Refusal `settlement.plan_mismatch` or `settlement.plan_order`."""
    known = _target(unit, body, review.FINANCE)
    instalments = [Instalment(each["due"], each["amount_fen"]) for each in body["instalments"]]
    return store.save_plan(unit, recovery.planned(known, instalments, today_in_shanghai(unit.now)))


def receive(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Record a bank receipt, once; where the statement has the entry, it has to say the same.

    One that was recorded already under another reference is only matched to its entry. Raises Refusal
    `settlement.receipt_replayed`, `settlement.receipt_differs`, `not_found` and those of the domain.
    """
    known = _target(unit, body, review.FINANCE)
    reference = body["bank_reference"]
    if store.receipt(unit, reference) is not None:
        raise Refusal("settlement.receipt_replayed", field="bank_reference", reference=reference)
    movement = Movement(
        recovery.RECEIPT,
        body["amount_fen"],
        unit.actor.account,
        unit.now,
        body["received_on"],
        body["reason"],
        reference,
    )
    if body["recorded_as"] is not None:
        crediting.claim_recorded(unit, known, body["recorded_as"], movement)
        return unit.target("recoveries", known.id)
    after = recovery.moved(known, movement, today_in_shanghai(unit.now))
    crediting.claim_entry(unit, known, movement)
    store.put_receipt(unit, known.id, movement)
    return settling.settle(unit, after, movement)


def correct_receipt(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Take a receipt back that was recorded wrong, and record it as it is where amount and day are given.

    By another officer than recorded it. Raises Refusal `settlement.other_hand`, `settlement.receipt_of_bank`,
    `settlement.budget_exhausted`, `not_found`, and those of `receive`.
    """
    known, reference = _target(unit, body, review.FINANCE), body["bank_reference"]
    recorded = store.receipt(unit, reference)
    after = recovery.reversed_by(known, reference, unit.actor.account, unit.now, body["reason"])
    # it may have been matched to a booking of another reference
    for entry in sorted({reference, recorded.booking if recorded else reference}):
        crediting.let_go(unit, entry)
    store.reverse_receipt(unit, reference, after.movements[-1])
    doc = settling.take_back(unit, known, after)
    if body["amount_fen"] is None:
        return doc
    movement = Movement(
        recovery.RECEIPT,
        body["amount_fen"],
        unit.actor.account,
        unit.now,
        body["received_on"] or after.movements[-1].day,
        body["reason"],
        reference,
    )
    again = recovery.moved(after, movement, today_in_shanghai(unit.now))
    crediting.claim_entry(unit, known, movement)
    store.put_receipt(unit, known.id, movement)
    return settling.settle(unit, again, movement)


def write_off(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Give up a part, by an officer who has acted in no other duty of the claim."""
    known = _target(unit, body, review.WRITE_OFF)
    today = today_in_shanghai(unit.now)
    amount = known.outstanding_fen if body["amount_fen"] is None else body["amount_fen"]
    by, reason = unit.actor.account, body["reason"]
    movement = Movement(recovery.WRITE_OFF, amount, by, unit.now, today, reason)
    return settling.settle(unit, recovery.moved(known, movement, today), movement)


def _target(unit: Unit, body: Mapping[str, Any], duty: str) -> Recovery:
    known = store.target(unit, body["recovery_id"])
    unit.actor.require_region(known.region)
    claim = claim_store.load(unit, known.claim_id)
    if claim is None:
        raise Refusal("not_found", what=f"claim/{known.claim_id}")
    reviewing.keep_to_duty(unit, claim, duty)
    return known


def shown(doc: Document, today: date) -> dict[str, Any]:
    """Return a recovery's document as it is answered."""
    found = store.recovery_of(doc)
    return {
        **vars(found),
        "version": doc["version"],
        "outstanding_fen": found.outstanding_fen,
        "overdue_fen": found.overdue_fen(today),
    }


def shown_to(reader: Reader, id: str) -> dict[str, Any]:
    """Show a recovery to an officer of the region or to who owes it. Raises Refusal `not_found`."""
    doc = reader.get("recoveries", id)
    if doc is not None and (
        doc["region"] in views.regions_of(reader.actor) or doc["payee_ref"] in scopes.own(reader)
    ):
        return shown(doc, today_in_shanghai(reader.now))
    raise Refusal("not_found", what=f"recovery/{id}")


def listed(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List recoveries, newest first."""
    filter = scopes.scope(reader, "payee_ref")
    asked = {name: body[name] for name in ("claim_id", "payee_ref", "status") if body[name] is not None}
    found, following = newest_first(reader, "recoveries", {"$and": [filter, asked]}, "ordered_at", body)
    today = today_in_shanghai(reader.now)
    return {"items": [shown(doc, today) for doc in found], "next": following}
