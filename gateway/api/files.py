"""Files of a claim: /v1/claims/<claim_id>/files. Bytes go to settlement in parts (decision 0011)."""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from typing import Any, Final

from flask import Response

from contracts.commands import settlement_files as c
from contracts.fields import Contract, Name, Ref, one_of
from contracts.vocabularies import files as words
from contracts.vocabularies.errors import Refusal
from gateway.api.attachments import Bounds, attachment, send
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.parts import parts

_IN_MEMORY: Final = 1_000_000
_TAG: Final = "settlement"


class UploadFile(Contract):
    """A form with one file. Its type is found in its content; the name's ending has to agree with it."""

    claim_id = Ref(required=True)
    kind = one_of(words.KINDS, required=True)
    file = Name(required=True, metadata={"type": "string", "format": "binary"})


class DownloadFile(Contract):
    """The content as it was added. Refused when its bytes no longer fit the hash."""

    claim_id = Ref(required=True)
    file_id = Ref(required=True)


def _upload(asked: Asked) -> dict[str, Any]:
    claim_id, kind = asked.body["claim_id"], asked.body["kind"]
    bounds = Bounds(words.LARGEST[kind], "settlement.file_too_large", "settlement.file_empty")
    sent = send(asked, c.PUT_FILE_PART, claim_id, {"claim_id": claim_id}, bounds)
    told = {"claim_id": claim_id, "kind": kind, "name": asked.body[FILE], **vars(sent)}
    return parts().services.call(c.ATTACH_FILE, told, asked.account, f"{sent.upload_id}:attach")


def _download(asked: Asked) -> Response:
    wanted = {"claim_id": asked.body["claim_id"], "file_id": asked.body["file_id"]}
    file = parts().services.call(c.OPEN_FILE, wanted, asked.account)
    whole = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed with the response
    made = hashlib.sha256()
    for number in range(words.parts_of(file["size"])):
        part = parts().services.call(c.READ_FILE_PART, {**wanted, "number": number}, asked.account)
        raw = base64.b64decode(part["content"])
        made.update(raw)
        whole.write(raw)
    if made.hexdigest() != file["sha256"]:
        whole.close()
        raise Refusal("settlement.evidence_edited", file_id=file["id"])
    whole.seek(0)
    return attached(file, whole)


def attached(file: dict[str, Any], whole: Any) -> Response:
    response = attachment(_pieces(whole), file["name"], file["content_type"], file["sha256"])
    response.call_on_close(whole.close)
    response.content_length = file["size"]
    return response


def _pieces(whole: Any) -> Iterator[bytes]:
    while piece := whole.read(65536):
        yield piece


ENDPOINTS = [
    Endpoint(
        "add-claim-file", "POST", "/claims/<claim_id>/files", _TAG, UploadFile, c.ClaimFile,
        c.ATTACH_FILE.roles, _upload, status=201, changes=True, form=True,
        max_bytes=words.LARGEST_OF_ALL, summary="添加佐证材料 / add a file to an own claim",
    ),
    Endpoint(
        "claim-file-content", "GET", "/claims/<claim_id>/files/<file_id>/content", _TAG, DownloadFile, None,
        c.OPEN_FILE.roles, _download, binary=True, summary="下载佐证材料 / a file's content",
    ),
]  # fmt: skip
