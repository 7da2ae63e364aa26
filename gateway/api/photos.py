"""Photos of spot checks: /v1/classes/<class_id>/spot-checks/<check_id>/photos."""

import base64
import hashlib
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request

from contracts.commands import acceptance_supervision as c
from contracts.fields import Contract, Name, Ref
from contracts.vocabularies.attendance import MOST_PHOTOS, PHOTO_BYTES
from contracts.vocabularies.errors import Refusal
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.parts import parts

_TAG: Final = "acceptance"


class UploadPhoto(Contract):
    """A form with one photo, JPEG or PNG, scaled down to what a screen shows."""

    class_id = Ref(required=True)
    check_id = Ref(required=True)
    file = Name(required=True, metadata={"type": "string", "format": "binary"})


def _upload(asked: Asked) -> dict[str, Any]:
    content = request.files[FILE].stream.read(PHOTO_BYTES + 1)
    if not 0 < len(content) <= PHOTO_BYTES:
        raise Refusal("acceptance.photo_size", field=FILE, most=PHOTO_BYTES, photos=MOST_PHOTOS)
    told = {name: asked.body[name] for name in ("class_id", "check_id")}
    told |= {"name": asked.body[FILE], "content": base64.b64encode(content).decode()}
    return parts().services.call(c.ADD_PHOTO, told, asked.account, asked.key)


def _download(asked: Asked) -> Response:
    photo = parts().services.call(c.OPEN_PHOTO, asked.body, asked.account)
    raw = base64.b64decode(photo["content"])
    response = Response(raw, mimetype=photo["content_type"])
    response.set_etag(hashlib.sha256(raw).hexdigest())
    # never shown in place, as every file
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(photo['name'], safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


ENDPOINTS = [
    Endpoint(
        "add-photo", "POST", "/classes/<class_id>/spot-checks/<check_id>/photos", _TAG, UploadPhoto,
        c.SpotCheck, c.ADD_PHOTO.roles, _upload, status=201, changes=True, form=True, max_bytes=PHOTO_BYTES,
        summary="上传抽查照片 / add a photo to an own spot check",
    ),
    Endpoint(
        "photo-content", "GET", "/classes/<class_id>/spot-checks/<check_id>/photos/<photo_id>", _TAG,
        c.PhotoRequest, None, c.OPEN_PHOTO.roles, _download, binary=True,
        summary="下载抽查照片 / a photo's content",
    ),
]  # fmt: skip
