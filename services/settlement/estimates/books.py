"""The population in the books: the facts that the claims of a year were reckoned with, as rows of a file."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from contracts.vocabularies import regions
from services.policy import Certificate, EmploymentFact, TraineeFacts
from services.settlement.domain import claims as known
from services.settlement.domain.claims import Claim
from services.settlement.domain.evidence import Facts
from services.settlement.domain.evidence import Person as Registered
from services.settlement.domain.kinds.certificate_batch import BatchFacts
from services.settlement.domain.kinds.class_training import TrainingFacts
from services.settlement.domain.kinds.living_cost import ClassFacts
from services.settlement.domain.kinds.oriented_training import OrientedFacts
from services.settlement.domain.kinds.project import StageFacts
from services.settlement.estimates.columns import (
    CERTIFICATE_BATCH,
    CLASS_TRAINING,
    COLUMNS,
    HEAD,
    LIVING_COST,
    ORIENTED_TRAINING,
    PERSON_TRAINING,
    PROJECT,
    TRANSPORT,
)
from services.settlement.store import claims as store
from services.settlement.store import copies
from services.settlement.store.documents import Source

_GIVEN_UP: Final = {"status": {"$nin": ["refused", "withdrawn"]}}
# what its project's two stages are claimed for
_STAGED: Final = "project_type_is_staged"
# the same training is another claim's, the body's or the person's: a case of that one
_TAKEN: Final = "training_taken"
_NO_GROUPS: Final = Registered("-", False, None, ())
Cells = dict[str, Any]


def write(source: Source, path: Path, region: str, year: int) -> int:
    """Write the population of a region's claims whose training lies in the year; return how many rows."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for person, cells in _rows(source, region):
            if cells["day"] is not None and cells["day"].year == year:
                writer.writerow([person, *(_text(cells.get(name)) for name in COLUMNS)])
                written += 1
    return written


def _rows(source: Source, region: str) -> Iterator[tuple[str, Cells]]:
    places = [code for code in regions.CODES if regions.covers(region, code)]
    kinds = {"kind": {"$in": [known.PROJECT_ADVANCE, known.PROJECT_BALANCE, *_BY_CLASS, CERTIFICATE_BATCH]}}
    seen: set[str] = set()
    # the balance comes before the advance of its project: it knows more
    asked = {"region": {"$in": places}, **_GIVEN_UP, **kinds}
    for doc in source.find("claims", asked, [("kind", -1), ("_id", 1)]):
        claim = store.claim_of(doc)
        kept = store.calculation(source, claim.id, claim.attempt)
        stage = claim.project_id if claim.kind in (known.PROJECT_ADVANCE, known.PROJECT_BALANCE) else claim.id
        if kept is None or stage is None or stage in seen:
            continue
        seen.add(stage)
        refused = {(each.person_ref, each.fact) for each in kept[1].refusals}
        if ("", _STAGED) not in refused:
            found = _of_claim(source, claim, kept[0])
            yield from (each for each in found if (each[0], _TAKEN) not in refused)


def _of_claim(source: Source, claim: Claim, facts: Facts) -> Iterable[tuple[str, Cells]]:
    if isinstance(facts, StageFacts):
        return _project(source, claim, facts)
    if isinstance(facts, TrainingFacts):
        return _class(source, claim, facts)
    if isinstance(facts, ClassFacts):
        return _by_day(source, claim, facts)
    if isinstance(facts, OrientedFacts):
        return _oriented(source, claim, facts)
    if isinstance(facts, BatchFacts):
        return _batch(source, claim, facts)
    return ()


def _project(source: Source, claim: Claim, facts: StageFacts) -> Iterator[tuple[str, Cells]]:
    project = facts.project
    shared = {
        "kind": PROJECT,
        "region": project.region,
        "occupation": project.occupation,
        "level": project.level,
        "training_kind": project.kind,
        "price_fen": project.price_fen,
        "project": project.project_ref,
        "day": project.last_session,
    }
    advanced = claim.kind == known.PROJECT_ADVANCE or any(each.advance_fen for each in facts.people)
    work = _work(facts.employment)
    enrolled = _enrolled(source, project.project_ref)
    people = copies.people(source, [each.person_ref for each in facts.people])
    for each in facts.people:
        about = _trainee(each, people.get(each.person_ref, _NO_GROUPS), project.occupation)
        about |= {"employed_from": work.get(each.person_ref), "advance": advanced}
        # an advance comes before the results: it is taken that who was advanced will complete
        if claim.kind == known.PROJECT_ADVANCE:
            about |= {"completed": True, "certificate": project.level, "employed_from": project.last_session}
        yield each.person_ref, {**shared, **about, "enrolled_on": enrolled.get(each.person_ref)}


