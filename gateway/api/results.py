"""Results of a class by spreadsheet: /v1/classes/<class_id>/results/sheet."""

from typing import Final

from flask import Response, request

from contracts.commands import acceptance_assessment as c
from contracts.commands.acceptance import ClassRequest
from contracts.fields import Contract, Name, Ref, one_of
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import RESULTS_TAKEN
from gateway.api.endpoint import Asked, Endpoint
from gateway.api.reading import FILE
from gateway.parts import parts
from gateway.results_sheets import LARGEST, MEDIA_TYPE, Sheet, template

_TAG: Final = "acceptance"


class UploadResults(Contract):
    """A form with one workbook (xlsx). take: all_or_none takes nothing while one row is wrong, good_rows
    takes those that are right. The rows that were not taken come back as a workbook with the errors beside
    them; X-Rows-Taken, X-Rows-Known (on record already, as they are) and X-Rows-Wrong count them; 422 when
    rows are wrong and nothing was taken.
    """

    class_id = Ref(required=True)
    take = one_of(RESULTS_TAKEN, required=True)
    file = Name(required=True, metadata={"type": "string", "format": "binary"})


def _upload(asked: Asked) -> Response:
    content = request.files[FILE].stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refusal("gateway.sheet_size", field=FILE, rows=c.MOST_ROWS, bytes=LARGEST)
    sheet = Sheet(content)
    told = {"class_id": asked.body["class_id"], "take": asked.body["take"], "rows": sheet.rows()}
    answer = parts().services.call(c.RECORD_SHEET, told, asked.account, asked.key, asked.expected_version)
    wrong = [each["row"] for each in answer["errors"]]
    left = None if wrong and asked.body["take"] == "all_or_none" else wrong
    response = _workbook(sheet.returned(answer["errors"], left), asked.body["class_id"])
    # what took nothing must not look like a success
    response.status_code = 422 if wrong and not answer["taken"] else 200
    response.headers["X-Rows-Taken"] = str(answer["taken"])
    response.headers["X-Rows-Known"] = str(answer["known"])
    response.headers["X-Rows-Wrong"] = str(len(answer["errors"]))
    return response


def _template(asked: Asked) -> Response:
    known = parts().services.call(c.CLASS_RESULTS, asked.body, asked.account)
    waiting = [each["person_ref"] for each in known["items"] if not each["passed"]]
    return _workbook(template(waiting), asked.body["class_id"])


def _workbook(content: bytes, class_id: str) -> Response:
    response = Response(content, mimetype=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="results-{class_id}.xlsx"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


ENDPOINTS = [
    Endpoint(
        "results-sheet", "GET", "/classes/<class_id>/results/sheet", _TAG, ClassRequest, None,
        c.RECORD_SHEET.roles, _template, binary=True, summary="成绩模板 / a sheet to fill in the results",
    ),
    Endpoint(
        "add-results-sheet", "POST", "/classes/<class_id>/results/sheet", _TAG, UploadResults, None,
        c.RECORD_SHEET.roles, _upload, changes=True, form=True, binary=True, max_bytes=LARGEST,
        summary="批量导入成绩 / take the results of a workbook",
    ),
]  # fmt: skip
