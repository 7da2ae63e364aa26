"""Transfers between fund accounts, and memorandum accounts."""

from collections.abc import Mapping
from typing import Any

from contracts.events import settlement_books as told
from contracts.vocabularies.dates import calendar_year
from services.chassis.calls import Reader
from services.chassis.paging import newest_first
from services.chassis.unit import Unit
from services.settlement import views
from services.settlement.domain import funds, memorandum, transfers
from services.settlement.domain.ledger import Cause
from services.settlement.domain.transfers import Key, Transfer
from services.settlement.store import books, periods
from services.settlement.store.documents import Document, plain


def transfer(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Move budget between two accounts of a city.

    Raises Refusal `region.forbidden` unless the officer's region covers both, `not_found`, and those of the
    domain.
    """
    giver, taker = (transfers.key_of(body[name], name) for name in ("from_account", "to_account"))
    for key in (giver, taker):
        unit.actor.require_region(key.region)
    kind = transfers.check(giver, taker, calendar_year(unit.now))
    transfers.check_within_city(kind)
    made = _transfer(unit, body, kind, (giver, taker))
    move(unit, made)
    return vars(made)


def move(unit: Unit, made: Transfer) -> None:
    """Book a transfer that was decided: two entries in one transaction.

    Raises Refusal `not_found` without the giving account, `settlement.transfer_overdraft`, and
    `settlement.month_closed`.
    """
    account = books.require_account(unit, made.from_account)
    other = books.account(unit, made.to_account) or funds.opened(made.fund, made.to_region, made.year)
    cause = Cause(f"transfer.{made.kind}", made.by, made.reason, about=made.id)
    (after, out), (other_after, into) = transfers.transfer(account, other, made.amount_fen, made.at, cause)
    fact = {
        "transfer_id": made.id,
        "kind": made.kind,
        "to_account": made.to_account,
        "amount_fen": made.amount_fen,
        "document": made.document,
    }
    books.save_account(unit, after, out, told_also=[(told.FUNDS_TRANSFERRED, fact)])
    books.save_account(unit, other_after, into)
    unit.insert("transfers", {"_id": made.id, **{k: v for k, v in plain(made).items() if k != "id"}})


def transfer_list(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the transfers from or to accounts of the officer's region, newest first."""
    mine = {"$in": views.regions_of(reader.actor)}
    filter = {"$or": [{"from_region": mine}, {"to_region": mine}]}
    found, following = newest_first(reader, "transfers", filter, "at", body)
    return {"items": [{**doc, "id": doc["_id"]} for doc in found], "next": following}


def note(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Note others' money in the officer's region, in this year's account. Raises Refusal as the domain."""
    unit.actor.require_region(body["region"])
    year = calendar_year(unit.now)
    known = periods.memorandum(unit, funds.account_id(body["fund"], body["region"], year))
    account = known or memorandum.opened(body["fund"], body["region"], year)
    cause = Cause("note", unit.actor.account, body["reason"], body["claim_id"], about=body["about"])
    changed, entry = memorandum.note(account, body["amount_fen"], unit.now, cause)
    return memorandum_shown(periods.save_memorandum(unit, changed, entry))


def memorandum_list(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """List the memorandum accounts of the officer's region, by id."""
    found, following = views.part_by_account(reader, "memorandum_accounts", body, body["year"])
    return {"items": [memorandum_shown(doc) for doc in found], "next": following}


def memorandum_shown(doc: Document) -> dict[str, Any]:
    """Return a memorandum account's document as it is answered."""
    account = periods.memorandum_of(doc)
    return {
        **vars(account),
        "id": account.id,
        "version": doc["version"],
        "entries": account.head.number,
        "head": account.head.hash,
    }


def _transfer(unit: Unit, body: Mapping[str, Any], kind: str, sides: tuple[Key, Key]) -> Transfer:
    giver, taker = sides
    return Transfer(
        id=unit.new_id(),
        kind=kind,
        fund=giver.fund,
        year=giver.year,
        from_account=body["from_account"],
        to_account=body["to_account"],
        from_region=giver.region,
        to_region=taker.region,
        amount_fen=body["amount_fen"],
        document=body["document"],
        by=unit.actor.account,
        reason=body["reason"],
        at=unit.now,
    )
