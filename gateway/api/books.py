"""Fund reports as files: /v1/fund-reports/file."""

import base64
import hashlib
from typing import Final

from flask import Response

from contracts.commands import settlement_periods as p
from gateway.api.attachments import attachment
from gateway.api.endpoint import Asked, Endpoint
from gateway.parts import parts

_TAG: Final = "settlement"


def _file(asked: Asked) -> Response:
    made = parts().services.call(p.FUND_REPORT_FILE, asked.body, asked.account)
    raw = base64.b64decode(made["content"])
    return attachment(raw, made["name"], made["media_type"], hashlib.sha256(raw).hexdigest()[:32])


ENDPOINTS = [
    Endpoint(
        "fund-report-file", "GET", "/fund-reports/file", _TAG, p.FundReportFileRequest, None,
        p.FUND_REPORT_FILE.roles, _file, binary=True,
        summary="季报年报文件 / a fund report as CSV or a workbook",
    ),
]  # fmt: skip
