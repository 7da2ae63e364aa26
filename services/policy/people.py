"""What keeps one person out of a training claim. The first fault found is the one that is told."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from services.policy.facts import Certificate, TraineeFacts
from services.policy.results import RefusalLine, refusal
from services.policy.rules import Rule, RuleSet

_ROSTER = ("不在已备案名册上", "not on the filed roster")
_RECORD = ("实名制信息不完整，不进不补", "the real-name record is not complete")
_PENSION = ("具有按月领取养老金资格", "entitled to a monthly pension")
_PENSION_UNKNOWN = ("养老金资格尚未核实", "pension entitlement is not yet verified")
_GROUP = ("不属于补贴对象", "belongs to no eligible group")
_GROUP_UNKNOWN = ("补贴对象身份尚未证明", "the eligible group is not yet proven")
_ABSENT = ("无有效出勤记录", "no confirmed attendance")
NOT_COMPLETED = ("未结业", "did not complete the training")
_NO_CERTIFICATE = ("未取得证书", "no certificate")
_OTHER_CERTIFICATE = ("证书的职业或等级与项目不符", "the certificate is of another occupation or level")
_LATER_CERTIFICATE = ("证书日期晚于核算日", "the certificate is dated after the day of this calculation")


class Training(Protocol):
    """What a certificate has to fit: a project or a class."""

    @property
    def occupation(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def last_session(self) -> date | None: ...


class _Person(Protocol):
    @property
    def person_ref(self) -> str: ...


def each_once(people: Sequence[_Person]) -> None:
    """Raise ValueError when a person is in a claim twice."""
    if len({person.person_ref for person in people}) != len(people):
        raise ValueError("a person is in the claim twice")


def record_fault(
    person_ref: str, on_roster: bool, real_name_complete: bool, day: date, rules: RuleSet
) -> RefusalLine | None:
    """Return why the real-name record keeps a person out (S20), else None; raises NoRule."""
    rule = rules.one("real_name", day)
    if not on_roster:
        return refusal(rule, person_ref, "not_on_roster", _ROSTER)
    if not real_name_complete:
        return refusal(rule, person_ref, "real_name_incomplete", _RECORD)
    return None


def training_fault(person: TraineeFacts, day: date, rules: RuleSet, attended: Rule) -> RefusalLine | None:
    """Return why a person is out of a training claim, certificate aside, else None; raises NoRule.

    Who attended no day is refused under the rule `attended`.
    """
    who = person.person_ref
    return (
        record_fault(who, person.on_roster, person.real_name_complete, day, rules)
        or _pension_fault(person, day, rules)
        or _group_fault(person, day, rules)
        or (refusal(attended, who, "not_attended", _ABSENT) if person.attended_days < 1 else None)
    )


def certificate_fault(
    person: TraineeFacts, training: Training, day: date, rules: RuleSet, completed: Rule | None = None
) -> RefusalLine | None:
    """Return why a person who attended earned nothing, else None; raises NoRule.

    Shandong asks for the certificate first [AP]. Where a province has no such rule, completing is enough and
    who did not is refused under the rule `completed`; without one NoRule is raised.
    """
    first = rules.find("certificate_first", training.last_session or day)
    rule = first or completed or rules.one("certificate_first", training.last_session or day)
    who, certificate = person.person_ref, person.certificate
    if not person.completed:
        return refusal(rule, who, "not_completed", NOT_COMPLETED)
    if first is None:
        return None
    if certificate is None:
        return refusal(rule, who, "no_certificate", _NO_CERTIFICATE)
    return _certificate_fault(who, certificate, training, day, rule)


def _certificate_fault(
    who: str, certificate: Certificate, training: Training, day: date, rule: Rule
) -> RefusalLine | None:
    if (certificate.occupation, certificate.level) != (training.occupation, training.level):
        return refusal(rule, who, "other_certificate", _OTHER_CERTIFICATE)
    if certificate.day > day:
        return refusal(rule, who, "later_certificate", _LATER_CERTIFICATE)
    return None


def _pension_fault(person: TraineeFacts, day: date, rules: RuleSet) -> RefusalLine | None:
    rule = rules.find("no_pension", day)
    if rule is None or person.pension_entitled is False:
        return None
    if person.pension_entitled:
        return refusal(rule, person.person_ref, "pension_entitled", _PENSION)
    return refusal(rule, person.person_ref, "pension_unverified", _PENSION_UNKNOWN)


def _group_fault(person: TraineeFacts, day: date, rules: RuleSet) -> RefusalLine | None:
    if person.eligible == "yes":
        return None
    told = (rules.by_id(ground) for ground in person.grounds)
    rule = next((each for each in told if each is not None), None) or rules.latest("eligible_groups", day)
    if person.eligible == "no":
        return refusal(rule, person.person_ref, "group_not_eligible", _GROUP)
    return refusal(rule, person.person_ref, "group_unproven", _GROUP_UNKNOWN)
