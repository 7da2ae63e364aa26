"""Training subsidy of a class that is not project-type (培训补贴): the certificate comes first (S16, S17).

Claimed by the body that ran the class, an enterprise for its own staff among them (直补企业), by a school on
its learners' behalf, or by a person for the own training.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.vocabularies.dates import today_in_shanghai
from services import policy
from services.policy import (
    Calculation,
    Certificate,
    ClassTrainingFacts,
    Reason,
    RefusalLine,
    Rule,
    RuleSet,
    TraineeFacts,
)
from services.policy.results import calculation
from services.settlement.domain import evidence
from services.settlement.domain.evidence import Facts, Person, Project, TrainingClass
from services.settlement.domain.limits import PAIR, PAYMENT, TRAINING, Wanted

_CLASS_TRAINING = "class_training"


@dataclass(frozen=True)
class Known:
    """What settlement has been told. certificates of this class by person; files: kinds attached."""

    people: Mapping[str, Person]
    certificates: Mapping[str, Certificate]
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TrainingFacts(Facts):
    """A class and its people. project_id: what the class belongs to; files: kinds that are attached."""

    project_id: str
    training: ClassTrainingFacts
    people: tuple[TraineeFacts, ...]
    files: tuple[str, ...] = ()

    def computed(self, rules: RuleSet) -> Calculation:
        """Return the standard for each certified person; nothing while files are missing [107 §2]."""
        held = self.training.last_session or self.day
        shown = policy.claim_evidence(
            self.kind, self.training.payee, self.files, held, self.jurisdiction, rules=rules
        )
        lacking = [_lacking(ground) for ground in shown.lines if ground.outcome != "yes"]
        if lacking:
            return calculation(_CLASS_TRAINING, self.day, rules, (), lacking)
        return policy.class_training(self.training, self.people, self.day, rules=rules)

    def wanted(self, calculation: Calculation, rules: RuleSet) -> list[Wanted]:
        """Return a slot, the pair, the training's row and the payment row for each person with an amount."""
        certificates = {person.person_ref: person.certificate for person in self.people}
        return [self._wanted(ref, certificates.get(ref), rules) for ref in evidence.paid_for(calculation)]

    def grounds(self) -> dict[str, tuple[str, ...]]:
        """Return the rules on groups that each person stands under."""
        return {person.person_ref: person.grounds for person in self.people}

    def row_rules(self, rules: RuleSet) -> dict[str, Rule]:
        """Return the rules of the year's slots and of the pair."""
        return evidence.yearly_rules(rules, self.training.last_session or self.day)

    def _wanted(self, person_ref: str, certificate: Certificate | None, rules: RuleSet) -> Wanted:
        training, jurisdiction = self.training, self.jurisdiction
        attended = f"{training.class_ref}-{person_ref}"
        day, proof = training.last_session or self.day, attended
        if certificate is not None:
            day, proof = certificate.day, certificate.number.replace(":", "_")
        keys = policy.limit_keys(
            person_ref, training.occupation, training.level, day, jurisdiction, rules=rules
        )
        fixed = [
            (PAYMENT, policy.payment_key(proof, "training", training.payee, "whole", jurisdiction)),
            # whoever claims: the body that trained, or the person
            (TRAINING, policy.payment_key(attended, "training", "any", "whole", jurisdiction)),
        ]
        if keys.pair is not None:
            fixed.append((PAIR, keys.pair))
        return Wanted(person_ref, attended, keys.slots, tuple(fixed))


def _lacking(ground: Reason) -> RefusalLine:
    told = (ground.document, ground.clause, ground.status, ground.zh, ground.en)
    return RefusalLine("", ground.rule_id, "evidence_missing", *told)


def about(project: Project, each: TrainingClass, payee: str, organiser: str) -> ClassTrainingFacts:
    """Return what is known of a class that was carried out. payee, organiser: roles."""
    return ClassTrainingFacts(
        class_ref=each.id,
        region=project.region,
        occupation=project.occupation,
        level=project.level,
        last_session=today_in_shanghai(evidence.last_session([each])),
        kind=project.training_kind,
        payee=payee,
        organiser=organiser,
        hours=each.hours,
        price_fen=project.price_fen,
        organisation=project.organisation,
    )


def gather(
    kind: str,
    project: Project,
    each: TrainingClass,
    training: ClassTrainingFacts,
    refs: tuple[str, ...],
    known: Known,
    day: date,
    rules: RuleSet,
) -> TrainingFacts:
    """Return the facts of some people of a class that was completed."""
    people = tuple(_person(ref, each, training, known, rules) for ref in refs)
    return TrainingFacts(kind, day, project.region, project.id, training, people, tuple(sorted(known.files)))


def _person(
    ref: str, each: TrainingClass, training: ClassTrainingFacts, known: Known, rules: RuleSet
) -> TraineeFacts:
    person = known.people.get(ref)
    eligible, grounds = evidence.eligible(person, training, each.roster_day, rules)
    return TraineeFacts(
        person_ref=ref,
        on_roster=ref in each.roster_set,
        real_name_complete=person is not None and person.verified,
        pension_entitled=person.draws_pension if person else None,
        eligible=eligible,
        attended_days=len(each.days_of(ref)),
        completed=ref in each.completed_set,
        certificate=known.certificates.get(ref),
        grounds=grounds,
    )
