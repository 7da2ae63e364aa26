"""Facts of a wage month: the payroll, and who the registries know in that firm."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import regions, roles
from contracts.vocabularies.dates import today_in_shanghai
from services import policy
from services.chassis.unit import Unit
from services.policy import RuleSet, WageMonth
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import wage_month
from services.settlement.domain.kinds.wage_month import Known
from services.settlement.domain.statement import Asked
from services.settlement.gathering import attached, owners
from services.settlement.store import claims as store
from services.settlement.store import copies, statements
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.ENTERPRISE})


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the month as claimed by the enterprise."""
    return owners.of_body(unit, wanted, owners.ENTERPRISE)


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return who is on the payroll and whose wage the data bears out."""
    subject, lines = asked.subject, asked.statement.payroll
    month, today = wage_month.month_of(subject.month or ""), today_in_shanghai(unit.now)
    wage_month.check_payroll(lines, month, today)
    refs = [line.person_ref for line in lines]
    ends = wage_month.last_day(WageMonth(subject.claimant_ref, subject.region, *month))
    firm = owners.verified_body(unit)
    files = attached.kinds(unit, asked.claim_id)
    shown = policy.claim_evidence(
        subject.kind, subject.payee, files, ends, rules.jurisdiction, payroll="documents", rules=rules
    )
    known = Known(
        people=copies.people(unit, refs),
        insured=copies.insured_in(unit, firm.get("credit_code", ""), refs, subject.month or ""),
        documented=bool(shown.lines) and shown.outcome == "yes",
        months=_months(unit, asked, refs, rules),
    )
    return wage_month.gather(subject.claimant_ref, subject.region, month, lines, known, today)


def roster(source: Source, claim: Claim) -> set[str]:
    """Return who is on the payroll."""
    return {line.person_ref for line in statements.load(source, claim.id).payroll}


def _months(unit: Unit, asked: Asked, refs: list[str], rules: RuleSet) -> dict[str, int]:
    """Return how many wage months of each person other claims hold."""
    subject = asked.subject
    about = WageMonth(subject.claimant_ref, subject.region, *wage_month.month_of(subject.month or ""))
    rate = rules.find("work_for_training_rate", wage_month.last_day(about), subject.region)
    if rate is None:
        return {}
    jurisdiction = regions.province_of(subject.region)
    rows = {ref: wage_month.slot_rows(jurisdiction, ref, rate.values["max_months"]) for ref in refs}
    taken = store.rows_taken(unit, [id for ids in rows.values() for id in ids])
    others = {id for id, row in taken.items() if row.claims != (asked.claim_id,)}
    return {ref: len(others.intersection(ids)) for ref, ids in rows.items()}
