"""Files in and out: a form's file goes on in parts (decision 0011), a file is answered to be saved."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Response, request

from contracts.registry import Command
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.files import PART_BYTES, parts_of
from gateway.api.endpoint import Asked
from gateway.api.reading import FILE
from gateway.parts import parts


@dataclass(frozen=True)
class Bounds:
    """How large a file may be, and the codes of the refusals when it is larger or empty."""

    largest: int
    too_large: str
    empty: str


@dataclass(frozen=True)
class Sent:
    """A file whose parts the service has."""

    upload_id: str
    sha256: str
    size: int


def send(asked: Asked, put: Command, place: str, about: Mapping[str, Any], bounds: Bounds) -> Sent:
    """Send the file of a form on in parts. place: what it is for; about: what each part says beside it.

    Raises Refusal: the two of `bounds`, and those of the service.
    """
    content = request.files[FILE].stream
    made, size = hashlib.sha256(), 0
    while piece := content.read(PART_BYTES):
        made.update(piece)
        size += len(piece)
        if size > bounds.largest:
            raise Refusal(bounds.too_large, field=FILE, limit=bounds.largest)
    if not size:
        raise Refusal(bounds.empty, field=FILE)
    content.seek(0)
    # of the key, so that a retry sends the same parts to the same place
    owner = f"{asked.account.id if asked.account else ''}:{asked.key}:{place}"
    upload_id = hashlib.sha256(owner.encode()).hexdigest()[:32]
    for number in range(parts_of(size)):
        part = base64.b64encode(content.read(PART_BYTES)).decode()
        body = {**about, "upload_id": upload_id, "number": number, "content": part}
        parts().services.call(put, body, asked.account, f"{upload_id}:{number}")
    return Sent(upload_id, made.hexdigest(), size)


def attachment(content: bytes | Iterable[bytes], name: str, media_type: str, etag: str) -> Response:
    """Return a file to be saved, never shown in place: whatever it holds gets no origin of ours."""
    response = Response(content, content_type=media_type)
    response.set_etag(etag)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