def _class(source: Source, claim: Claim, facts: TrainingFacts) -> Iterator[tuple[str, Cells]]:
    training = facts.training
    shared = {
        "kind": claim.kind,
        "region": training.region,
        "occupation": training.occupation,
        "level": training.level,
        "training_kind": training.kind,
        "payee": training.payee,
        "organiser": training.organiser,
        "hours": training.hours,
        "price_fen": training.price_fen,
        "day": training.last_session,
    }
    people = copies.people(source, [each.person_ref for each in facts.people])
    enrolled = _enrolled(source, facts.project_id)
    work = _work(copies.employment(source, facts.project_id))
    for each in facts.people:
        about = _trainee(each, people.get(each.person_ref, _NO_GROUPS), training.occupation)
        about |= {"employed_from": work.get(each.person_ref), "enrolled_on": enrolled.get(each.person_ref)}
        yield each.person_ref, {**shared, **about}


def _oriented(source: Source, claim: Claim, facts: OrientedFacts) -> Iterator[tuple[str, Cells]]:
    people = copies.people(source, [each.person_ref for each in facts.people])
    for each in facts.people:
        proof = _fitting(each.certificate, facts.occupation)
        cells = {
            "kind": ORIENTED_TRAINING,
            "region": claim.region,
            "groups": ";".join(people.get(each.person_ref, _NO_GROUPS).groups),
            "real_name": each.real_name_complete and each.on_roster,
            "occupation": facts.occupation,
            "price_fen": facts.standard_fen,
            "first_day": facts.first_day,
            "day": facts.last_day,
            "completed": each.completed,
            "certificate": proof.level if proof else "",
            "certified_on": proof.day if proof else None,
        }
        yield each.person_ref, cells


def _by_day(source: Source, claim: Claim, facts: ClassFacts) -> Iterator[tuple[str, Cells]]:
    for each in facts.trainees:
        person = each.facts
        yield (
            person.person_ref,
            {
                "kind": claim.kind,
                "region": facts.region,
                "groups": ";".join(group.group for group in person.groups),
                "groups_proven": all(group.proven for group in person.groups),
                "graduated_on": next(
                    (group.graduated_on for group in person.groups if group.graduated_on), None
                ),
                "real_name": person.real_name_complete,
                "day": max(each.days, default=facts.day),
                "days": len(set(each.days)),
            },
        )


def _batch(source: Source, claim: Claim, facts: BatchFacts) -> Iterator[tuple[str, Cells]]:
    people = copies.people(source, [each.person_ref for each in facts.batch])
    for each in facts.batch:
        proof: Certificate = each.certificate
        cells = {
            "kind": CERTIFICATE_BATCH,
            "region": claim.region,
            "groups": ";".join(people.get(each.person_ref, _NO_GROUPS).groups),
            "real_name": each.real_name_complete,
            "certificate": proof.level,
            "day": proof.day,
        }
        yield each.person_ref, cells


def _trainee(each: TraineeFacts, person: Registered, occupation: str) -> Cells:
    proof = _fitting(each.certificate, occupation)
    return {
        "groups": ";".join(person.groups),
        "groups_proven": person.verified,
        "pension": "unknown" if each.pension_entitled is None else each.pension_entitled,
        "real_name": each.real_name_complete and each.on_roster,
        "days": each.attended_days,
        "completed": each.completed,
        "certificate": proof.level if proof else "",
        "certified_on": proof.day if proof else None,
    }


def _fitting(proof: Certificate | None, occupation: str) -> Certificate | None:
    return proof if proof and proof.occupation == occupation else None


def _enrolled(source: Source, project_id: str) -> dict[str, date]:
    """Return the day of the roster that each person of a project is on."""
    classes = copies.rostered_classes(source, project_id)
    return {ref: each.roster_day for each in classes for ref in each.roster}


def _work(facts: Sequence[EmploymentFact]) -> Mapping[str, date]:
    """Return since when each person has proven work, the first of several."""
    found: dict[str, date] = {}
    for fact in facts:
        if fact.proven:
            found[fact.person_ref] = min(fact.employed_from, found.get(fact.person_ref, fact.employed_from))
    return found


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


_BY_CLASS: Final = (CLASS_TRAINING, PERSON_TRAINING, ORIENTED_TRAINING, LIVING_COST, TRANSPORT)
