"""Demands by spreadsheet (批量导入): rows are kept sealed as they come, and posted in parts by a job.

A part is one unit of work: its rows, what came of each, and the mark that says so, whole or not at all. Hence
a kill anywhere loses and doubles nothing, and whoever runs next goes on with the parts that wait.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from marshmallow import ValidationError

from contracts.commands.intake import PostDemandRequest
from contracts.commands.intake_imports import WRONG_AT_ONCE
from contracts.vocabularies import roles
from contracts.vocabularies.errors import CATALOGUE, Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader, field_errors
from services.chassis.unit import Unit
from services.intake import posting
from services.intake.domain import imports as rules
from services.intake.domain.bodies import Body
from services.intake.domain.imports import Counts, Import
from services.intake.domain.mandates import id_of
from services.intake.store import bodies, demands, imports, mandates, persons
from services.intake.store.imports import Part, Row
from services.intake.store.keyring import Keyring
from services.intake.store.vault import Forgotten, Vault

Transact = Callable[..., Any]
Document = dict[str, Any]
T = TypeVar("T")
_AT_ONCE: Final = 8
_DEMAND: Final = PostDemandRequest()
_log = structlog.get_logger(__name__)


def start(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> Document:
    """Begin a file, or find it as far as it came: the same body and the same bytes are the same import."""
    owner = _poster(unit, body["kind"])
    of = f"{owner.id}:{body['kind']}:{body['sha256']}"
    id = hashlib.sha256(of.encode()).hexdigest()[:32]
    known = imports.load(unit, id)
    rules.require_new(known)
    if known is not None and not rules.restarts(known):
        return shown(unit, known, known.counts)
    it = Import(
        id=id,
        status="receiving",
        owner_ref=owner.id,
        account=unit.actor.account,
        roles=tuple(sorted(unit.actor.roles)),
        kind=body["kind"],
        encoding=body["encoding"],
        rows=body["rows"],
        missing=tuple(range(body["chunks"])),
        key_id=vault.new_key(id),
        started_at=unit.now,
    )
    imports.save(unit, it)
    return shown(unit, it, it.counts)


def _poster(unit: Unit, kind: str) -> Body:
    rules.require_poster(kind, unit.actor.roles)
    owner = bodies.of_login(unit, unit.actor.account)
    if owner is None:
        raise Refusal("intake.not_registered")
    if owner.status == "refused":
        raise Refusal("intake.check_refused", reason=owner.reason)
    if roles.AGENCY in unit.actor.roles and owner.status != "verified":
        raise Refusal("intake.agency_unverified")
    return owner


def put_rows(unit: Unit, vault: Vault, body: Mapping[str, Any]) -> Document:
    """Keep a chunk; the last one lets the posting begin."""
    it = own(unit, body["import_id"])
    if it.status == "receiving" and body["number"] in it.missing:
        received = rules.receive(it, body["number"], len(body["rows"]))
        imports.insert_rows(unit, vault, it, body["number"], body["rows"])
        imports.save(unit, received)
        it = received
    return shown(unit, it, it.counts)


def clear(unit: Unit, id: str) -> Document:
    """Let go of the rows that are kept, and stop what is still being posted."""
    it = own(unit, id)
    counts = it.counts if it.ended else imports.counted_by(unit, id)
    after = rules.clear(it, counts, unit.now)
    imports.save_change(unit, it, after)
    return shown(unit, after, after.counts)


def own(source: Unit | Reader, id: str) -> Import:
    """Return an import of the caller's own body. Raises Refusal `not_found` or `owner.forbidden`."""
    it = imports.load(source, id)
    if it is None:
        raise Refusal("not_found", what=f"demand-imports/{id}")
    if persons.refs_of_login(source, source.actor.account)["body_ref"] != it.owner_ref:
        raise Refusal("owner.forbidden")
    return it


def progress(reader: Reader, it: Import) -> Document:
    """Return an import with what was dealt with until now."""
    return shown(reader, it, it.counts if it.ended else imports.counted(reader, it.id))


def shown(source: Unit | Reader, it: Import, counts: Counts) -> Document:
    """Return an import as its poster sees it."""
    names = (
        "id", "status", "kind", "encoding", "rows", "missing", "wrong_until", "started_at", "ended_at",
    )  # fmt: skip
    return {
        **{name: getattr(it, name) for name in names},
        **vars(counts),
        "done": counts.done,
        "remark": rules.remark(it),
        "version": imports.version(source, it.id),
    }


