"""The facts of intake and acceptance that keep the copies of bodies for the directories."""

from dataclasses import replace

from contracts.events import acceptance_providers as providers
from contracts.events import intake
from contracts.vocabularies.dates import today_in_shanghai
from services.catalogue.domain.bodies import Body
from services.catalogue.store.editions import load_body, save_body
from services.chassis.service import Fact, Unit, on


class BodyFacts:
    """Who trains and assesses, and since when."""

    @on(intake.BODY_REGISTERED)
    def body_registered(self, unit: Unit, fact: Fact) -> None:
        """Keep a body's name, code and place."""
        data = fact.data
        told = {name: data[name] for name in ("kind", "name", "region", "credit_code")}
        known = load_body(unit, fact.subject)
        save_body(unit, replace(known, **told) if known else Body(fact.subject, **told))

    @on(intake.BODY_VERIFIED)
    def body_verified(self, unit: Unit, fact: Fact) -> None:
        """Its registration is in order."""
        save_body(unit, replace(_known(unit, fact), verified=True))

    @on(intake.BODY_REFUSED)
    def body_refused(self, unit: Unit, fact: Fact) -> None:
        """Its registration was not found."""
        save_body(unit, replace(_known(unit, fact), verified=False, left=fact.data["reason"]))

    @on(intake.BODY_RECHECKED)
    def body_rechecked(self, unit: Unit, fact: Fact) -> None:
        """Its registration was looked at again."""
        active = fact.data["state"] == "active"
        left = None if active else fact.data["reason"] or fact.data["state"]
        save_body(unit, replace(_known(unit, fact), verified=active, left=left))

    @on(providers.PROVIDER_ADMITTED)
    def body_admitted(self, unit: Unit, fact: Fact) -> None:
        """It is on the register of training bodies."""
        data = fact.data
        told = {name: data[name] for name in ("kind", "name", "region")}
        known = load_body(unit, fact.subject) or Body(fact.subject, **told)
        entered = f"{today_in_shanghai(fact.time)} 准入 / admitted"
        occupations = tuple(data["occupations"])
        save_body(
            unit, replace(known, **told, admitted=True, occupations=occupations, entered=entered, left=None)
        )

    @on(providers.PROVIDER_GRADED)
    def body_graded(self, unit: Unit, fact: Fact) -> None:
        """Its grade has changed."""
        save_body(unit, replace(_known(unit, fact), grade=fact.data["grade"]))

    @on(providers.PROVIDER_EXITED)
    def body_exited(self, unit: Unit, fact: Fact) -> None:
        """It has left the register, by itself or by a measure with its clause."""
        clause = fact.data["clause"]
        left = f"{fact.data['reason']}（{clause}）" if clause else fact.data["reason"]
        save_body(unit, replace(_known(unit, fact), admitted=False, entered=None, left=left[:2000]))


def _known(unit: Unit, fact: Fact) -> Body:
    """Return the body that a fact is about. Raises LookupError (the fact is retried)."""
    body = load_body(unit, fact.subject)
    if body is None:
        raise LookupError(f"body {fact.subject} has not been told of yet")
    return body
