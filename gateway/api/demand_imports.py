"""Demands by spreadsheet: /v1/demand-imports. The file is read here; its rows go on to intake in chunks."""

import hashlib
from typing import Any, Final

from flask import Response, request

from contracts.commands import intake_imports as c
from contracts.fields import Contract, Name, Ref, one_of
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.errors import Refusal
from gateway.api import answering
from gateway.api.attachments import attachment
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.demand_sheets import reading, writing
from gateway.parts import parts
from gateway.workbooks import CSV, XLSX

_TAG: Final = "intake"
_FORMS: Final = {"xlsx": XLSX, "csv": CSV}


class UploadDemands(Contract):
    """A form with one file, xlsx or csv (UTF-8 or GBK), made from the template: at most 20,000 rows.

    The answer comes when the rows are kept; they are posted afterwards, and GET tells how far that is. The
    same file again finds the same import and changes nothing; one whose sending was cut off goes on.
    """

    file = Name(required=True, metadata={"type": "string", "format": "binary"})


class DemandTemplate(Contract):
    kind = one_of(statuses.DEMAND_KINDS, required=True)
    format = one_of(_FORMS, load_default="xlsx")


class WrongRowsSheet(Contract):
    """The rows that were not posted, each with its error beside it. Corrected, it can be sent again."""

    import_id = Ref(required=True)
    format = one_of(_FORMS, load_default="xlsx")


def _upload(asked: Asked) -> Response:
    content = request.files[FILE].stream.read(reading.LARGEST + 1)
    if len(content) > reading.LARGEST:
        raise Refusal("gateway.too_large", field=FILE, limit=reading.LARGEST)
    sheet = reading.read(content)
    chunks = sheet.chunks()
    told = {
        "sha256": hashlib.sha256(content).hexdigest(), "kind": sheet.kind, "encoding": sheet.encoding,
        "rows": len(sheet.rows), "chunks": len(chunks),
    }  # fmt: skip
    call = parts().services.call
    answer = call(c.START_IMPORT, told, asked.account, f"{asked.key}:start")
    waiting = answer["missing"]
    for number in waiting:
        chunk = {"import_id": answer["id"], "number": number, "rows": chunks[number]}
        answer = call(c.PUT_ROWS, chunk, asked.account, f"{asked.key}:{number}")
    return answering.of_result(answer, 202 if waiting else 200)


def _template(asked: Asked) -> Response:
    kind, form = asked.body["kind"], asked.body.get("format", "xlsx")
    return _file(writing.template(kind, form), f"demands-{kind}.{form}", form)


def _wrong(asked: Asked) -> Response:
    form, told = asked.body.get("format", "xlsx"), {"import_id": asked.body["import_id"], "after": 0}
    found = parts().services.call(c.WRONG_ROWS, told, asked.account)
    items: list[dict[str, Any]] = found["items"]
    while found["more"]:
        told["after"] = items[-1]["row"]
        found = parts().services.call(c.WRONG_ROWS, told, asked.account)
        items += found["items"]
    return _file(writing.returned(found["kind"], form, items), f"wrong-{told['import_id'][:8]}.{form}", form)


def _file(content: bytes, name: str, form: str) -> Response:
    return attachment(content, name, _FORMS[form], hashlib.sha256(content).hexdigest())


ENDPOINTS = [
    Endpoint(
        "demand-template", "GET", "/demand-imports/template", _TAG, DemandTemplate, None,
        frozenset({roles.ENTERPRISE, roles.AGENCY}), _template, binary=True,
        summary="批量提单模板 / a sheet to fill in demands",
    ),
    Endpoint(
        "add-demand-import", "POST", "/demand-imports", _TAG, UploadDemands, c.Import,
        c.START_IMPORT.roles, _upload, status=202, changes=True, form=True, max_bytes=reading.LARGEST,
        summary="批量提单 / post the demands of a sheet",
    ),
    Endpoint(
        "demand-import-wrong", "GET", "/demand-imports/<import_id>/wrong-rows", _TAG, WrongRowsSheet, None,
        c.WRONG_ROWS.roles, _wrong, binary=True, summary="未通过的行 / the rows that were not posted",
    ),
]  # fmt: skip