def wrong_rows(reader: Reader, vault: Vault, it: Import, after: int) -> Document:
    """Return rows that were not posted, with their errors, beyond a row of the sheet."""
    items: list[Document] = []
    parts = imports.with_wrong(reader, it.id, after, WRONG_AT_ONCE)
    for number, part in enumerate(parts, 1):
        items += [_with_words(row) for row in _opened(vault, part) if row["row"] > after]
        if len(items) >= WRONG_AT_ONCE:
            return {"kind": it.kind, "items": items, "more": number < len(parts)}
    return {"kind": it.kind, "items": items, "more": len(parts) == WRONG_AT_ONCE}


def _opened(vault: Vault, part: Part) -> list[Row]:
    try:
        return imports.opened(vault, part.sealed_wrong)
    except Forgotten:
        return []


def _with_words(row: Row) -> Document:
    refusal = Refusal.from_dict(row["error"])
    text, facts = CATALOGUE[refusal.code], {"field": refusal.field, **refusal.facts}
    words = {
        "zh": text.say("zh", facts), "en": text.say("en", facts),
        "way_zh": text.way_out("zh", facts), "way_en": text.way_out("en", facts),
    }  # fmt: skip
    return {"row": row["row"], "cells": row["cells"], "field": refusal.field, "code": refusal.code, **words}


def post_waiting(reader: Reader, vault: Vault, transact: Transact) -> None:
    """Post what waits, part by part, until nothing does; then end the imports."""
    tried: set[str] = set()
    while running := {it.id: it for it in imports.in_status(reader, "posting")}:
        waiting = imports.waiting(reader, running, _AT_ONCE)
        # one that is still there was let go of meanwhile, or is looked at again by the next run
        new = [part for part in waiting if part.id not in tried]
        for part in new:
            _post_part(running[part.import_id], part, vault, transact)
            tried.add(part.id)
        if not new:
            for it in running.values():
                counts = imports.counted(reader, it.id)
                transact(partial(_finish, id=it.id, counts=counts), _actor(it), it.id)
            return


def let_go(reader: Reader, transact: Transact) -> None:
    """End uploads that stand still, and delete rows whose time is over."""
    for it in imports.kept_until(reader, reader.now):
        if rules.overdue(it, reader.now):
            transact(partial(_let_go, id=it.id))


def _let_go(unit: Unit, id: str) -> None:
    it = imports.load(unit, id)
    if it is not None and rules.overdue(it, unit.now):
        imports.save_change(unit, it, rules.clear(it, it.counts, unit.now))


def _finish(unit: Unit, id: str, counts: Counts) -> None:
    it = imports.load(unit, id)
    if it is not None:
        imports.save_change(unit, it, rules.finish(it, counts, unit.now))


def _actor(it: Import) -> Actor:
    return Actor(it.account, frozenset(it.roles), body_ref=it.owner_ref)


def _post_part(it: Import, part: Part, vault: Vault, transact: Transact) -> None:
    """Post a part in one unit; when that breaks, row by row, so that one row cannot hold up the others."""
    rows: list[Row] = []
    try:
        rows = imports.opened(vault, part.sealed)
        transact(partial(_post, it=it, id=part.id, rows=rows, vault=vault), _actor(it), it.id)
    except Forgotten:
        return  # its poster let go of it meanwhile
    except Exception as problem:
        _log.warning("a part of an import broke; its rows go one by one", error=type(problem).__name__)
        for _row in rows:
            _post_one(it, part.id, rows, vault, transact)


def _post_one(it: Import, id: str, rows: list[Row], vault: Vault, transact: Transact) -> None:
    """Post the next row of a part in a unit of its own, which a refusal undoes; then mark the refusal."""
    try:
        transact(partial(_post_next, it=it, id=id, rows=rows, vault=vault), _actor(it), it.id)
    except Forgotten:
        return
    except Refusal as refusal:
        _mark(it, id, rows, vault, transact, refusal)
    except Exception as problem:
        _log.error("a row of an import met an internal error", error=type(problem).__name__)
        _mark(it, id, rows, vault, transact, Refusal("intake.import_row"))


