"""pain.002, any version: how the instructions of one payment file stand."""

from datetime import date
from typing import Final

from services.settlement.bank_files import xml
from services.settlement.bank_files.things import (
    Outcome,
    Receipt,
    Status,
    check_receipt,
    fail,
    read_currency,
    read_day,
    read_fen,
    read_id,
    read_reason,
)

# ISO 20022 external code set ExternalPaymentTransactionStatus1Code
STATUSES: Final[dict[str, Status]] = {
    "ACSC": "paid",
    "ACCC": "paid",
    "RJCT": "returned",
    "RCVD": "accepted",
    "PDNG": "accepted",
    "ACTC": "accepted",
    "ACCP": "accepted",
    "ACSP": "accepted",
    "ACFC": "accepted",
}


def read(content: bytes) -> Receipt:
    """Return what a pain.002 says. Raises BankFileError."""
    report = xml.one(xml.parse(content, "pain.002"), "CstmrPmtStsRpt")
    id = read_id(*xml.text(report, "GrpHdr/MsgId"), "GrpHdr/MsgId")
    about = read_id(*xml.text(report, "OrgnlGrpInfAndSts/OrgnlMsgId"), "OrgnlGrpInfAndSts/OrgnlMsgId")
    whole = xml.maybe_text(report, "OrgnlGrpInfAndSts/GrpSts")
    found = xml.every(report, "OrgnlPmtInfAndSts/TxInfAndSts")
    if whole is not None and whole[0] == "RJCT" and not found:
        fail(
            whole[1],
            "GrpSts",
            "银行整批拒收，未列明细；请与银行核实后重新发送",
            "the bank refused the whole file and names no payment; settle it with the bank, then send again",
        )
    return check_receipt(Receipt(id, about, tuple(_outcome(each) for each in found)))


def _outcome(found: xml.Element) -> Outcome:
    instruction = read_id(*xml.text(found, "OrgnlEndToEndId"), "OrgnlEndToEndId")
    code, line = xml.text(found, "TxSts")
    status = STATUSES.get(code)
    if status is None:
        fail(line, "TxSts", "未知状态代码", "an unknown status code")
    reason = None
    if status == "returned":
        reason = read_reason(*xml.text(found, "StsRsnInf/Rsn/Cd"), "StsRsnInf/Rsn/Cd")
    return Outcome(xml.line_of(found), instruction, status, _amount(found), _day(found), reason)


def _amount(found: xml.Element) -> int | None:
    path = "OrgnlTxRef/Amt/InstdAmt"
    given = xml.maybe_text(found, path)
    if given is None:
        return None
    read_currency(xml.one(found, path).get("Ccy", ""), given[1], f"{path}/@Ccy")
    return read_fen(*given, path)


def _day(found: xml.Element) -> date | None:
    for path in ("FctvIntrBkSttlmDt/Dt", "AccptncDtTm"):
        given = xml.maybe_text(found, path)
        if given is not None:
            return read_day(given[0][:10], given[1], path)
    return None
