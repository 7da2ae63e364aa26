"""Catalogues as files: /v1/catalogue-editions/<edition_id>/file and /list, /v1/demand-summary/file."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, request

from contracts.commands import catalogue_editions as c
from contracts.commands import catalogue_summary as summaries
from contracts.fields import Contract, Day, LongText, Name, Ref, one_of
from contracts.vocabularies.catalogues import FORMATS, MOST_IN_A_LIST
from contracts.vocabularies.errors import Refusal
from gateway.api.answering import digest
from gateway.api.attachments import attachment
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.catalogue_files import LARGEST, MEDIA_TYPES, edition_file, read_list, summary_file
from gateway.parts import parts

_TAG: Final = "catalogue"


class EditionFileRequest(c.EditionRequest):
    format = one_of(FORMATS, required=True)


class SummaryFileRequest(summaries.SummariseRequest):
    format = one_of(FORMATS, required=True)


class UploadList(Contract):
    """A form with one workbook (xlsx): a list of another authority, whole. Its columns as in the file that
    the edition is downloaded as; items that are not in it leave the catalogue, for the reason given.
    """

    edition_id = Ref(required=True)
    authority = Name(required=True)
    document = Name(required=True)
    day = Day(required=True)
    reason = LongText(required=True)
    file = Name(required=True, metadata={"type": "string", "format": "binary"})


def _edition(asked: Asked) -> Response:
    format = asked.body["format"]
    wanted = {"edition_id": asked.body["edition_id"]}
    edition = parts().services.call(c.GET_EDITION, wanted, asked.account)
    # an edition that stands under a version never changes, so a file that the client has is not made again
    etag = hashlib.sha256(f"{edition['id']}:{edition['version']}:{format}".encode()).hexdigest()[:32]
    if etag in request.if_none_match:
        return Response(status=304)
    content = edition_file(format, edition, _items(asked, wanted))
    name = f"{edition['kind']}-{edition['region']}-{edition['number']}.{format}"
    return attachment(content, name, MEDIA_TYPES[format], etag)


def _items(asked: Asked, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        page = {**wanted, "limit": c.MOST_READ, **({"cursor": cursor} if cursor else {})}
        found = parts().services.call(c.EDITION_ITEMS, page, asked.account)
        yield from found["items"]
        cursor = found["next"]


def _summary(asked: Asked) -> Response:
    format = asked.body.pop("format")
    by = asked.body.get("by") or ["county", "occupation", "level"]
    found = parts().services.call(summaries.SUMMARISE_DEMANDS, asked.body, asked.account)
    content = summary_file(format, by, found)
    return attachment(content, f"demand-summary.{format}", MEDIA_TYPES[format], digest(content))


def _upload(asked: Asked) -> dict[str, Any]:
    content = request.files[FILE].stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refusal("gateway.sheet_size", field=FILE, rows=MOST_IN_A_LIST, bytes=LARGEST)
    wanted = {"edition_id": asked.body["edition_id"]}
    edition = parts().services.call(c.GET_EDITION, wanted, asked.account)
    source = {name: asked.body[name] for name in ("authority", "document", "day")}
    told = {
        **wanted, "source": source, "reason": asked.body["reason"],
        "items": read_list(edition["kind"], content),
    }  # fmt: skip
    return parts().services.call(c.TAKE_LIST, told, asked.account, asked.key, asked.expected_version)


ENDPOINTS = [
    Endpoint(
        "edition-file", "GET", "/catalogue-editions/<edition_id>/file", _TAG, EditionFileRequest, None,
        c.GET_EDITION.roles, _edition, open=True, binary=True, summary="目录版次文件 / an edition as a file",
    ),
    Endpoint(
        "demand-summary-file", "GET", "/demand-summary/file", _TAG, SummaryFileRequest, None,
        summaries.SUMMARISE_DEMANDS.roles, _summary, binary=True,
        summary="需求汇总文件 / the summary as a file",
    ),
    Endpoint(
        "take-list", "POST", "/catalogue-editions/<edition_id>/list/file", _TAG, UploadList, c.Edition,
        c.TAKE_LIST.roles, _upload, changes=True, form=True, max_bytes=LARGEST,
        summary="导入教育部门名单 / take a list in from a workbook",
    ),
]  # fmt: skip
