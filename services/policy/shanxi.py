"""Shanxi's certificate subsidy and its oriented training [600 §9, §10]. Never mixed with Shandong's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.policy.facts import Certificate, CertifiedPerson
from services.policy.loader import rules_for
from services.policy.people import record_fault
from services.policy.results import Calculation, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import RuleSet

JURISDICTION = "140000"
CERTIFICATE = "certificate"
ORIENTED = "oriented_training"


@dataclass(frozen=True, slots=True)
class OrientedClass:
    """One term of oriented training: the standard that the province set (fen a person), and its months."""

    standard_fen: int
    months: int


@dataclass(frozen=True, slots=True)
class OrientedTrainee:
    """One person of an oriented class."""

    person_ref: str
    on_roster: bool
    real_name_complete: bool
    certificate: Certificate | None


def certificate_subsidy(
    batch: Sequence[CertifiedPerson], day: date, *, rules: RuleSet | None = None
) -> Calculation:
    """Return the subsidy for each certificate at the rate of its own date [600 §9(2)].

    Level 2 and above have no rate and are refused. A certificate counts once in a batch; across claims the
    row of `payment_key` holds that [600 §10(1)].
    """
    rules = rules or rules_for(JURISDICTION)
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    seen: set[str] = set()
    for person in batch:
        made = _certificate(person, day, rules, person.certificate.number in seen)
        seen.add(person.certificate.number)
        if isinstance(made, Line):
            lines.append(made)
        else:
            refusals.append(made)
    return calculation(CERTIFICATE, day, rules, lines, refusals)


def _certificate(person: CertifiedPerson, day: date, rules: RuleSet, again: bool) -> Line | RefusalLine:
    who, certificate = person.person_ref, person.certificate
    once = rules.latest("certificate_once", day)
    if again:
        return refusal(once, who, "certificate_again", (once.zh, once.en))
    if certificate.day > day:
        words = ("证书日期晚于核算日", "the certificate is dated after the day of this calculation")
        return refusal(once, who, "later_certificate", words)
    rate = rules.find("certificate_rate", certificate.day, certificate=certificate.level)
    if rate is None:
        nearest = rules.latest("certificate_rate", day)
        words = ("该等级或日期无取证补贴标准", "no certificate rate for this level or date")
        return refusal(nearest, who, "no_rate", words)
    if not person.working_age:
        return refusal(rate, who, "not_working_age", ("非适龄劳动力", "not of working age"))
    fault = record_fault(who, True, person.real_name_complete, certificate.day, rules)
    if fault:
        return fault
    fen = rate.values["per_certificate_fen"]
    return line(rate, who, CERTIFICATE, (f"{rate.zh}{yuan(fen)}元", f"{rate.en}: {yuan(fen)} yuan"), fen)


def oriented_training(
    term: OrientedClass, people: Sequence[OrientedTrainee], day: date, *, rules: RuleSet | None = None
) -> Calculation:
    """Return the subsidy of each person who earned a level-3 certificate, up to 8,000 yuan [600 §9(1)]."""
    rules = rules or rules_for(JURISDICTION)
    cap = rules.one("oriented_cap", day)
    if not cap.values["min_months"] <= term.months <= cap.values["max_months"]:
        words = (f"培训期{term.months}个月，应为3至6个月", f"{term.months} months; a term has 3 to 6")
        return calculation(ORIENTED, day, rules, (), [refusal(cap, "", "term_length", words)])
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        who, most = person.person_ref, cap.values["max_fen"]
        fault = record_fault(who, person.on_roster, person.real_name_complete, day, rules)
        if fault is None and (person.certificate is None or person.certificate.level != cap.values["level"]):
            words = ("未取得高级工证书", "no level-3 certificate")
            fault = refusal(cap, who, "no_level_3_certificate", words)
        if fault:
            refusals.append(fault)
            continue
        zh = f"标准{yuan(term.standard_fen)}元，上限{yuan(most)}元"
        en = f"standard {yuan(term.standard_fen)} yuan, at most {yuan(most)}"
        lines.append(line(cap, who, ORIENTED, (zh, en), term.standard_fen, (), most))
    return calculation(ORIENTED, day, rules, lines, refusals)
