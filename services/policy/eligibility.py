"""May this person be trained with a subsidy, and why (S06, S17). Residence is never asked."""

from datetime import date

from contracts.vocabularies import groups as vocabulary
from services.policy.facts import ClassFacts, GroupFact, Outcome, PersonFacts
from services.policy.loader import rules_for
from services.policy.results import Decision, Reason, decision, reason
from services.policy.rules import NoRule, Rule, RuleSet

_GROUP_FACTS = ("group:", "group_unproven:", "group_not_eligible", "no_text")


def eligibility(
    person: PersonFacts, wanted: ClassFacts, day: date, jurisdiction: str, *, rules: RuleSet | None = None
) -> Decision:
    """Return whether the person may take the class with a subsidy on that day, and every ground.

    `jurisdiction` is the province; `rules` defaults to its published set. A day before every text is refused
    under the first one. Raises ValueError for a class outside the jurisdiction.
    """
    rules = rules or rules_for(jurisdiction)
    lines = (
        *_pension(person, day, rules),
        *_groups(person, wanted, day, rules),
        *_limits(person, wanted, day, rules),
        *(reason("yes", "residence", rule) for rule in rules.all("residence_no_condition", day)),
    )
    return decision(lines, rules)


def grounds_of(decided: Decision) -> tuple[str, ...]:
    """Return the ids of the rules on groups behind a decision: those it stands on, or falls under."""
    return tuple(dict.fromkeys(line.rule_id for line in decided.lines if line.fact.startswith(_GROUP_FACTS)))


def proves(rule: Rule, fact: GroupFact, day: date) -> Outcome:
    """Return whether a group fact meets a rule that lists groups (and, for graduates, a time)."""
    if fact.group not in rule.values["groups"]:
        return "no"
    test = rule.values.get("graduation")
    if test is not None:
        if fact.graduated_on is None:
            return "needs_proof"
        if not _graduated(test, fact.graduated_on, day):
            return "no"
    return "yes" if fact.proven else "needs_proof"


def _graduated(test: str, graduated: date, day: date) -> bool:
    if test == "this_year":
        return graduated.year == day.year
    # 29 February plus two years is taken as the last day of that February
    last = date(graduated.year + 2, graduated.month, min(graduated.day, 28 if graduated.month == 2 else 31))
    return graduated <= day <= last


def _pension(person: PersonFacts, day: date, rules: RuleSet) -> list[Reason]:
    rule = rules.find("no_pension", day)
    if rule is None:
        return []
    if person.pension_entitled is None:
        return [
            reason(
                "needs_proof", "pension_unverified", rule, "养老金资格尚未核实", "pension not yet verified"
            )
        ]
    if person.pension_entitled:
        return [reason("no", "pension_entitled", rule)]
    return [
        reason("yes", "pension_none", rule, "不具有按月领取养老金资格", "not entitled to a monthly pension")
    ]


def _groups(person: PersonFacts, wanted: ClassFacts, day: date, rules: RuleSet) -> list[Reason]:
    about = {} if wanted.kind is None else {"kind": wanted.kind}
    grounds = rules.all("eligible_groups", day, wanted.region, **about)
    found: list[Reason] = []
    for fact in person.groups:
        if wanted.target_groups and fact.group not in wanted.target_groups:
            continue
        for rule in grounds:
            outcome = proves(rule, fact, day)
            if outcome != "no":
                found.append(_ground(outcome, fact.group, rule))
    best = [line for line in found if line.outcome == "yes"] or found
    return best or [_no_group(person, wanted, grounds, day, rules)]


def _ground(outcome: Outcome, group: str, rule: Rule) -> Reason:
    zh, en = vocabulary.name(group), vocabulary.name(group, "en")
    if outcome == "yes":
        return reason("yes", f"group:{group}", rule, f"属于{zh}", f"belongs to: {en}")
    return reason(
        "needs_proof", f"group_unproven:{group}", rule, f"需证明属于{zh}", f"must prove to belong to: {en}"
    )


def _no_group(
    person: PersonFacts, wanted: ClassFacts, grounds: tuple[Rule, ...], day: date, rules: RuleSet
) -> Reason:
    """Return why no group counts: under the last text that named the group, else that which names most."""
    asked = set(wanted.target_groups) or {fact.group for fact in person.groups}
    broadest = max(grounds, key=lambda rule: len(rule.values["groups"]), default=None)
    rule = _last_naming(asked, day, rules) or broadest or _first_or_last(day, rules)
    if rule.valid_from > day:
        words = (
            f"文件自{rule.valid_from}起施行，此前的规定未录入",
            f"the text begins on {rule.valid_from}; what held before it is not entered",
        )
        return reason("no", "no_text_entered", rule, *words)
    if rule.valid_to is not None and rule.valid_to < day:
        zh = f"当日无有效文件规定该类人员；此前的规定至{rule.valid_to}"
        en = f"no text in force names this group; the last one ended {rule.valid_to}"
        return reason("no", "no_text_in_force", rule, zh, en)
    if wanted.target_groups:
        names = "、".join(vocabulary.name(group) for group in wanted.target_groups)
        english = ", ".join(vocabulary.name(group, "en") for group in wanted.target_groups)
        return reason("no", "group_not_eligible", rule, f"该班面向：{names}", f"this class is for: {english}")
    return reason(
        "no", "group_not_eligible", rule,
        "不属于当日有效文件规定的补贴对象", "belongs to no group that a text in force on that day names",
    )  # fmt: skip


def _last_naming(groups: set[str], day: date, rules: RuleSet) -> Rule | None:
    """Return the rule that named any of these groups last, begun by the day."""
    named = [
        rule
        for rule in rules.of("eligible_groups")
        if rule.valid_from <= day and not groups.isdisjoint(rule.values["groups"])
    ]
    return max(named, key=lambda rule: (rule.valid_to or date.max, rule.valid_from), default=None)


def _first_or_last(day: date, rules: RuleSet) -> Rule:
    """Return the text that ended last, before all of them the first; raises NoRule where there is none."""
    known = rules.of("eligible_groups")
    if not known:
        raise NoRule("eligible_groups", day, rules.jurisdiction, {})
    begun = [rule for rule in known if rule.valid_from <= day]
    if not begun:
        return min(known, key=lambda rule: rule.valid_from)
    return max(begun, key=lambda rule: (rule.valid_to or date.max, rule.valid_from))


def _limits(person: PersonFacts, wanted: ClassFacts, day: date, rules: RuleSet) -> list[Reason]:
    certified = wanted.certificate_expected or day
    found = []
    once = rules.find("once_per_occupation_level", certified)
    if once and any(
        (past.occupation, past.level) == (wanted.occupation, wanted.level) for past in person.subsidies
    ):
        found.append(reason("no", "occupation_level_taken", once))
    yearly = rules.find("subsidies_per_year", certified)
    if yearly:
        taken = sum(past.certificate_day.year == certified.year for past in person.subsidies)
        times = yearly.values["times"]
        if taken >= times:
            zh = f"{certified.year}年已享受{taken}次，上限{times}次"
            en = f"{taken} subsidies in {certified.year}, the limit is {times}"
            found.append(reason("no", "year_limit_reached", yearly, zh, en))
    return found
