"""Attachments of opened bids: /v1/sourcings/<sourcing_id>/bids/<bid_id>/files. Bytes come in parts (0011)."""

import base64
import hashlib
import tempfile
from typing import Final

from flask import Response

from contracts.commands import acceptance_bids as c
from contracts.vocabularies import bid_files as words
from contracts.vocabularies.errors import Refusal
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.files import attached
from gateway.parts import parts

_IN_MEMORY: Final = 1_000_000
_TAG: Final = "acceptance"


class DownloadBidFile(c.BidFileRequest):
    """The content as the bidder sealed it. Refused when its bytes do not fit the hash in the bid."""


def _download(asked: Asked) -> Response:
    wanted = {name: asked.body[name] for name in ("sourcing_id", "bid_id", "sha256")}
    file = parts().services.call(c.OPEN_BID_FILE, wanted, asked.account)
    whole = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed with the response
    made = hashlib.sha256()
    for number in range(-(-file["size"] // words.PART_BYTES)):
        part = parts().services.call(c.READ_BID_FILE_PART, {**wanted, "part": number}, asked.account)
        raw = base64.b64decode(part["content"])
        made.update(raw)
        whole.write(raw)
    if made.hexdigest() != file["sha256"]:
        whole.close()
        raise Refusal("acceptance.attachment_unreadable", problem="swapped")
    whole.seek(0)
    return attached(file, whole)


ENDPOINTS = [
    Endpoint(
        "bid-file-content", "GET", "/sourcings/<sourcing_id>/bids/<bid_id>/files/<sha256>", _TAG,
        DownloadBidFile, None, c.OPEN_BID_FILE.roles, _download, binary=True,
        summary="下载标书附件 / an attachment of an opened bid",
    ),
]  # fmt: skip
