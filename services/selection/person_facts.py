"""Facts that selection follows: persons, and what was won."""

from dataclasses import replace

from contracts.events import acceptance, intake
from services.chassis.service import Fact, Service, Unit, on
from services.selection import choices, store
from services.selection.domain.people import Person
from services.selection.records import forgetting, keeping


class PersonFacts(Service):
    """What intake says of persons, and acceptance of their certificates."""

    @on(intake.PERSON_REGISTERED)
    def person_registered(self, unit: Unit, fact: Fact) -> None:
        """Take a person in."""
        groups = tuple(fact.data["groups"])
        person = store.find_person(unit, fact.aggregate_id) or Person(fact.aggregate_id, "", ())
        person = replace(person, region=fact.data["region"], groups=groups)
        store.save_person(unit, person)
        keeping.registered(unit, person)

    @on(intake.PERSON_VERIFIED)
    def person_verified(self, unit: Unit, fact: Fact) -> None:
        """Take over what the registry said."""
        person = store.load_person(unit, fact.aggregate_id)
        store.save_person(
            unit, replace(person, registry="verified", draws_pension=fact.data["draws_pension"])
        )

    @on(intake.PERSON_REFUSED)
    def person_refused(self, unit: Unit, fact: Fact) -> None:
        """Take over that the registry does not know the person."""
        store.save_person(unit, replace(store.load_person(unit, fact.aggregate_id), registry="refused"))

    @on(intake.PERSON_FORGOTTEN)
    def person_forgotten(self, unit: Unit, fact: Fact) -> None:
        """Forget a person."""
        choices.forget(unit, store.load_person(unit, fact.aggregate_id))
        forgetting.forget(unit, fact.aggregate_id)

    @on(acceptance.CERTIFICATE_REGISTERED)
    def certificate_registered(self, unit: Unit, fact: Fact) -> None:
        """Keep what eligibility asks of certificates."""
        person = store.find_person(unit, fact.data["person_ref"])
        if person is not None:
            won = (fact.data["occupation"], fact.data["level"], fact.data["issued_on"].isoformat())
            store.save_person(unit, replace(person, certificates=(*person.certificates, won)))
            keeping.certified(unit, fact, person)
