"""What a claim has to show, where a text names it [107 §2; 600 §2]."""

from collections.abc import Collection
from datetime import date

from services.policy.loader import rules_for
from services.policy.results import Decision, decision, reason
from services.policy.rules import RuleSet
from services.policy.topics import EVIDENCE


def claim_evidence(
    claim: str,
    payee: str,
    shown: Collection[str],
    day: date,
    jurisdiction: str,
    *,
    payroll: str = "none",
    rules: RuleSet | None = None,
) -> Decision:
    """Return whether a claim shows what a text asks for by name, and each thing that is missing.

    `claim` is its kind, `payee` the role that claims, `shown` the kinds of evidence it carries; `payroll` as
    in PaidWorker, for a wage month. Where no text names any, nothing is missing.
    """
    rules = rules or rules_for(jurisdiction)
    grounds = []
    for rule in rules.all("claim_evidence", day, claim=claim, payee=payee, payroll=payroll):
        missing = [kind for kind in rule.values["files"] if kind not in shown]
        if not missing:
            grounds.append(reason("yes", "evidence_complete", rule))
        for kind in missing:
            zh, en = EVIDENCE[kind]
            grounds.append(reason("needs_proof", f"missing:{kind}", rule, f"缺少{zh}", f"missing: {en}"))
    return decision(grounds, rules)
