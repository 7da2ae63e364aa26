"""Files of estimates: a population comes in, plot and spreadsheet go out. Bytes travel in parts, as files."""

import base64
import hashlib
from typing import Any, Final

from flask import Response

from contracts.commands import settlement_estimates as c
from contracts.fields import Contract, Name, Ref, RegionCode, one_of
from contracts.vocabularies import populations
from gateway.api.attachments import Bounds, attachment, send
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
    bounds = Bounds(populations.LARGEST, "settlement.population_large", "settlement.population_empty")
    sent = send(asked, c.PUT_POPULATION_PART, "population", {}, bounds)
    told = {"region": asked.body["region"], "name": asked.body[FILE], **vars(sent)}
    return parts().services.call(c.ADD_POPULATION, told, asked.account, f"{sent.upload_id}:add")


def _download(asked: Asked) -> Response:
    file = parts().services.call(c.ESTIMATE_FILE, asked.body, asked.account)
    raw = base64.b64decode(file["content"])
    return attachment(raw, file["name"], file["content_type"], hashlib.sha256(raw).hexdigest()[:32])


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
