"""Calls of the opening officers' keys: register, prove, retire, list."""

import base64
from hashlib import sha256
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.utils import random

from contracts.commands import acceptance_keys as c
from contracts.vocabularies import regions, roles
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, views
from services.acceptance.domain import keys as rules
from services.acceptance.domain import reinviting
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.keys import RegisteredKey
from services.acceptance.domain.sourcing import OpeningKey, Sourcing
from services.acceptance.store import sealed
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]
_PROOF_BYTES = 32


class KeyCalls:
    """Each opening officer registers the public half of a key pair made on the own device."""

    @command(c.REGISTER_OPENING_KEY)
    def register_opening_key(self, unit: Unit, body: Body) -> Body:
        """→ registered; the answer holds what only the private half can open."""
        public_key = body["public_key"]
        id = rules.key_id(public_key)
        if store.find(unit, RegisteredKey, id) is not None:
            raise Refusal("acceptance.key_known", field="public_key")
        if not unit.actor.region:
            raise Refusal("region.forbidden", region="?")
        proof = random(_PROOF_BYTES)
        key = RegisteredKey(
            id, unit.actor.account, unit.actor.region, _text(public_key), _sealed(public_key, proof),
            sha256(proof).hexdigest(), unit.now,
        )  # fmt: skip
        return _view(key, store.save(unit, key), unit.actor.account)

    @command(c.CONFIRM_OPENING_KEY)
    def confirm_opening_key(self, unit: Unit, body: Body) -> Body:
        """Registered → confirmed, by what was in the challenge."""
        key = store.target(unit, RegisteredKey, body["key_id"])
        new, facts = rules.confirm(key, unit.actor.account, body["proof"], unit.now)
        return _view(new, store.save(unit, new, facts), unit.actor.account)

    @command(c.RETIRE_OPENING_KEY)
    def retire_opening_key(self, unit: Unit, body: Body) -> Body:
        """→ retired: by its owner, or by a supervisor of the region for one who cannot any more."""
        key = store.target(unit, RegisteredKey, body["key_id"])
        if unit.actor.account != key.officer:
            if roles.SUPERVISOR not in unit.actor.roles:
                raise Refusal("owner.forbidden")
            unit.actor.require_region(key.region)
        new, facts = rules.retire(key, unit.actor.account, body["reason"], unit.now)
        return _view(new, store.save(unit, new, facts), unit.actor.account)

    @command(c.REINVITE)
    def reinvite(self, unit: Unit, body: Body) -> Body:
        """A key is lost: sealed bids are set aside, and bidders are asked anew for other keys."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        unit.actor.require_region(it.region)
        named = [store.find(unit, RegisteredKey, key.key_id) for key in it.notice.keys]
        retired = [key.id for key in named if key and key.status == "retired"]
        keys = opening_keys(unit, body["opening_officers"], it.region)
        call = (body["reason"], body["bids_until"], unit.actor.account)
        before = store.among(unit, Bid, sourcing_id=it.id)
        new, after, facts = reinviting.reinvite(it, before, retired, keys, call, unit.now)
        for old, bid in zip(before, after, strict=True):
            sealed.take(unit, bid.id, old.attachments, ())
            store.save(unit, bid)
        return views.sourcing(new, store.save(unit, new, facts), unit.now, [])

    @query(c.LIST_OPENING_KEYS)
    def list_opening_keys(self, reader: Reader, body: Body) -> Body:
        """Keys of the officers of the own region, or of one within it, page by page."""
        region = body["region"] or reader.actor.region or "?"
        reader.actor.require_region(region)
        where = {"region": {"$in": [each for each in regions.CODES if regions.covers(region, each)]}}
        items, following = store.page(reader, RegisteredKey, body["cursor"], body["limit"], **where)
        account = reader.actor.account
        return {"items": [_view(key, version, account) for key, version in items], "next": following}


def opening_keys(unit: Unit, officers: list[str], region: str) -> tuple[OpeningKey, ...]:
    """Return the keys of the officers that a notice names. Raises Refusal `acceptance.no_opening_key`."""
    found = [store.among(unit, RegisteredKey, officer=each) for each in officers]
    return rules.for_notice(officers, found, region)


def _view(key: RegisteredKey, version: int, reader: str) -> Body:
    shown = key.status == "registered" and reader == key.officer
    return {
        "id": key.id, "version": version, "status": key.status, "officer_account": key.officer,
        "region": key.region, "public_key": key.public_key, "challenge": key.challenge if shown else None,
        "registered_at": key.registered_at, "confirmed_at": key.confirmed_at,
        "retired_at": key.retired_at, "retired_for": key.retired_for,
    }  # fmt: skip


def _sealed(public_key: bytes, proof: bytes) -> str:
    try:
        return _text(SealedBox(PublicKey(public_key)).encrypt(proof))
    except (CryptoError, ValueError) as problem:
        # points of small order: whatever is sealed for them, everybody can read
        raise Refusal("acceptance.key_unusable", field="public_key") from problem


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
