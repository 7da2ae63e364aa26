"""A person (劳动者): registered, checked with the registries, given an account, forgotten.

Personal fields are here as sealed bytes only: the rules need none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from contracts.vocabularies.errors import Refusal
from services.intake.domain.facts import Fact, require

NOTHING: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True)
class Details:
    """What a person gave: region, target groups (人员类别), the rest sealed (number, name, phone, account).

    number_hash: keyed hash of the citizen number, for look-ups; account_tail: last four digits of the bank
    account; phone_hash, account_hash: keyed hashes that tell who shares one, empty where there is none.
    """

    region: str
    groups: tuple[str, ...]
    number_hash: str
    key_id: bytes
    sealed: Mapping[str, bytes] = field(repr=False)
    account_tail: str | None = None
    phone_hash: str = ""
    account_hash: str = ""


@dataclass(frozen=True)
class Person:
    """A person; login: the account that registered it, None when an agency did."""

    id: str
    status: str
    login: str | None
    details: Details
    draws_pension: bool | None = None
    checked_at: datetime | None = None
    reason: str | None = None

    @property
    def account_given(self) -> bool:
        """Whether a bank account is known."""
        return self.details.account_tail is not None


@dataclass(frozen=True)
class Answer:
    """The registries' answer. known: number and name belong together; reason: of a failure."""

    known: bool
    alive: bool
    draws_pension: bool
    reason: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the person may be relied on."""
        return self.known and self.alive


Decision = tuple[Person, list[Fact]]


def register(id: str, login: str | None, details: Details) -> Decision:
    """Register a person, to be checked (→ submitted)."""
    return Person(id, "submitted", login, details), _registered(details)


def register_again(person: Person, details: Details) -> Decision:
    """Correct what the registries refused (refused → submitted).

    Raises Refusal `intake.account_has_person`.
    """
    if person.status != "refused":
        raise Refusal("intake.account_has_person")
    return Person(person.id, "submitted", person.login, details), _registered(details)


def take_over(person: Person, login: str, same_person: bool) -> Person:
    """Give a person whom an agency registered to the account of that very person.

    same_person: name and phone are the ones given before. Raises Refusal `intake.person_known`.
    """
    if person.login is not None or not same_person:
        raise Refusal("intake.person_known", field="id_number")
    return replace(person, login=login)


def verify(person: Person, draws_pension: bool, checked_at: datetime) -> Decision:
    """Take in the registries' confirmation (submitted → verified); an answer that comes again changes
    nothing.
    """
    if person.status != "submitted":
        return person, []
    verified = replace(
        person, status="verified", draws_pension=draws_pension, checked_at=checked_at, reason=None
    )
    told = {"draws_pension": draws_pension, "checked_at": checked_at}
    return verified, [("intake.person.verified", told)]


def refuse(person: Person, reason: str, checked_at: datetime) -> Decision:
    """Take in that the registries know no such person (submitted → refused)."""
    if person.status != "submitted":
        return person, []
    refused = replace(person, status="refused", reason=reason, checked_at=checked_at)
    return refused, [("intake.person.refused", {"reason": reason})]


def recheck(person: Person, answer: Answer, checked_at: datetime, source: str) -> Decision:
    """Take in what the registries said when they were asked again about a verified person.

    Who is no longer known or alive is refused (verified → refused).
    """
    if person.status != "verified":
        return person, []
    told = {**vars(answer), "passed": answer.passed, "source": source, "checked_at": checked_at}
    facts: list[Fact] = [("intake.person.rechecked", told)]
    if answer.passed:
        return replace(person, draws_pension=answer.draws_pension, checked_at=checked_at), facts
    refused = replace(person, status="refused", reason=answer.reason, checked_at=checked_at)
    return refused, [*facts, ("intake.person.refused", {"reason": answer.reason})]


def change_account(
    person: Person, sealed_account: bytes, account_tail: str, account_hash: str = ""
) -> Decision:
    """Give or correct the bank account. Raises Refusal `out_of_order` for a forgotten person."""
    require(person.status, ("submitted", "verified", "refused"), "change_payee")
    sealed = {**person.details.sealed, "bank_account": sealed_account}
    details = replace(person.details, sealed=sealed, account_tail=account_tail, account_hash=account_hash)
    return replace(person, details=details), [("intake.person.payee_changed", {"account_tail": account_tail})]


def forget(person: Person, reason: str) -> Decision:
    """Erase a person (→ forgotten): nothing remains but the opaque id, for the facts told of it."""
    require(person.status, ("submitted", "verified", "refused"), "forget")
    details = Details(person.details.region, (), "", b"", NOTHING)
    forgotten = replace(
        person, status="forgotten", login=None, details=details, draws_pension=None, reason=None
    )
    return forgotten, [("intake.person.forgotten", {"reason": reason})]


def _registered(details: Details) -> list[Fact]:
    facts: list[Fact] = [
        ("intake.person.registered", {"region": details.region, "groups": list(details.groups)})
    ]
    if details.account_tail is not None:
        facts.append(("intake.person.payee_changed", {"account_tail": details.account_tail}))
    return facts
