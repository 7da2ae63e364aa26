"""Shanxi's certificate subsidy and its oriented training [600 §9, §10]. Never mixed with Shandong's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.policy.facts import Certificate, CertifiedPerson
from services.policy.loader import rules_for
from services.policy.people import NOT_COMPLETED, each_once, record_fault
from services.policy.results import Calculation, Line, RefusalLine, calculation, line, refusal, yuan
from services.policy.rules import Rule, RuleSet

JURISDICTION = "140000"
CERTIFICATE = "certificate"
ORIENTED = "oriented_training"


@dataclass(frozen=True, slots=True)
class OrientedClass:
    """One term of oriented training: the standard that the province set (fen a person), and its months.

    `occupation` is that of the class; the certificate has to be of it (相应职业工种). `places_taken` are the
    places of the 30,000 that are reserved or paid for other people.
    """

    standard_fen: int
    months: int
    occupation: str
    places_taken: int = 0


@dataclass(frozen=True, slots=True)
class OrientedTrainee:
    """One person of an oriented class. completed: attended and passed; facts kept before it was asked have
    none of it and give what they gave.
    """

    person_ref: str
    on_roster: bool
    real_name_complete: bool
    certificate: Certificate | None
    completed: bool = True


def certificate_subsidy(
    batch: Sequence[CertifiedPerson],
    day: date,
    *,
    payee: str = "assessor",
    agreed: bool = False,
    rules: RuleSet | None = None,
) -> Calculation:
    """Return the subsidy for each certificate at the rate of its own date [600 §9(2)].

    A training body claims in the assessment body's place where an agreement is recorded [600 §10(1)].

    Level 2 and above have no rate and are refused. A certificate counts once in a batch; across claims the
    row of `payment_key` holds that [600 §10(1)].
    """
    rules = rules or rules_for(JURISDICTION)
    wrong = _payee_fault(payee, agreed, day, rules)
    if wrong:
        return calculation(CERTIFICATE, day, rules, (), [wrong])
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


def _payee_fault(payee: str, agreed: bool, day: date, rules: RuleSet) -> RefusalLine | None:
    if payee == "assessor":
        return None
    agreement = rules.latest("certificate_agreement", day)
    if payee not in agreement.payee:
        words = ("取证补贴的领取人应为评价机构或培训主体", "paid to the assessment body or the training body")
        return refusal(agreement, "", "payee_not_allowed", words)
    if not agreed:
        words = ("无与评价机构的协议记录", "no agreement with the assessment body is recorded")
        return refusal(agreement, "", "no_agreement", words)
    return None


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
    """Return the subsidy of each person who completed and earned the level-3 certificate [600 §9(1)].

    Up to 8,000 yuan a person. There are 30,000 places; who comes after them is refused. Paid to the training
    body: `OrientedClass(standard_fen, months, occupation, places_taken)` and, for each person,
    `OrientedTrainee(person_ref, on_roster, real_name_complete, certificate, completed)`.
    """
    rules = rules or rules_for(JURISDICTION)
    each_once(people)
    cap = rules.one("oriented_cap", day)
    least, most = cap.values["min_months"], cap.values["max_months"]
    if not least <= term.months <= most:
        words = (
            f"培训期{term.months}个月，应为{least}至{most}个月",
            f"{term.months} months; a term has {least} to {most}",
        )
        return calculation(ORIENTED, day, rules, (), [refusal(cap, "", "term_length", words)])
    places = cap.values.get("places")
    lines: list[Line] = []
    refusals: list[RefusalLine] = []
    for person in people:
        fault = _oriented_fault(person, term, day, cap, rules)
        if fault is None and places is not None and term.places_taken + len(lines) >= places:
            words = (f"{places}个名额已用完", f"the {places} places are used up")
            fault = refusal(cap, person.person_ref, "places_used_up", words)
        if fault:
            refusals.append(fault)
        else:
            lines.append(_oriented_line(person.person_ref, term.standard_fen, cap))
    return calculation(ORIENTED, day, rules, lines, refusals)


def _oriented_fault(
    person: OrientedTrainee, term: OrientedClass, day: date, cap: Rule, rules: RuleSet
) -> RefusalLine | None:
    who, certificate = person.person_ref, person.certificate
    fault = record_fault(who, person.on_roster, person.real_name_complete, day, rules)
    if fault:
        return fault
    if not person.completed:
        return refusal(cap, who, "not_completed", NOT_COMPLETED)
    if certificate is None or certificate.level != cap.values["level"]:
        words = ("未取得高级工证书", "no level-3 certificate")
        return refusal(cap, who, "no_level_3_certificate", words)
    if certificate.occupation != term.occupation:
        words = ("证书的职业与培训不符", "the certificate is of another occupation than the training")
        return refusal(cap, who, "other_certificate", words)
    if certificate.day > day:
        words = ("证书日期晚于核算日", "the certificate is dated after the day of this calculation")
        return refusal(cap, who, "later_certificate", words)
    return None


def _oriented_line(who: str, standard_fen: int, cap: Rule) -> Line:
    most = cap.values["max_fen"]
    zh = f"标准{yuan(standard_fen)}元，上限{yuan(most)}元"
    en = f"standard {yuan(standard_fen)} yuan, at most {yuan(most)}"
    return line(cap, who, ORIENTED, (zh, en), standard_fen, (), most)
