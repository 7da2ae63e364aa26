"""The steps of a claim after its submission: who may take them, what they write beside the claim."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.vocabularies import regions
from contracts.vocabularies.dates import calendar_year, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.settings import Mode
from services.chassis.unit import Unit
from services.policy import Calculation, RuleSet, rules_for
from services.settlement import gathering, settling, standing
from services.settlement.domain import claims, funds, limits, objections, payments, prepared, review
from services.settlement.domain.claims import Claim
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.kinds import project
from services.settlement.domain.ledger import Cause
from services.settlement.store import books, copies
from services.settlement.store import claims as store
from services.settlement.store import objections as objecting
from services.settlement.store import prepared as preparations
from services.settlement.store.documents import Document


def rules_of(region: str, mode: Mode) -> RuleSet:
    """Return the rules of a region's province. Raises Refusal `settlement.no_rules`."""
    try:
        return rules_for(regions.province_of(region), demonstration=mode == "demonstration")
    except LookupError:
        raise Refusal("settlement.no_rules", region=region, day="-", topic="-") from None


def require_claimant(unit: Unit, claim: Claim) -> None:
    """Check that the actor acts for the claimant. Raises Refusal `owner.forbidden`."""
    own = unit.actor.person_ref if claim.claimant_kind == claims.PERSON else unit.actor.body_ref
    if own is None or own != claim.claimant_ref:
        raise Refusal("owner.forbidden")


def keep_to_duty(unit: Unit, claim: Claim, duty: str) -> None:
    """Hold the actor to one duty on the claim.

    Raises Refusal `role.forbidden`, `settlement.same_person` or `settlement.earlier_round`.
    """
    account = unit.actor.account
    held = store.hand(unit, claim.id, account)
    review.check_hand(duty, unit.actor.roles, held[0] if held else None)
    if held:
        review.check_round(duty, held[1], claim)
    store.set_hand(unit, claim.id, account, duty, claim.round)


def begin(unit: Unit, body: Mapping[str, Any], step: str) -> Claim:
    """Return the claim of a step after checking status, region or owner, role and hand."""
    claim = store.target(unit, body["claim_id"])
    if step == "withdraw":
        require_claimant(unit, claim)
    else:
        unit.actor.require_region(claim.region)
    duty = review.duty_of(review.check_step(claim, step), claim)
    keep_to_duty(unit, claim, duty)
    return claim


def step(unit: Unit, body: Mapping[str, Any], name: str) -> Document:
    """Take a step that changes the claim alone."""
    claim = begin(unit, body, name)
    after = review.take(claim, name, unit.actor.account, body["reason"], unit.now)
    return store.save(unit, after, [_told(name, body)])