def _mark(it: Import, id: str, rows: list[Row], vault: Vault, transact: Transact, refusal: Refusal) -> None:
    def mark(unit: Unit) -> None:
        part = _waiting(unit, id)
        if part is not None:
            _keep(unit, it, vault, part, rows[part.next : part.next + 1], [refusal])

    transact(mark, _actor(it), it.id)


def _post_next(unit: Unit, it: Import, id: str, rows: list[Row], vault: Vault) -> None:
    part = _waiting(unit, id)
    if part is None:
        return
    row, keyring = rows[part.next], Keyring(vault)
    demand = _demand_of(it.kind, row)
    if isinstance(demand, Refusal):
        raise demand
    outcome = posting.post(unit, keyring, demand)
    keyring.write()
    _keep(unit, it, vault, part, [row], [outcome])


def _post(unit: Unit, it: Import, id: str, rows: list[Row], vault: Vault) -> None:
    """Post what is left of a part, and mark what came of it in the same unit."""
    part = _waiting(unit, id)
    if part is None:
        return
    keyring, left = Keyring(vault), rows[part.next :]
    found = [_demand_of(it.kind, row) for row in left]
    _read_ahead(unit, vault, it, [each for each in found if not isinstance(each, Refusal)])
    outcomes = [_outcome(unit, keyring, each) for each in found]
    keyring.write()
    _keep(unit, it, vault, part, left, outcomes)


def _waiting(unit: Unit, id: str) -> Part | None:
    part = imports.load_part(unit, id)
    return part if part is not None and part.waiting else None


def _keep(unit: Unit, it: Import, vault: Vault, part: Part, rows: list[Row], outcomes: list[Any]) -> None:
    """Store what came of the next rows of a part; those that are wrong stay, sealed, with their errors."""
    refused = [
        {"row": row["row"], "cells": row["cells"], "error": outcome.as_dict()}
        for row, outcome in zip(rows, outcomes, strict=True)
        if isinstance(outcome, Refusal)
    ]
    posted = [each for each in outcomes if not isinstance(each, Refusal)]
    doubled = sum(each["status"] == "returned" for each in posted)
    before = part.counts
    counts = Counts(
        before.posted + len(posted) - doubled, before.doubled + doubled, before.wrong + len(refused)
    )
    sealed = part.sealed_wrong
    if refused:
        sealed = imports.seal(vault, it.key_id, [*imports.opened(vault, sealed), *refused])
    imports.save_part(unit, imports.dealt_with(part, part.next + len(rows), counts, sealed))


def _outcome(unit: Unit, vault: Vault, demand: Document | Refusal) -> Document | Refusal:
    if isinstance(demand, Refusal):
        return demand
    try:
        return unit.attempt(lambda: posting.post(unit, vault, demand))
    except Refusal as refusal:
        return refusal


def _demand_of(kind: str, row: Row) -> Document | Refusal:
    """Return the demand of a row as the call of a single one takes it, or what is wrong with it."""
    if row["fault"] is not None:
        return Refusal.from_dict(row["fault"])
    body: Document = {"kind": kind}
    for name, value in row["cells"].items():
        block, _, field = name.rpartition(".")
        (body.setdefault(block, {}) if block else body)[field] = value
    try:
        loaded: Document = dict(_DEMAND.load(body))
    except ValidationError as problem:
        first = field_errors(problem.messages)[0]
        return Refusal("invalid", field=first["field"], reason=first["reason"])
    return loaded


def _read_ahead(unit: Unit, vault: Vault, it: Import, found: list[Document]) -> None:
    """Read in a few queries what posting these will look up one by one."""
    kinds = [(vault.number_hash(each["person"]["id_number"]), each) for each in found if each["person"]]
    refs = imports.people_of(unit, [number for number, _each in kinds])
    known = [(refs[number], each) for number, each in kinds if number in refs]
    of = [f"{ref}:{each['occupation']}:{each['level']}" for ref, each in known]
    alike = [f"alike:{ref}:{each['occupation']}" for ref, each in known]
    unit.look_at_all(demands.OPEN, [*of, *alike])
    unit.look_at_all(mandates.MANDATES, [id_of(it.owner_ref, ref) for ref, _each in known])
    imports.firms_of(unit, [each["enterprise"]["credit_code"] for each in found if each["enterprise"]])
