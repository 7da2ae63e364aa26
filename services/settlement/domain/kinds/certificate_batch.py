"""Certificate subsidy (取证补贴) to an assessment body, by agreement the training body [600 §9, §10(1)]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.vocabularies.errors import Refusal
from services import policy
from services.policy import Calculation, Certificate, CertifiedPerson, Rule, RuleSet
from services.settlement.domain.claims import CERTIFICATE_BATCH
from services.settlement.domain.evidence import Facts, Person
from services.settlement.domain.limits import PAYMENT, Wanted


@dataclass(frozen=True)
class Issued:
    """A registered certificate: to whom, by which assessment body, after which class."""

    certificate: Certificate
    person_ref: str
    assessor_ref: str
    class_id: str


@dataclass(frozen=True)
class BatchFacts(Facts):
    """The certificates that are claimed for. payee: role; agreed: an agreement is attached [600 §10(1)]."""

    batch: tuple[CertifiedPerson, ...]
    payee: str = "assessor"
    agreed: bool = False

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the rate of each certificate."""
        return policy.certificate_subsidy(
            self.batch, self.day, payee=self.payee, agreed=self.agreed, rules=rules
        )

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return the payment row of each certificate with an amount: once, whoever claims [600 §10(1)]."""
        paid = {line.person_ref for line in calculation.lines if line.amount_fen > 0}
        return [self._wanted(each) for each in self.batch if each.person_ref in paid]

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rule of one subsidy a certificate."""
        once = rules.find("certificate_once", self.day)
        return {PAYMENT: once} if once else {}

    def _wanted(self, each: CertifiedPerson) -> Wanted:
        number = each.certificate.number
        row = policy.payment_key(number, CERTIFICATE_BATCH, "any", "whole", self.jurisdiction)
        return Wanted(each.person_ref, number, (), ((PAYMENT, row),))


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
) -> BatchFacts:
    """Return the facts of a list that was checked.

    Working age is what the registries say of it: the record is complete and no pension is drawn.
    """
    batch = tuple(_certified(each, people.get(each.person_ref)) for each in issued)
    return BatchFacts(CERTIFICATE_BATCH, day, region, batch, payee, agreed)


def _certified(each: Issued, person: Person | None) -> CertifiedPerson:
    return CertifiedPerson(
        person_ref=each.person_ref,
        certificate=each.certificate,
        # an unverified record is refused as such, not for its age
        working_age=person is None or not person.draws_pension,
        real_name_complete=person is not None and person.verified,
    )
