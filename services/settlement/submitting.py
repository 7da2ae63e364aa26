"""Submitting a claim: evidence, calculation, limit rows, in one unit of work."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.vocabularies.dates import calendar_year
from contracts.vocabularies.errors import Refusal
from services.chassis.settings import Mode
from services.chassis.unit import Unit
from services.policy import Calculation, EditionUnknown, RuleSet, fund_barred, fund_choice, rules_of_edition
from services.settlement import gathering, reviewing, standing
from services.settlement.domain import claims, evidence, limits, review
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.statement import Asked, Statement
from services.settlement.reviewing import rules_of
from services.settlement.store import books, statements
from services.settlement.store import claims as store
from services.settlement.store.documents import Document


def submit(unit: Unit, wanted: Mapping[str, Any], mode: Mode) -> Document:
    """Submit a claim of the actor's own body, or of the actor, and compute it.

    Raises Refusal `role.forbidden`, `owner.forbidden`, `settlement.claim_exists` and those of its kind.
    """
    subject = gathering.subject(unit, wanted)
    standing.check(unit, subject.claimant_ref)
    id = unit.new_id()
    listed = statements.of_request(wanted)
    rules = rules_of(subject.region, mode)
    facts = gathering.of(subject.kind).facts(unit, Asked(id, subject, listed or Statement()), rules)
    facts, calculation, rows = _compute(unit, id, facts, subject.fund, rules, ())
    claim = claims.new_claim(id, subject, calculation, unit.actor.account, wanted["reason"], unit.now)
    holder = store.stage_holder(unit, claim)
    if holder is not None:
        raise Refusal("settlement.claim_exists", claim_id=holder)
    store.take_stage(unit, claim)
    store.write_rows(unit, rows)
    store.set_hand(unit, id, unit.actor.account, review.CLAIMANT)
    if listed is not None:
        statements.save(unit, id, listed)
    store.add_calculation(unit, claim, facts, calculation)
    return store.save(unit, claim, [("submitted", claims.submitted_event(claim))])


def resubmit(unit: Unit, wanted: Mapping[str, Any], mode: Mode) -> Document:
    """Compute a claim again that was sent back, or on which nothing was owed, with the facts of now.

    Raises Refusal `out_of_order`, `settlement.other_list` and those of submit.
    """
    claim = store.target(unit, wanted["claim_id"])
    reviewing.require_claimant(unit, claim)
    standing.check(unit, claim.claimant_ref)
    after = review.take(claim, "resubmit", unit.actor.account, wanted["reason"], unit.now)
    reviewing.keep_to_duty(unit, claim, review.CLAIMANT)
    subject = Subject(**{name: getattr(claim, name) for name in Subject.__dataclass_fields__})
    rules = rules_of(claim.region, mode)
    asked = Asked(claim.id, subject, _listed(unit, claim, wanted))
    after = renew(unit, after, gathering.of(claim.kind).facts(unit, asked, rules), rules)
    return store.save(unit, after, [("resubmitted", claims.submitted_event(after))])


def renew(unit: Unit, claim: Claim, facts: Facts, rules: RuleSet) -> Claim:
    """Return a claim computed again with these facts; its limit rows are exchanged for those it needs now."""
    held = store.rows_of(unit, claim.id)
    facts, calculation, rows = _compute(unit, claim.id, facts, claim.fund, rules, held)
    after = claims.recomputed(claim, calculation)
    stages = {row.id for row in held if row.kind == limits.STAGE}
    _give_up(unit, held, {row.id for row in rows} | stages, claim.id)
    store.write_rows(unit, rows)
    store.add_calculation(unit, after, facts, calculation)
    return after


def _listed(unit: Unit, claim: Claim, wanted: Mapping[str, Any]) -> Statement:
    """Return the claimant's list: the new one where one is given, else the one that is kept."""
    kept, new = statements.load(unit, claim.id), statements.of_request(wanted)
    if new is None:
        return kept
    for name in ("certificates", "payroll"):
        if bool(getattr(new, name)) != bool(getattr(kept, name)):
            raise Refusal("settlement.other_list", field=name, kind=claim.kind)
    statements.save(unit, claim.id, new)
    return new


def _compute(
    unit: Unit,
    claim_id: str,
    facts: Facts,
    fund: str,
    rules: RuleSet,
    held: list[limits.Row] | tuple[()],
) -> tuple[Facts, Calculation, list[limits.Row]]:
    first = evidence.compute(facts, rules)
    _check_fund(fund, facts, first, rules)
    _check_order(unit, facts.region, fund, first, rules)
    wanted = evidence.wanted_rows(facts, first, rules)
    ids = [id for each in wanted for id in (*each.slots, *(id for _, id in each.fixed))]
    taken = store.rows_taken(unit, ids) | {row.id: row for row in held}
    rows, clashes = limits.reserve(wanted, taken, claim_id)
    if not clashes:
        return facts, first, rows
    facts = replace(facts, left_out=tuple(clashes))
    return facts, evidence.compute(facts, rules), rows


def _check_fund(fund: str, facts: Facts, calculation: Calculation, rules: RuleSet) -> None:
    barred = fund_barred(fund, calculation, facts.grounds(), rules)
    if barred is not None:
        raise Refusal("settlement.fund_not_allowed", field="fund", allowed=", ".join(barred.fund))


def _check_order(unit: Unit, region: str, fund: str, calculation: Calculation, rules: RuleSet) -> None:
    """Check that a text in force names the fund, and that the one to be used first is [600 §4]."""
    if not calculation.lines:
        return
    first = rules.find("fund_first", calculation.day)
    free = {}
    if first is not None:
        account = books.account_for(unit, first.values["fund"], region, calendar_year(unit.now))
        free[first.values["fund"]] = account.available_fen if account else 0
    choice = fund_choice(fund, calculation.total_fen, free, calculation.day, rules.jurisdiction, rules=rules)
    for ground in choice.lines:
        if ground.outcome == "no":
            clause = f"{ground.document} {ground.clause}"
            raise Refusal("settlement.fund_order", field="fund", zh=ground.zh, en=ground.en, clause=clause)


def _give_up(unit: Unit, held: list[limits.Row], wanted: set[str], claim_id: str) -> None:
    kept, freed = limits.release([row for row in held if row.id not in wanted], claim_id)
    store.write_rows(unit, kept)
    store.free_rows(unit, freed)


def still_computes(facts: Facts, kept: Calculation) -> bool | None:
    """Tell whether the kept facts give the kept calculation again, with the rules of its day.

    None when that edition is not here.
    """
    try:
        rules = rules_of_edition(kept.edition)
    except EditionUnknown:
        return None
    if rules.hash != kept.hash:
        return None
    return evidence.compute(facts, rules) == kept
