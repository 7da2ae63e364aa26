"""What every call goes through: envelope, actor, role, deadline, contract, idempotency key, unit of work."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from marshmallow import ValidationError
from marshmallow.fields import String
from marshmallow.validate import Length
from pymongo.database import Database

from contracts.envelope import CallEnvelope, answered, refused
from contracts.registry import Call, Command, Query
from contracts.vocabularies.errors import Refusal
from services.chassis import logs, metrics, telemetry
from services.chassis.actor import Actor, Verifier
from services.chassis.clock import Clock
from services.chassis.commits import Committer, Unavailable, Work
from services.chassis.events import schema
from services.chassis.mongo import Document, is_outage
from services.chassis.unit import Group, Key, Unit

ANSWERS: Final = "answers"
_ENVELOPE: Final = frozenset(CallEnvelope().fields)
_LONGEST: Final = {
    name: next(rule.max or 0 for rule in field.validators if isinstance(rule, Length))
    for name, field in CallEnvelope().fields.items()
    if isinstance(field, String)
}
NOBODY: Final = Actor(account="", roles=frozenset())
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reader:
    """What a query works with: majority reads outside a transaction."""

    database: "Database[Document]"
    actor: Actor
    clock: Clock

    @property
    def now(self) -> Any:
        """Business time."""
        return self.clock.now()

    def get(self, collection: str, id: str) -> Document | None:
        """Return a document or None."""
        return self.database[collection].find_one({"_id": id})

    def get_all(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """Return the documents that exist among these ids, by id."""
        found = self.database[collection].find({"_id": {"$in": list(dict.fromkeys(ids))}})
        return {doc["_id"]: doc for doc in found}

    def find(
        self, collection: str, filter: Mapping[str, Any], sort: Any = None, limit: int = 0
    ) -> list[Document]:
        """Return the documents a query finds."""
        cursor = self.database[collection].find(filter, limit=limit)
        return list(cursor.sort(list(sort)) if sort else cursor)


class Calls:
    """Answers the commands and queries of one service."""

    def __init__(
        self,
        database: "Database[Document]",
        clock: Clock,
        verifier: Verifier,
        committer: Committer,
        own_rows: Callable[[Actor], Sequence[Key]] = lambda actor: (),
    ) -> None:
        self._database = database
        self._own_rows = own_rows
        self._clock = clock
        self.verifier = verifier
        self._committer = committer

    def command(self, contract: Command, handler: Callable[[Unit, Any], Any], raw: Any) -> dict[str, Any]:
        """Run a command: whole or not at all, once for its key. Returns `{result}` or `{error}`."""
        return self._answer(
            contract,
            raw,
            lambda envelope, actor, body: self._execute(contract, handler, envelope, actor, body),
        )

    def query(self, contract: Query, handler: Callable[[Reader, Any], Any], raw: Any) -> dict[str, Any]:
        """Run a query. Returns `{result}` or `{error}`."""

        def run(_envelope: Mapping[str, Any], actor: Actor, body: Any) -> Any:
            return schema(contract.answer).dump(handler(Reader(self._database, actor, self._clock), body))

        return self._answer(contract, raw, run)

    def _answer(
        self, contract: Call, raw: Any, run: Callable[[Mapping[str, Any], Actor, Any], Any]
    ) -> dict[str, Any]:
        began = time.perf_counter()
        outcome = "ok"
        try:
            envelope = _envelope(raw)
            with (
                telemetry.span(contract.name, envelope["traceparent"], kind="server"),
                logs.bound(call=contract.name, correlation=envelope["correlation"]),
            ):
                actor = self._allowed(contract, envelope)
                result = answered(run(envelope, actor, _body(contract, envelope["body"])))
        except Refusal as refusal:
            outcome, result = refusal.code, refused(refusal.as_dict())
        except Exception as problem:
            outcome, result = _failure(contract, raw, problem)
        metrics.COMMANDS.labels(contract.service, contract.name, outcome).inc()
        metrics.COMMAND_SECONDS.labels(contract.service, contract.name).observe(time.perf_counter() - began)
        return result

    def _allowed(self, contract: Call, envelope: Mapping[str, Any]) -> Actor:
        if time.time() * 1000 >= envelope["deadline"]:
            raise Refusal("deadline_passed")
        actor = self.verifier.verify(envelope["actor"]) if envelope["actor"] else NOBODY
        if contract.roles and not contract.roles & actor.roles:
            raise Refusal("role.forbidden", roles=", ".join(sorted(contract.roles)))
        return actor

    def _execute(
        self,
        contract: Command,
        handler: Callable[[Unit, Any], Any],
        envelope: Mapping[str, Any],
        actor: Actor,
        body: Any,
    ) -> Any:
        if not envelope["key"]:
            raise Refusal("contract_broken", reason="a command needs an idempotency key")
        row = f"{actor.account}|{contract.name}|{envelope['key']}"
        digest = body_digest(envelope["body"])
        # here, because the unit is made in the committer's thread, where this call's span does not run
        traceparent = telemetry.inject() or envelope["traceparent"]

        def run(unit: Unit) -> Any:
            seen = unit.get(ANSWERS, row)
            if seen is not None:
                if seen["digest"] != digest:
                    raise Refusal("key_reused")
                return seen["answer"]
            answer = schema(contract.answer).dump(handler(unit, body))
            unit.insert(ANSWERS, {"_id": row, "digest": digest, "answer": answer, "at": unit.now})
            return answer

        def make(group: Group) -> Unit:
            return Unit(
                group,
                actor,
                envelope["expected_version"],
                envelope["correlation"],
                traceparent,
            )

        first = [(ANSWERS, row), *self._own_rows(actor)]
        work = Work(make, run, prefetch=first, deadline=envelope["deadline"] / 1000)
        return self._committer.run(work)


def body_digest(body: Mapping[str, Any]) -> str:
    """Return what tells two bodies apart, whatever the order of their fields."""
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _envelope(raw: Any) -> dict[str, Any]:
    if _is_plain(raw):
        return dict(raw)
    try:
        return dict(schema(CallEnvelope).load(raw))
    except ValidationError as problem:
        raise Refusal("contract_broken", reason=str(problem.messages)[:500]) from None


def _is_plain(raw: Any) -> bool:
    """Tell whether the schema would return the envelope as it is: nearly always, at a tenth of the cost."""
    return (
        isinstance(raw, dict)
        and raw.keys() == _ENVELOPE
        and type(raw["body"]) is dict
        and type(raw["deadline"]) is int
        and (raw["expected_version"] is None or type(raw["expected_version"]) is int)
        and all(type(raw[name]) is str and len(raw[name]) <= most for name, most in _LONGEST.items())
    )


def _body(contract: Call, body: Mapping[str, Any]) -> Any:
    try:
        return schema(contract.request).load(body)
    except ValidationError as problem:
        errors = field_errors(problem.messages)
        field, reason = errors[0]["field"], errors[0]["reason"]
        raise Refusal("invalid", field=field, reason=reason, errors=errors) from None


def field_errors(messages: Any, path: str = "") -> list[dict[str, str]]:
    """Return marshmallow's nested messages as a flat list of {field (dotted path), reason}."""
    if isinstance(messages, Mapping):
        return [
            error
            for key, value in messages.items()
            for error in field_errors(value, path if key == "_schema" else f"{path}.{key}".lstrip("."))
        ]
    reasons = messages if isinstance(messages, list) else [messages]
    return [{"field": path or "body", "reason": str(reason)} for reason in reasons]


def _failure(contract: Call, raw: Any, problem: Exception) -> tuple[str, dict[str, Any]]:
    if isinstance(problem, Unavailable) or is_outage(problem):
        return "unavailable", refused(Refusal("unavailable", what="database").as_dict())
    correlation = str(raw.get("correlation", ""))[:80] if isinstance(raw, dict) else ""
    _log.exception("call failed", call=contract.name, correlation=correlation)
    return "internal", refused(Refusal("internal", correlation=correlation).as_dict())
