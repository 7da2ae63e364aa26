"""Shares and thresholds that are watched and reported, and refuse no claim [AP; 7 §26]."""

from datetime import date

from services.policy.loader import rules_for
from services.policy.results import Decision, decision, reason
from services.policy.rules import RuleSet


def provincial_support(
    months_of_benefits: int, day: date, jurisdiction: str, *, rules: RuleSet | None = None
) -> Decision:
    """Return whether a city may be supported by the province [AP].

    `months_of_benefits` is how many months of unemployment benefits its fund can pay after what it set
    aside. After the text's end the answer is no, under that text.
    """
    rules = rules or rules_for(jurisdiction)
    rule = rules.find("provincial_support", day)
    if rule is None:
        return decision([reason("no", "no_text_in_force", rules.latest("provincial_support", day))], rules)
    least = rule.values["months"]
    if months_of_benefits < least:
        return decision([reason("yes", "below_months", rule)], rules)
    words = (
        f"支付能力{months_of_benefits}个月，不足{least}个月方可调剂",
        f"{months_of_benefits} months are enough",
    )
    return decision([reason("no", "enough_months", rule, *words)], rules)


def front_line_share(
    front_line_fen: int, spent_fen: int, day: date, jurisdiction: str, *, rules: RuleSet | None = None
) -> Decision:
    """Return whether a firm spent enough of its staff education funds on front-line workers [7 §26].

    A firm's duty: watched and reported, never a ground to refuse a claim.
    """
    rules = rules or rules_for(jurisdiction)
    rule = rules.find("staff_education_share", day)
    if rule is None:
        ended = rules.latest("staff_education_share", day)
        return decision([reason("yes", "no_text_in_force", ended)], rules)
    if front_line_fen * 100 >= rule.values["percent"] * spent_fen:
        return decision([reason("yes", "share_reached", rule)], rules)
    return decision([reason("no", "share_below", rule)], rules)
