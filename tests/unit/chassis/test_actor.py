import threading
import time
from dataclasses import replace

import jwt
import pytest

from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor, SigningKey, Verifier, sign

GATEWAY = SigningKey("gateway-1", bytes([1]) * 32)
NEXT = SigningKey("gateway-2", bytes([2]) * 32)
SETTLEMENT = SigningKey("settlement-1", bytes([3]) * 32)
KEYS = {key.kid: key.public_bytes() for key in (GATEWAY, NEXT, SETTLEMENT)}
OFFICER = Actor("acc-1", frozenset({"catalogue_officer", "supervisor"}), region="370600")
SERVICE = Actor("service:settlement", frozenset({"service:settlement"}))


def code_of(token: str) -> str:
    with pytest.raises(Refusal) as caught:
        Verifier(KEYS).verify(token)
    return caught.value.code


@pytest.mark.parametrize(
    "actor",
    [
        OFFICER,
        Actor("a", frozenset({"worker"}), person_ref="p1"),
        Actor("b", frozenset(), None, None, "b1", "o1"),
    ],
)
def test_a_signed_actor_comes_back_whole(actor: Actor) -> None:
    verifier = Verifier(KEYS)
    token = sign(actor, GATEWAY)
    assert verifier.verify(token) == actor
    assert verifier.verify(token) == actor


def test_both_keys_hold_while_one_replaces_the_other() -> None:
    verifier = Verifier(KEYS)
    assert verifier.verify(sign(OFFICER, GATEWAY)) == verifier.verify(sign(OFFICER, NEXT)) == OFFICER
    assert code_of(sign(OFFICER, SigningKey("gateway-3", bytes([4]) * 32))) == "actor.invalid"


def test_a_known_kid_with_another_key_is_invalid() -> None:
    assert code_of(sign(OFFICER, SigningKey("gateway-1", bytes([9]) * 32))) == "actor.invalid"


def test_expiry_is_seen_also_for_a_token_verified_before(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Verifier(KEYS)
    token = sign(OFFICER, GATEWAY, ttl=60)
    assert verifier.verify(token) == OFFICER
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Refusal) as caught:
        verifier.verify(token)
    assert caught.value.code == "actor.expired"


def test_expired_at_first_sight() -> None:
    assert code_of(sign(OFFICER, GATEWAY, ttl=-1)) == "actor.expired"


def test_a_service_speaks_for_itself_alone() -> None:
    assert Verifier(KEYS).verify(sign(SERVICE, SETTLEMENT)) == SERVICE


@pytest.mark.parametrize(
    "actor",
    [
        replace(SERVICE, account="service:intake"),
        replace(SERVICE, roles=frozenset({"payment_officer"})),
        replace(SERVICE, roles=SERVICE.roles | {"administrator"}),
        replace(SERVICE, region="370000"),
        OFFICER,
    ],
)
def test_a_service_key_cannot_stand_for_anybody_else(actor: Actor) -> None:
    assert code_of(sign(actor, SETTLEMENT)) == "actor.invalid"


@pytest.mark.parametrize("actor", [SERVICE, replace(OFFICER, roles=frozenset({"service:settlement"}))])
def test_the_gateway_cannot_stand_for_a_service(actor: Actor) -> None:
    assert code_of(sign(actor, GATEWAY)) == "actor.invalid"


def forged() -> list[str]:
    good = {"sub": "a", "roles": ["worker"], "exp": int(time.time()) + 3600}
    header = {"kid": "gateway-1"}
    head, claims, signature = sign(OFFICER, GATEWAY).split(".")
    return [
        "",
        "x",
        "a.b.c",
        f"{head}.{claims}.",
        f"{head}.{jwt.utils.base64url_encode(b'{}').decode()}.{signature}",
        jwt.encode(good, "", algorithm="none", headers=header),
        jwt.encode(good, KEYS["gateway-1"].hex(), algorithm="HS256", headers=header),
        jwt.encode(good, GATEWAY.private, algorithm="EdDSA"),
        jwt.encode({**good, "roles": "worker"}, GATEWAY.private, algorithm="EdDSA", headers=header),
        jwt.encode({**good, "region": 37}, GATEWAY.private, algorithm="EdDSA", headers=header),
        jwt.encode({"sub": "a", "roles": []}, GATEWAY.private, algorithm="EdDSA", headers=header),
        jwt.encode({"roles": [], "exp": good["exp"]}, GATEWAY.private, algorithm="EdDSA", headers=header),
        jwt.encode(good, GATEWAY.private, algorithm="EdDSA", headers={"kid": "settlement-1"}),
    ]


@pytest.mark.parametrize("token", forged(), ids=range(len(forged())))
def test_forged_and_broken_tokens_are_invalid(token: str) -> None:
    assert code_of(token) == "actor.invalid"


def test_the_cache_stays_small_and_serves_many_threads() -> None:
    verifier = Verifier(KEYS, cached=8)
    actors = [replace(OFFICER, account=f"acc-{n}") for n in range(40)]
    tokens = [sign(actor, GATEWAY) for actor in actors]
    wrong: list[str] = []

    def work() -> None:
        for actor, token in zip(actors, tokens, strict=True):
            if verifier.verify(token) != actor:
                wrong.append(token)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(verifier._seen) == 8


def test_region() -> None:
    OFFICER.require_region("370611")
    OFFICER.require_region("370600")
    for officer, code in [(OFFICER, "370100"), (OFFICER, "370000"), (OFFICER, "999999"), (SERVICE, "370611")]:
        with pytest.raises(Refusal) as caught:
            officer.require_region(code)
        assert caught.value.code == "region.forbidden"
