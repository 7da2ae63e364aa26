"""Certificate subsidy (取证补贴) to an assessment body, by agreement the training body [600 §9, §10(1)]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

from contracts.vocabularies.errors import Refusal
from services import policy
from services.policy import Calculation, Certificate, CertifiedPerson, RefusalLine, Rule, RuleSet
from services.policy.results import refusal
from services.settlement.domain.claims import CERTIFICATE_BATCH
from services.settlement.domain.evidence import Facts, Person
from services.settlement.domain.limits import FIRST, PAYMENT, Wanted

FIRST_OPERATION: Final = "first_operation"


@dataclass(frozen=True)
class Issued:
    """A registered certificate: to whom, by which assessment body, after which class.

    operation: of special operations or special equipment, paid for the first time only [600 §9(2)].
    """

    certificate: Certificate
    person_ref: str
    assessor_ref: str
    class_id: str
    operation: bool = False


@dataclass(frozen=True)
class Operation:
    """An operation certificate of the batch; first: the holder's first one known, it or an earlier one."""

    number: str
    first: str


@dataclass(frozen=True)
class BatchFacts(Facts):
    """The certificates that are claimed for. payee: role; agreed: an agreement is attached [600 §10(1)]."""

    batch: tuple[CertifiedPerson, ...]
    payee: str = "assessor"
    agreed: bool = False
    operations: tuple[Operation, ...] = ()

    @cached_property
    def _firsts(self) -> dict[str, str]:
        return {each.number: each.first for each in self.operations}

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the rate of each certificate; an operation certificate after the first has none."""
        later = [each for each in self.batch if self._is_later(each.certificate.number)]
        batch = [self._rated(each) for each in self.batch if each not in later]
        found = policy.certificate_subsidy(batch, self.day, payee=self.payee, agreed=self.agreed, rules=rules)
        return replace(found, refusals=(*found.refusals, *(self._not_first(each, rules) for each in later)))

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the payment row of each certificate with an amount: once, whoever claims [600 §10(1)].

        A first operation certificate takes the person's row as well: what is told later is no first again.
        """
        paid = {line.person_ref for line in calculation.lines if line.amount_fen > 0}
        return [self._wanted(each) for each in self.batch if each.person_ref in paid]

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rules of one subsidy a certificate, and of the first operation certificate."""
        once = rules.find("certificate_once", self.day)
        first = rules.find("certificate_rate", self.day, certificate=FIRST_OPERATION)
        return {kind: rule for kind, rule in ((PAYMENT, once), (FIRST, first)) if rule is not None}

    def _wanted(self, each: CertifiedPerson) -> Wanted:
        number = each.certificate.number
        row = policy.payment_key(number, CERTIFICATE_BATCH, "any", "whole", self.jurisdiction)
        fixed = [(PAYMENT, row)]
        if number in self._firsts:
            first = policy.payment_key(each.person_ref, FIRST_OPERATION, "any", "whole", self.jurisdiction)
            fixed.append((FIRST, first))
        return Wanted(each.person_ref, number, (), tuple(fixed))

    def _is_later(self, number: str) -> bool:
        return self._firsts.get(number, number) != number

    def _rated(self, each: CertifiedPerson) -> CertifiedPerson:
        if each.certificate.number not in self._firsts:
            return each
        # what it was registered with stays in the facts: the registry is asked about that
        return replace(each, certificate=replace(each.certificate, level=FIRST_OPERATION))

    def _not_first(self, each: CertifiedPerson, rules: RuleSet) -> RefusalLine:
        day = each.certificate.day
        rate = rules.find("certificate_rate", day, certificate=FIRST_OPERATION)
        first = self._firsts[each.certificate.number]
        words = (f"非初次取证，此前已取得 {first}", f"not the first: {first} came before it")
        return refusal(
            rate or rules.latest("certificate_rate", self.day), each.person_ref, "not_first", words
        )


def check_list(numbers: Sequence[str], issued: Mapping[str, Issued], owns: Mapping[str, bool]) -> None:
    """Check a list of certificate numbers. owns: whether each is the claimant's to claim for.

    Raises Refusal `settlement.line_twice` or `settlement.line_wrong`, which name the line and the field.
    """
    seen: dict[str, int] = {}
    holders: dict[str, int] = {}
    for index, number in enumerate(numbers):
        field, line = f"certificates.{index}", index + 1
        if number in seen:
            raise Refusal("settlement.line_twice", field=field, line=line, first=seen[number])
        seen[number] = line
        if number not in issued:
            zh, en = "证书未登记", "no such certificate is registered"
            raise Refusal("settlement.line_wrong", field=field, line=line, zh=zh, en=en)
        if not owns[number]:
            zh, en = "证书非本单位颁发，也非本单位班次", "the certificate is another body's"
            raise Refusal("settlement.line_wrong", field=field, line=line, zh=zh, en=en)
        # a line of a calculation is a person's: two certificates of one person are claimed in two batches
        holder = issued[number].person_ref
        if holder in holders:
            zh = f"与第 {holders[holder]} 行为同一人，请分批申请"
            en = f"the same person as in line {holders[holder]}: claim in two batches"
            raise Refusal("settlement.line_wrong", field=field, line=line, zh=zh, en=en)
        holders[holder] = line


def gather(
    region: str,
    issued: Sequence[Issued],
    people: Mapping[str, Person],
    payee: str,
    agreed: bool,
    day: date,
    firsts: Mapping[str, str] = MappingProxyType({}),
) -> BatchFacts:
    """Return the facts of a list that was checked. firsts: each person's first operation certificate.

    Working age is what the registries say of it: the record is complete and no pension is drawn.
    """
    batch = tuple(_certified(each, people.get(each.person_ref)) for each in issued)
    operations = tuple(
        Operation(each.certificate.number, firsts[each.person_ref]) for each in issued if each.operation
    )
    return BatchFacts(CERTIFICATE_BATCH, day, region, batch, payee, agreed, operations)


def _certified(each: Issued, person: Person | None) -> CertifiedPerson:
    return CertifiedPerson(
        person_ref=each.person_ref,
        certificate=each.certificate,
        # an unverified record is refused as such, not for its age
        working_age=person is None or not person.draws_pension,
        real_name_complete=person is not None and person.verified,
    )