def first_review(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Pass the first review, after reading what a third party has prepared, if one was asked.

    Raises Refusal `settlement.commission_open`.
    """
    claim = begin(unit, body, "first_review")
    _check_prepared(unit, claim)
    after = review.take(claim, "first_review", unit.actor.account, body["reason"], unit.now)
    return store.save(unit, after, [_told("first_review", body)])


def _check_prepared(unit: Unit, claim: Claim) -> None:
    prepared.check_read(preparations.of_claim(unit, claim.id), claim.attempt, unit.actor.account)


def accept(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Accept a claim and encumber its amount. Raises Refusal `settlement.no_budget`,
    `settlement.sanctioned` and those of the domain.
    """
    claim = begin(unit, body, "accept")
    standing.check(unit, claim.claimant_ref)
    _check_prepared(unit, claim)
    after = review.take(claim, "accept", unit.actor.account, body["reason"], unit.now)
    year = calendar_year(unit.now)
    account = books.account_for(unit, claim.fund, claim.region, year)
    if account is None:
        raise Refusal("settlement.no_budget", account=funds.account_id(claim.fund, claim.region, year))
    changed, entry = funds.encumber(account, claim.total_fen, unit.now, _cause(unit, claim, "encumber", body))
    books.save_account(unit, changed, entry)
    return store.save(unit, claims.encumbered(after, account.id), [_told("accept", body)])


def publish_notice(unit: Unit, body: Mapping[str, Any], mode: Mode) -> Document:
    """Put a claim on public notice for the working days that the rules ask for."""
    claim = begin(unit, body, "publish_notice")
    rules = rules_of(claim.region, mode)
    days = rules.one("public_notice", today_in_shanghai(unit.now)).values["working_days"]
    estimates = mode == "demonstration"
    after = review.publish_notice(claim, unit.actor.account, body["reason"], unit.now, days, estimates)
    return store.save(unit, after, [("notice_published", {"until": after.notice_until})])


def resume(unit: Unit, body: Mapping[str, Any], mode: Mode) -> Document:
    """Resume a suspended claim; what was left of its public notice begins again."""
    claim = begin(unit, body, "resume")
    estimates = mode == "demonstration"
    after = review.resume(claim, unit.actor.account, body["reason"], unit.now, estimates)
    on_notice = after.status == "public_notice"
    told = {"reason": body["reason"], "notice_until": after.notice_until if on_notice else None}
    return store.save(unit, after, [("resumed", told)])


def request_funds(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Request the funds once the notice is over."""
    claim = begin(unit, body, "request_funds")
    after = review.request_funds(claim, unit.actor.account, body["reason"], unit.now)
    return store.save(unit, after, [_told("request_funds", body)])


def end(unit: Unit, body: Mapping[str, Any], name: str) -> Document:
    """Refuse, withdraw or send back a claim: its encumbrance is released; refused and withdrawn, its
    rows too.
    """
    claim = begin(unit, body, name)
    after = review.take(claim, name, unit.actor.account, body["reason"], unit.now)
    if claim.fund_account is not None:
        account = _account(unit, claim)
        changed, entry = funds.release(
            account, claim.total_fen, unit.now, _cause(unit, claim, "release", body)
        )
        books.save_account(unit, changed, entry)
        after = claims.released(after)
    if name == "send_back":
        review.check_answered(claim)
    else:
        lapse_objections(unit, claim.open_objections, objections.ENDED.format(reason=body["reason"]))
        after = replace(after, open_objections=())
        kept, freed = limits.release(store.rows_of(unit, claim.id), claim.id)
        store.write_rows(unit, kept)
        store.free_rows(unit, freed)
    return store.save(unit, after, [_told(name, body)])


def lapse_objections(unit: Unit, ids: tuple[str, ...], reason: str) -> None:
    """End open objections that need no answer any more."""
    for each in objecting.load_all(unit, ids):
        objecting.save(unit, objections.lapse(each, reason, unit.now))


def order(unit: Unit, body: Mapping[str, Any]) -> Document:
    """Order the payment of a claim: one line for each payee.

    Raises Refusal `settlement.sanctioned` while the claimant is barred, `settlement.payee_unverified` or
    `settlement.off_roster` when the real-name record is no longer complete (S20: 37 §14; 107 §2).
    """
    claim = begin(unit, body, "order")
    standing.check(unit, claim.claimant_ref)
    after = review.take(claim, "order", unit.actor.account, body["reason"], unit.now)
    kept = store.calculation(unit, claim.id, claim.attempt)
    if kept is None:
        raise Refusal("not_found", what=f"calculation/{claim.id}:{claim.attempt}")
    owed = claims.payees(claim, kept[1])
    _check_record(unit, claim, {line.person_ref for line in kept[1].lines if line.amount_fen > 0})
    account = _account(unit, claim)
    changed, entry = funds.order(account, claim.total_fen, unit.now, _cause(unit, claim, "order", body))
    books.save_account(unit, changed, entry)
    left, offset = settling.set_off_debts(unit, claim, owed, body["reason"])
    for number, ((kind, ref), fen) in enumerate(sorted(left.items()), 1):
        id = payments.line_id(claim.id, number)
        line = payments.new_line(id, claim.id, account.id, "person" if kind == "person" else "body", ref, fen)
        books.new_payment(unit, line, claim.region, claim.claimant_ref, unit.now)
    if claim.kind == claims.PROJECT_BALANCE:
        _settle_limits(unit, claim.project_id or "", kept[1])
    told: list[tuple[str, dict[str, Any]]] = [("ordered", {"lines": len(left), "total_fen": claim.total_fen})]
    after = replace(claims.ordered(after, len(left)), offset_fen=offset)
    if not left:
        # all of it was set off: no bank will tell that it is paid
        after = replace(after, status="paid")
        told.append(("paid", {"total_fen": 0, "paid_on": today_in_shanghai(unit.now)}))
    return store.save(unit, after, told)


def _settle_limits(unit: Unit, project_id: str, balance: Calculation) -> None:
    settled = project.settled(project_id, balance)
    for advance in store.of_project(unit, project_id, claims.PROJECT_ADVANCE):
        store.free_rows(unit, limits.given_up(store.rows_of(unit, advance.id), advance.id, settled))


def _check_record(unit: Unit, claim: Claim, people: set[str]) -> None:
    known = copies.people(unit, sorted(people))
    incomplete = sum(ref not in known or not known[ref].verified for ref in people)
    body = copies.body(unit, claim.claimant_ref)
    if claim.payee != claims.PERSON:
        incomplete += not (body or {}).get("verified")
    if incomplete:
        raise Refusal("settlement.payee_unverified", count=incomplete)
    strangers = people - gathering.of(claim.kind).roster(unit, claim)
    if strangers:
        raise Refusal("settlement.off_roster", count=len(strangers))


def _account(unit: Unit, claim: Claim) -> FundAccount:
    account = books.account(unit, claim.fund_account or "")
    if account is None:
        raise Refusal("settlement.no_budget", account=claim.fund_account or "-")
    return account


def _cause(unit: Unit, claim: Claim, kind: str, body: Mapping[str, Any]) -> Cause:
    return Cause(kind, unit.actor.account, body["reason"], claim.id)


def _told(name: str, body: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return review.STEPS[name].event, {"reason": body["reason"]}
