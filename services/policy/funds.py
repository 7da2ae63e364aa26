"""Which fund may pay, and which first [AP; 7 §26; 37 §18; 600 §4] (S21)."""

from collections.abc import Mapping, Sequence
from datetime import date

from contracts.vocabularies.money import FUNDS
from services.policy.loader import rules_for
from services.policy.results import Calculation, Decision, Reason, decision, reason, yuan
from services.policy.rules import Rule, RuleSet


def fund_choice(
    fund: str,
    amount_fen: int,
    available_fen: Mapping[str, int],
    day: date,
    jurisdiction: str,
    *,
    rules: RuleSet | None = None,
) -> Decision:
    """Return whether a sum may be asked of a fund on a day, and every ground.

    `available_fen` is what each fund's account of the region still holds free; a fund that is not in it has
    no account there. Where a text orders one fund first [600 §4], another is refused while that one covers
    the sum.
    """
    rules = rules or rules_for(jurisdiction)
    grounds = [_source(fund, day, rules)]
    first = rules.find("fund_first", day)
    if first is not None:
        grounds.append(_first(first, fund, amount_fen, available_fen))
    return decision(grounds, rules)


def fund_barred(
    fund: str, calculation: Calculation, grounds: Mapping[str, Sequence[str]], rules: RuleSet
) -> Rule | None:
    """Return a rule that keeps a calculation from being paid out of a fund, None where none does.

    Every rule whose figure went into a line has to allow it, and of the rules on groups that each person
    with a line stands under (`grounds`, ids by person) one: some groups are paid for out of the special
    account only [31号 §1; 107 §1; 600 §4].
    """
    used = {rule_id for line in calculation.lines for rule_id in (line.rule_id, *line.rests_on)}
    for rule in rules.rules:
        if rule.id in used and fund not in rule.fund:
            return rule
    for own in {tuple(grounds.get(line.person_ref, ())) for line in calculation.lines}:
        texts = [rule for rule in map(rules.by_id, own) if rule is not None]
        if texts and all(fund not in rule.fund for rule in texts):
            return texts[0]
    return None


def _source(fund: str, day: date, rules: RuleSet) -> Reason:
    named = [rule for rule in rules.all("fund_sources", day) if fund in rule.fund]
    if named:
        newest = max(named, key=lambda rule: rule.valid_from)
        return reason("yes", f"fund:{fund}", newest)
    known = rules.latest("fund_sources", day)
    name, english = (FUNDS.name(fund), FUNDS.name(fund, "en")) if FUNDS.exists(fund) else (fund, fund)
    words = f"当日有效文件未列：{name}", f"no text in force on that day names: {english}"
    return reason("no", "fund_not_named", known, *words)


def _first(rule: Rule, fund: str, amount_fen: int, available_fen: Mapping[str, int]) -> Reason:
    first = rule.values["fund"]
    free = available_fen.get(first, 0)
    if fund == first or free < amount_fen:
        return reason("yes", "fund_order_kept", rule)
    name, english = FUNDS.name(first), FUNDS.name(first, "en")
    words = f"{name}尚余{yuan(free)}元，应优先使用", f"the {english} holds {yuan(free)} yuan and comes first"
    return reason("no", "other_fund_first", rule, *words)
