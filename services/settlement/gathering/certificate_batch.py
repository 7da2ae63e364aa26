"""Facts of a batch of certificates, listed by number."""

from collections.abc import Mapping
from typing import Any

from contracts.vocabularies import roles
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import Facts
from services.settlement.domain.kinds import certificate_batch
from services.settlement.domain.statement import Asked
from services.settlement.gathering import attached, owners
from services.settlement.store import copies, statements
from services.settlement.store.documents import Source

CLAIMED_BY = frozenset({roles.ASSESSOR, roles.PROVIDER, roles.ENTERPRISE})
_ASSESSOR = "assessor"


def subject(unit: Unit, wanted: Mapping[str, Any]) -> Subject:
    """Return the batch as claimed by an assessment body, or by a training body by agreement [600 §10(1)]."""
    kind = owners.verified_body(unit).get("kind")
    return owners.of_body(unit, wanted, kind if kind in (_ASSESSOR, owners.ENTERPRISE) else "provider")


def facts(unit: Unit, asked: Asked, rules: RuleSet) -> Facts:
    """Return the listed certificates and their holders. An agreement is a contract among the files."""
    subject, numbers = asked.subject, asked.statement.certificates
    issued = copies.issued(unit, numbers)
    ran = copies.providers(unit, [each.class_id for each in issued.values()])
    owns = {
        number: (each.assessor_ref if subject.payee == _ASSESSOR else ran.get(each.class_id))
        == subject.claimant_ref
        for number, each in issued.items()
    }
    certificate_batch.check_list(numbers, issued, owns)
    refs = [each.person_ref for each in issued.values()]
    people, firsts = copies.people(unit, refs), copies.operations(unit, refs)
    return certificate_batch.gather(
        subject.region,
        [issued[number] for number in numbers],
        people,
        subject.payee,
        "contract" in attached.kinds(unit, asked.claim_id),
        today_in_shanghai(unit.now),
        firsts,
    )


def roster(source: Source, claim: Claim) -> set[str]:
    """Return who holds the listed certificates: they were issued to people on the rosters of classes."""
    numbers = statements.load(source, claim.id).certificates
    return {each.person_ref for each in copies.issued(source, numbers).values()}
