"""Signing what others check with public tools: JWTs of the W3C model, SD-JWTs, status lists.

Formats: VC Data Model 2.0 secured as `vc+jwt` (VC-JOSE-COSE), which Open Badges 3.0 reads as its JWT proof;
SD-JWT VC (`dc+sd-jwt`); Bitstring Status List 1.0 and IETF Token Status List over the same bits. Ed25519.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer

from services.chassis.settings import Settings

VC_JWT: Final = "vc+jwt"
SD_JWT: Final = "dc+sd-jwt"
STATUS_JWT: Final = "statuslist+jwt"
_ALGORITHM: Final = "EdDSA"
_BITS: Final = 8


def unpadded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Issuer:
    """The platform as an issuer: its DID (did:web), its addresses and its keys.

    kid, seed: of the key that signs now; old: public keys by kid that stay published.
    """

    def __init__(self, public_url: str, kid: str, seed: bytes, old: Mapping[str, bytes]) -> None:
        parts = urlsplit(public_url)
        path = [each for each in parts.path.split("/") if each]
        self.id = ":".join(["did:web", quote(parts.netloc, safe=""), *path, "v1", "issuer"])
        self.base = f"{public_url}/v1/issuer"
        self._kid = kid
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._public = {kid: public, **{name: key for name, key in old.items() if name != kid}}
        self._sd_key = JWK(kty="OKP", crv="Ed25519", x=unpadded(public), d=unpadded(seed))

    @property
    def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set (RFC 7517)."""
        return {"keys": [self._jwk(kid) for kid in self._public]}

    @property
    def did_document(self) -> dict[str, Any]:
        """The DID document with the same keys."""
        ids = [self._key_id(kid) for kid in self._public]
        methods = [
            {
                "id": self._key_id(kid),
                "type": "JsonWebKey",
                "controller": self.id,
                "publicKeyJwk": self._jwk(kid),
            }
            for kid in self._public
        ]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": self.id,
            "verificationMethod": methods,
            "assertionMethod": ids,
        }

    def signed(self, claims: Mapping[str, Any], kind: str) -> str:
        """Return claims as a signed JWT of a media type (`typ`)."""
        headers = {"typ": kind, "kid": self._key_id(self._kid)}
        return jwt.encode(dict(claims), self._key, algorithm=_ALGORITHM, headers=headers)

    def selectively(
        self, open_claims: Mapping[str, Any], hidden: Mapping[str, Any], holder_key: str | None
    ) -> str:
        """Return an SD-JWT: each hidden claim is shown or left out by its holder. Salts are new each time."""
        issuer = SDJWTIssuer(
            {**open_claims, **{SDObj(name): value for name, value in hidden.items()}},
            self._sd_key,
            holder_key=holder_jwk(holder_key) if holder_key else None,
            sign_alg=_ALGORITHM,
            extra_header_parameters={"typ": SD_JWT, "kid": self._key_id(self._kid)},
        )
        return str(issuer.sd_jwt_issuance)

    def _key_id(self, kid: str) -> str:
        return f"{self.id}#{kid}"

    def _jwk(self, kid: str) -> dict[str, Any]:
        x = unpadded(self._public[kid])
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": x,
            "kid": self._key_id(kid),
            "alg": _ALGORITHM,
            "use": "sig",
        }


def holder_jwk(key: str) -> JWK:
    """Return a device's P-256 key (contracts.devices.DeviceKey) as a JWK."""
    point = base64.b64decode(key)
    return JWK(kty="EC", crv="P-256", x=unpadded(point[1:33]), y=unpadded(point[33:]))


def bitstring(revoked: Iterable[int], bits: int) -> str:
    """Return a W3C status list: GZIP, the first index in the highest bit, multibase base64url."""
    raw = bytearray(bits // _BITS)
    for index in revoked:
        raw[index // _BITS] |= 0x80 >> index % _BITS
    return "u" + unpadded(gzip.compress(bytes(raw), mtime=0))


def token_list(revoked: Iterable[int], bits: int) -> str:
    """Return an IETF status list of one bit each: ZLIB, the first index in the lowest bit, base64url."""
    raw = bytearray(bits // _BITS)
    for index in revoked:
        raw[index // _BITS] |= 1 << index % _BITS
    return unpadded(zlib.compress(bytes(raw), 9))


def issuer_of(settings: Settings) -> Issuer:
    """Return the process's issuer."""
    kid, seed = settings.credential_signing_key()
    old = json.dumps({name: key.hex() for name, key in settings.credential_old_keys().items()})
    return _issuer(settings.public_url(), kid, seed, old)


@cache
def _issuer(public_url: str, kid: str, seed: bytes, old: str) -> Issuer:
    return Issuer(public_url, kid, seed, {name: bytes.fromhex(key) for name, key in json.loads(old).items()})
