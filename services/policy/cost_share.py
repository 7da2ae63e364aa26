"""Who bears the cost of a training: government, firm, person [37 §18] (S22).

A memorandum: what the firm and the person bear is no public money and is never encumbered or paid.
"""

from datetime import date

from contracts.vocabularies import groups as vocabulary
from contracts.vocabularies import regions
from services.policy.facts_claims import CostShareFacts
from services.policy.loader import rules_for
from services.policy.results import Calculation, Factor, Line, amount, calculation, line, yuan
from services.policy.rules import Rule, RuleSet

COST_SHARE = "cost_share"
_SHARES = (
    ("firm_share", "firm_percent", "企业出", "the firm"),
    ("person_share", "person_percent", "个人付", "the person"),
)


def cost_share(facts: CostShareFacts, day: date, *, rules: RuleSet | None = None) -> Calculation:
    """Return the three shares of one person's training; they sum to the cost to the fen.

    Firm and person are rounded down, the government bears the rest. Who trains free [AP] pays nothing; that
    share is the government's. Raises NoRule where the region shares no costs.
    """
    rules = rules or rules_for(regions.province_of(facts.region))
    with_firm = "yes" if facts.with_firm else "no"
    table = rules.one("cost_share", day, facts.region, kind=facts.kind, with_firm=with_firm)
    free = _free(facts, day, rules)
    lines = []
    for what, name, zh, en in _SHARES:
        percent = table.values[name]
        if percent and not (free and what == "person_share"):
            share = (Factor(what, percent, 100),)
            lines.append(_line(table, facts, what, facts.cost_fen, share, (zh, en)))
    rest = facts.cost_fen - sum(each.amount_fen for each in lines)
    lines.insert(0, _line(free or table, facts, "government_share", rest, (), ("政府补", "the government")))
    return calculation(COST_SHARE, day, rules, lines, ())


def free_training(region: str, day: date, *, rules: RuleSet | None = None) -> list[tuple[str, Rule]]:
    """Return the groups that train free in a region on a day, each with its rule, the nearest region's [AP].

    Also where the region shares no costs. Empty where no rule names a group.
    """
    rules = rules or rules_for(regions.province_of(region))
    found: dict[str, Rule] = {}
    for rule in rules.all("free_training", day, region):
        for group in rule.values["groups"]:
            found.setdefault(group, rule)
    return sorted(found.items())


def _free(facts: CostShareFacts, day: date, rules: RuleSet) -> Rule | None:
    for rule in rules.all("free_training", day, facts.region):
        if set(facts.groups) & set(rule.values["groups"]):
            return rule
    return None


def _line(
    rule: Rule, facts: CostShareFacts, what: str, base: int, share: tuple[Factor, ...], who: tuple[str, str]
) -> Line:
    owed = yuan(amount(base, share))
    because = ""
    if rule.topic == "free_training":
        names = [vocabulary.name(each) for each in facts.groups if each in rule.values["groups"]]
        because = f"（{'、'.join(names)}免费培训）"
    words = (f"{who[0]}{owed}元{because}", f"{who[1]} bears {owed} yuan")
    return line(rule, facts.person_ref, what, words, base, share)
