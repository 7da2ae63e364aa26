"""A body (单位): firm, provider, assessment body or agency, checked with the enterprise registry."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.intake.domain.facts import Fact
from services.intake.domain.persons import NOTHING


@dataclass(frozen=True)
class Body:
    """A body; login: the account that registered it, None when an agency did; its bank account is kept
    sealed, and what is personal in its demands under the same key. agency_kind: of an agency that said so.
    """

    id: str
    status: str
    login: str | None
    kind: str
    name: str
    credit_code: str
    region: str
    key_id: bytes = b""
    sealed: Mapping[str, bytes] = field(default_factory=lambda: NOTHING, repr=False)
    account_tail: str | None = None
    scope: str | None = None
    checked_at: datetime | None = None
    reason: str | None = None
    agency_kind: str | None = None

    @property
    def account_given(self) -> bool:
        """Whether a bank account is known."""
        return self.account_tail is not None


Decision = tuple[Body, list[Fact]]


def kind_of_roles(kind: str, roles: frozenset[str]) -> str:
    """Return the kind when the account's roles fit it. Raises Refusal `intake.body_kind`."""
    if kind not in roles:
        raise Refusal("intake.body_kind", field="kind", role=", ".join(sorted(roles)))
    return kind


def register(body: Body) -> Decision:
    """Register a body, to be checked (→ submitted)."""
    return body, _registered(body)


def register_again(body: Body, given: Body) -> Decision:
    """Correct what the registry refused (refused → submitted). Raises Refusal `intake.account_has_body`."""
    if body.status != "refused":
        raise Refusal("intake.account_has_body")
    corrected = replace(given, id=body.id, login=body.login, key_id=given.key_id or body.key_id)
    return corrected, _registered(corrected)


def take_over(body: Body, login: str, name: str) -> Body:
    """Give a body that an agency registered to its own account. Raises Refusal `intake.body_known`."""
    if body.login is not None or body.name != name:
        raise Refusal("intake.body_known", field="credit_code")
    return replace(body, login=login)


def verify(body: Body, scope: str, checked_at: datetime) -> Decision:
    """Take in the registry's confirmation (submitted → verified); one that comes again changes nothing."""
    if body.status != "submitted":
        return body, []
    verified = replace(body, status="verified", scope=scope, checked_at=checked_at, reason=None)
    return verified, [("intake.body.verified", {"scope": scope, "checked_at": checked_at})]


def refuse(body: Body, reason: str, checked_at: datetime) -> Decision:
    """Take in that the registry knows no such active body (submitted → refused)."""
    if body.status != "submitted":
        return body, []
    refused = replace(body, status="refused", reason=reason, checked_at=checked_at)
    return refused, [("intake.body.refused", {"reason": reason})]


@dataclass(frozen=True)
class Answer:
    """What the registry said when it was asked again. state: one of BODY_STATES; reason: what is wrong."""

    state: str
    reason: str | None = None
    scope: str | None = None


def recheck(body: Body, answer: Answer, checked_at: datetime, source: str) -> Decision:
    """Take in what the registry said when it was asked again about a verified body.

    A body that is not active is refused (verified → refused).
    """
    if body.status != "verified":
        return body, []
    told = {
        "state": answer.state, "reason": answer.reason, "source": source, "checked_at": checked_at,
        "scope": answer.scope,
    }  # fmt: skip
    facts: list[Fact] = [("intake.body.rechecked", told)]
    if answer.reason is None:
        return replace(body, checked_at=checked_at, scope=answer.scope or body.scope), facts
    refused = replace(body, status="refused", reason=answer.reason, checked_at=checked_at)
    return refused, [*facts, ("intake.body.refused", {"reason": answer.reason})]


def change_account(body: Body, key_id: bytes, sealed_account: bytes, account_tail: str) -> Decision:
    """Give or correct the bank account."""
    sealed = {**body.sealed, "bank_account": sealed_account}
    changed = replace(body, key_id=key_id, sealed=sealed, account_tail=account_tail)
    return changed, [("intake.body.payee_changed", {"account_tail": account_tail})]


def _registered(body: Body) -> list[Fact]:
    told = {name: getattr(body, name) for name in ("kind", "name", "credit_code", "region", "agency_kind")}
    facts: list[Fact] = [("intake.body.registered", told)]
    if body.account_tail is not None:
        facts.append(("intake.body.payee_changed", {"account_tail": body.account_tail}))
    return facts
