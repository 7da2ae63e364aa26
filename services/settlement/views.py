"""What settlement shows: claims, calculations, accounts, books and payments, to those who may see them."""

from collections.abc import Mapping
from typing import Any

from contracts.commands.settlement_roles import CLAIMANTS
from contracts.vocabularies import regions, roles
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.settlement.domain import review
from services.settlement.domain.claims import Claim
from services.settlement.store import books
from services.settlement.store import claims as store
from services.settlement.store.documents import Document, plain
from services.settlement.submitting import still_computes


def claim(doc: Document) -> dict[str, Any]:
    """Return a claim's document as it is answered."""
    found = store.claim_of(doc)
    return {
        **vars(found),
        "version": doc["version"],
        "payable": found.payable,
        "steps": [vars(s) for s in found.steps],
    }


def visible_claim(reader: Reader, claim_id: str) -> Document:
    """Return a claim that the actor may see. Raises Refusal `not_found` (others' claims are not told
    apart).
    """
    doc = reader.get("claims", claim_id)
    if doc is None or not _may_see(reader.actor, doc["region"], doc["claimant_ref"]):
        raise Refusal("not_found", what=f"claim/{claim_id}")
    return doc


def claims(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the claims that the actor may see, newest first; queue: those whose next step is the actor's
    duty.
    """
    filter = _scope(reader.actor)
    filter |= {name: body[name] for name in ("status", "project_id") if body[name] is not None}
    if body["queue"]:
        mine = [
            status for status, duty in review.TURN_OF.items() if review.OFFICER_OF[duty] in reader.actor.roles
        ]
        due: list[dict[str, Any]] = [{"status": {"$in": mine}}]
        if review.OFFICER_OF[review.DECISION] in reader.actor.roles:
            due.append({"status": "computed", "outcome": "decision_needed"})
        filter = {"$and": [filter, {"$or": due}]}
    found, following = newest_first(reader, "claims", filter, "submitted_at", body)
    return {"items": [claim(doc) for doc in found], "next": following}


def calculation(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Show a calculation line by line, the facts under it, and whether it computes again to the same fen."""
    found: Claim = store.claim_of(visible_claim(reader, body["claim_id"]))
    return calculation_of(reader, found, body["attempt"] or found.attempt)


def calculation_of(reader: Reader, found: Claim, attempt: int) -> dict[str, Any]:
    """Return one calculation of a claim as it is answered. Raises Refusal `not_found`."""
    kept = store.calculation(reader, found.id, attempt)
    if kept is None:
        raise Refusal("not_found", field="attempt", what=f"calculation/{found.id}:{attempt}")
    facts, result = kept
    shown = result.to_dict()
    return {
        "claim_id": found.id,
        "attempt": attempt,
        "kind": result.kind,
        "outcome": result.outcome,
        "day": result.day,
        "rules_edition": result.edition,
        "rules_hash": result.hash,
        "total_fen": result.total_fen,
        "computes_again": still_computes(facts, result),
        "lines": shown["lines"],
        "refusals": shown["refusals"],
        "facts": plain(facts),
    }


def account(doc: Document) -> dict[str, Any]:
    """Return a fund account's document as it is answered."""
    found = books.account_of(doc)
    return {
        **vars(found),
        "id": found.id,
        "version": doc["version"],
        "available_fen": found.available_fen,
        "entries": found.head.number,
        "head": found.head.hash,
    }


def visible_account(reader: Reader, account_id: str) -> Document:
    """Return a fund account of the officer's region. Raises Refusal `not_found` or `region.forbidden`."""
    doc = reader.get("fund_accounts", account_id)
    if doc is None:
        raise Refusal("not_found", what=f"fund/{account_id}")
    reader.actor.require_region(doc["region"])
    return doc


def accounts(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the fund accounts of the officer's region, by id."""
    found, following = part_by_account(reader, "fund_accounts", body, body["year"])
    return {"items": [account(doc) for doc in found], "next": following}


def part_by_account(
    reader: Reader, collection: str, body: Mapping[str, Any], year: int | None = None
) -> tuple[list[Document], str | None]:
    """Return accounts of the officer's region after a position, by id, and the position of the next part.

    body: `cursor` and `limit` (contracts.commands.settlement_funds.ByAccount).
    """
    filter: dict[str, Any] = {"region": {"$in": regions_of(reader.actor)}} | ({"year": year} if year else {})
    filter |= {"_id": {"$gt": body["cursor"]}} if body["cursor"] is not None else {}
    found = reader.find(collection, filter, [("_id", 1)], body["limit"] + 1)
    shown = found[: body["limit"]]
    return shown, shown[-1]["_id"] if len(found) > len(shown) else None


def ledger(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List an account's entries in their order."""
    chain = visible_account(reader, body["account_id"])["_id"]
    if body["cursor"] is not None and not body["cursor"].isdigit():
        raise Refusal("invalid", field="cursor", reason="不是本接口给出的游标 / not a cursor of this list")
    found = books.entries(reader, chain, int(body["cursor"] or 0), body["limit"] + 1)
    items = found[: body["limit"]]
    following = str(items[-1].number) if len(found) > len(items) else None
    return {
        "items": [{**plain(each), "at": each.at, "id": books.entry_id(each)} for each in items],
        "next": following,
    }


def payment(doc: Document) -> dict[str, Any]:
    """Return a payment line's document as it is answered."""
    line = books.payment_of(doc)
    return {**vars(line), "version": doc["version"], "instruction": line.instruction}


def visible_payment(reader: Reader, payment_id: str) -> Document:
    """Return a line that the actor may see. Raises Refusal `not_found`."""
    doc = reader.get("payments", payment_id)
    if doc is not None:
        own = reader.actor.person_ref is not None and doc["payee_ref"] == reader.actor.person_ref
        if own or _may_see(reader.actor, doc["region"], doc["claimant_ref"]):
            return doc
    raise Refusal("not_found", what=f"payment/{payment_id}")


def payments(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List payment lines, newest first: a worker's own, a provider's claims', an officer's region's."""
    if roles.WORKER in reader.actor.roles:
        filter: dict[str, Any] = {"payee_ref": reader.actor.person_ref or ""}
    else:
        filter = _scope(reader.actor)
    filter |= {name: body[name] for name in ("claim_id", "status") if body[name] is not None}
    found, following = newest_first(reader, "payments", filter, "ordered_at", body)
    return {"items": [payment(doc) for doc in found], "next": following}


def regions_of(actor: Actor) -> list[str]:
    """Return the regions that an officer acts for; none for others."""
    return (
        [] if actor.region is None else [code for code in regions.CODES if regions.covers(actor.region, code)]
    )


def _may_see(actor: Actor, region: str, claimant_ref: str) -> bool:
    if actor.roles & CLAIMANTS:
        return claimant_ref in _stands_for(actor)
    return actor.region is not None and regions.covers(actor.region, region)


def _scope(actor: Actor) -> dict[str, Any]:
    if actor.roles & CLAIMANTS:
        return {"claimant_ref": {"$in": _stands_for(actor)}}
    return {"region": {"$in": regions_of(actor)}}


def _stands_for(actor: Actor) -> list[str]:
    return [ref for ref in (actor.body_ref, actor.person_ref) if ref is not None]
