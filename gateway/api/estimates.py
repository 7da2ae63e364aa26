"""Files of estimates: a population comes in, plot and spreadsheet go out. Bytes travel in parts, as files."""

import base64
import hashlib
from typing import Any, Final
from urllib.parse import quote

from flask import Response, request

from contracts.commands import settlement_estimates as c
from contracts.fields import Contract, Name, Ref, RegionCode, one_of
from contracts.vocabularies import populations
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.files import PART_BYTES
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.parts import parts

_TAG: Final = "settlement"


class UploadPopulation(Contract):
    """A form with one CSV file, packed by gzip or not; docs/operations.md names its columns."""

    region = RegionCode(required=True)
    file = Name(required=True, metadata={"type": "string", "format": "binary"})


class DownloadEstimate(Contract):
    """What came out of a finished estimate."""

    estimate_id = Ref(required=True)
    format = one_of(populations.OUTPUTS, required=True)


def _upload(asked: Asked) -> dict[str, Any]:
    content = request.files[FILE].stream
    made, size = hashlib.sha256(), 0
    while piece := content.read(PART_BYTES):
        made.update(piece)
        size += len(piece)
        if size > populations.LARGEST:
            raise Refusal("settlement.population_large", field=FILE, limit=populations.LARGEST)
    if not size:
        raise Refusal("settlement.population_empty", field=FILE)
    content.seek(0)
    # of the key, so that a retry sends the same parts to the same place
    owner = f"{asked.account.id if asked.account else ''}:{asked.key}:population"
    upload_id = hashlib.sha256(owner.encode()).hexdigest()[:32]
    for number in range(-(-size // PART_BYTES)):
        part = base64.b64encode(content.read(PART_BYTES)).decode()
        body = {"upload_id": upload_id, "number": number, "content": part}
        parts().services.call(c.PUT_POPULATION_PART, body, asked.account, f"{upload_id}:{number}")
    told = {"upload_id": upload_id, "region": asked.body["region"], "name": asked.body[FILE]}
    told |= {"sha256": made.hexdigest(), "size": size}
    return parts().services.call(c.ADD_POPULATION, told, asked.account, f"{upload_id}:add")


def _download(asked: Asked) -> Response:
    file = parts().services.call(c.ESTIMATE_FILE, asked.body, asked.account)
    raw = base64.b64decode(file["content"])
    response = Response(raw, mimetype=file["content_type"])
    response.set_etag(hashlib.sha256(raw).hexdigest()[:32])
    # never shown in place, as every file
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


ENDPOINTS = [
    Endpoint(
        "add-population", "POST", "/populations", _TAG, UploadPopulation, c.Population,
        c.ADD_POPULATION.roles, _upload, status=201, changes=True, form=True,
        max_bytes=populations.LARGEST, summary="上传测算人群 / add a population to estimate over",
    ),
    Endpoint(
        "estimate-file", "GET", "/estimates/<estimate_id>/files/<format>", _TAG, DownloadEstimate, None,
        c.ESTIMATE_FILE.roles, _download, binary=True, summary="下载测算结果 / plot, spreadsheet or table",
    ),
]  # fmt: skip
