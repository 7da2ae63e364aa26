"""What anyone checks credentials with, at the addresses that they name: /v1/issuer/…"""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, json
from marshmallow import fields, validate

from contracts.commands import selection_sharing as c
from contracts.fields import Contract
from contracts.personal import Nothing
from gateway.api.answering import digest
from gateway.api.endpoint import Asked, Endpoint
from gateway.parts import parts

_TAG: Final = "selection"
# a revocation holds at once: nobody may keep a list or a key without asking whether it still stands
_FRESH: Final = "public, no-cache"


class ListAsked(Contract):
    """list_id: the number of the list, as credentials name it."""

    list_id = fields.String(required=True, validate=validate.Regexp(r"^[1-9]\d{0,5}\Z"))


def _did(asked: Asked) -> Response:
    return _document(parts().services.call(c.ISSUER, {}, None)["did_document"], "application/did+json")


def _jwks(asked: Asked) -> Response:
    return _document(parts().services.call(c.ISSUER, {}, None)["jwks"], "application/jwk-set+json")


def _status(asked: Asked) -> Response:
    return _list(asked, "bitstring")


def _token_status(asked: Asked) -> Response:
    return _list(asked, "token")


def _list(asked: Asked, form: str) -> Response:
    told = parts().services.call(c.STATUS_LIST, {**asked.body, "form": form}, None)
    return _fresh(Response(told["credential"], content_type=told["media_type"]))


def _document(content: Mapping[str, Any], media_type: str) -> Response:
    raw = json.dumps(content, ensure_ascii=False).encode()
    response = _fresh(Response(raw, content_type=media_type))
    response.set_etag(digest(raw))
    return response


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = _FRESH
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _own(name: str, rule: str, run: Any, summary: str, request: Any = Nothing) -> Endpoint:
    return Endpoint(
        f"issuer-{name}", "GET", f"/issuer/{rule}", _TAG, request, None, frozenset(), run, open=True,
        binary=True, summary=summary,
    )  # fmt: skip


ENDPOINTS = [
    _own("did", "did.json", _did, "签发者文档 / the issuer's DID document (did:web)"),
    _own("jwks", "jwks.json", _jwks, "签发者公钥 / the issuer's keys as a JSON Web Key Set"),
    _own(
        "status", "status-lists/<list_id>", _status, "凭证状态表 / a Bitstring Status List, vc+jwt",
        ListAsked,
    ),
    _own(
        "token-status", "token-status-lists/<list_id>", _token_status,
        "凭证状态表 / a Token Status List, statuslist+jwt", ListAsked,
    ),
]  # fmt: skip
