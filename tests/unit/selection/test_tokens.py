"""Tokens of vouchers: checked without a network, by our reference and by a library that is not ours."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from jwcrypto import jwk, jws
from nacl.signing import SigningKey

from infra import vouchers
from infra.devices import Device
from infra.vouchers import NotGood
from services.selection import tokens

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY = ("issuer-1", SEED)
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
DEVICE = Device()


def public(seed=SEED, kid="issuer-1"):
    x = base64.urlsafe_b64encode(bytes(SigningKey(seed).verify_key)).rstrip(b"=").decode()
    return {"kid": kid, "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": x}


HOLDER = tokens.holder_of(SEED, "voucher-1", "class-1")


def token(class_id="class-1", hours=72, key=KEY, device=DEVICE.public_key):
    claims = tokens.claims_of(HOLDER, class_id, NOW, NOW + timedelta(hours=hours), device)
    return tokens.signed(key, claims)


def test_a_class_checks_a_voucher_without_a_network():
    assert vouchers.check(DEVICE.show(token(), NOW), [public()], "class-1", NOW) == HOLDER
    assert vouchers.check(DEVICE.show(token(), NOW), [public()], "class-1", NOW, {HOLDER}) == HOLDER


def test_a_library_that_is_not_ours_verifies_it_too():
    read = jws.JWS()
    read.deserialize(token(), jwk.JWK(**public()))
    assert json.loads(read.payload)["class"] == "class-1"
    forged = jws.JWS()
    with pytest.raises(jws.InvalidJWSSignature):
        forged.deserialize(token(key=("issuer-1", OTHER)), jwk.JWK(**public()))


def test_it_tells_nothing_of_person_or_voucher_and_differs_from_class_to_class():
    body = token().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert set(claims) == {"iss", "sub", "class", "iat", "exp", "cnf"}
    assert "voucher-1" not in json.dumps(claims)
    assert tokens.holder_of(SEED, "voucher-1", "class-2") != HOLDER
    assert tokens.holder_of(OTHER, "voucher-1", "class-1") != HOLDER


def tampered():
    head, body, signature = token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "class": "class-1", "exp": 2**33}).encode())
    none = base64.urlsafe_b64encode(
        json.dumps({"alg": "none", "kid": "issuer-1", "typ": "voucher+jwt"}).encode()
    )
    other = base64.urlsafe_b64encode(
        json.dumps({"alg": "EdDSA", "kid": "issuer-1", "typ": "vc+jwt"}).encode()
    )
    return {
        "changed": f"{head}.{changed.rstrip(b'=').decode()}.{signature}",
        "unsigned": f"{none.rstrip(b'=').decode()}.{body}.",
        "another kind": f"{other.rstrip(b'=').decode()}.{body}.{signature}",
        "not a token": "示例",
        "empty": "",
        "numbers": "1.2.3",
        "huge": "a" * 100_000,
    }


@pytest.mark.parametrize("name", tampered())
def test_what_was_tampered_with_is_not_good(name):
    with pytest.raises(NotGood):
        vouchers.check(DEVICE.show(tampered()[name], NOW), [public()], "class-1", NOW)


def test_what_is_not_good_is_said():
    shown = DEVICE.show(token(), NOW)
    for why, arguments in {
        "another class": (shown, [public()], "class-2", NOW),
        "not signed by a key": (shown, [public(kid="issuer-2")], "class-1", NOW),
        "signature is wrong": (shown, [public(OTHER)], "class-1", NOW),
        "not valid now": (shown, [public()], "class-1", NOW + timedelta(hours=72)),
        "too old": (shown, [public()], "class-1", NOW + timedelta(minutes=5)),
        "another device": (Device().show(token(), NOW), [public()], "class-1", NOW),
        "no longer bound": (shown, [public()], "class-1", NOW, {"somebody"}),
    }.items():
        with pytest.raises(NotGood, match=why):
            vouchers.check(*arguments)
    with pytest.raises(NotGood, match="another device"):
        vouchers.check({"token": token()}, [public()], "class-1", NOW)


def test_without_a_device_the_token_stands_alone():
    shown = {"token": token(device=None)}
    assert vouchers.check(shown, [public()], "class-1", NOW) == HOLDER
