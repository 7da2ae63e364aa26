"""What the register follows of bodies: that they are there, and what the enterprise registry said of them."""

from dataclasses import replace
from datetime import datetime

from contracts.events import intake
from services.acceptance import store
from services.acceptance.domain import providers
from services.acceptance.domain.copies import Body
from services.acceptance.domain.providers import Provider
from services.chassis.service import Fact, Unit, on

_NOT_ACTIVE = "登记状态非存续 / the registration is not active"


class ProviderFacts:
    """Bodies as intake tells them; an answer that a filing waited for lets it go on."""

    @on(intake.BODY_REGISTERED)
    def body_registered(self, unit: Unit, fact: Fact) -> None:
        """Keep a new body, to be checked."""
        data = fact.data
        store.save(unit, Body(fact.subject, data["kind"], data["name"], data["region"], "submitted"))

    @on(intake.BODY_VERIFIED)
    def body_verified(self, unit: Unit, fact: Fact) -> None:
        """Keep that the registry knows it, and for what."""
        scope, checked_at = fact.data["scope"], fact.data["checked_at"]
        known = store.load(unit, Body, fact.subject)
        store.save(unit, replace(known, status="verified", scope=scope, checked_at=checked_at))
        _answer(unit, fact.subject, checked_at, scope, None)

    @on(intake.BODY_REFUSED)
    def body_refused(self, unit: Unit, fact: Fact) -> None:
        """Keep that the registry knows no such active body."""
        known = store.load(unit, Body, fact.subject)
        store.save(unit, replace(known, status="refused", checked_at=None))
        _answer(unit, fact.subject, unit.now, "", fact.data["reason"])

    @on(intake.BODY_RECHECKED)
    def body_rechecked(self, unit: Unit, fact: Fact) -> None:
        """Keep what the registry said when it was asked again."""
        data = fact.data
        known = store.load(unit, Body, fact.subject)
        scope = data["scope"] or known.scope
        fault = data["reason"] or (None if data["state"] == "active" else _NOT_ACTIVE)
        store.save(unit, replace(known, scope=scope, checked_at=None if fault else data["checked_at"]))
        _answer(unit, fact.subject, data["checked_at"], scope, fault)


def _answer(unit: Unit, body_ref: str, at: datetime, scope: str, fault: str | None) -> None:
    known = store.find(unit, Provider, body_ref)
    if known is not None:
        new = providers.take_answer(known, at, scope, fault)
        if new != known:
            store.save(unit, new)
