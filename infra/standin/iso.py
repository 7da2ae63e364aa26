"""The bank's files as a bank reads and writes them: pain.001 in, pain.002 and camt.053 out, CSV both ways.

Nothing of the platform's own code is used, so that its mistakes show here.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

Row = Mapping[str, Any]
Cells = Sequence[tuple[str, Any]]
SHANGHAI = timezone(timedelta(hours=8))
ORDER = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
REPORT = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"
STATEMENT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
CODES = {"paid": "ACSC", "accepted": "ACSP", "returned": "RJCT"}
WORDS = {"paid": "成功", "accepted": "处理中", "returned": "退回"}


class Unreadable(ValueError):
    """A payment file that this bank does not take."""


@dataclass(frozen=True)
class PaymentFile:
    """What a customer asks for. day: in Asia/Shanghai; lines: (instruction, account, name, fen)."""

    message_id: str
    payer: str
    purpose: str
    day: str
    lines: tuple[tuple[str, str, str, int], ...]

    @property
    def digest(self) -> str:
        """The same for the same payments, whenever and in whichever format they are sent."""
        return hashlib.sha256(repr((self.payer, sorted(self.lines))).encode()).hexdigest()


def read_pain001(content: bytes) -> PaymentFile:
    """Return a pain.001.001.09 that fits its schema and its own sums. Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise Unreadable(str(problem)) from None
    schema = _schema()
    if root.getroottree().docinfo.doctype or not schema.validate(root):
        raise Unreadable(f"schema: {schema.error_log}"[:300])
    space = {"p": ORDER}
    part = root.findall(".//p:PmtInf", space)
    if len(part) != 1:
        raise Unreadable("one PmtInf is needed")
    lines = tuple(_line(each, space) for each in part[0].findall("p:CdtTrfTxInf", space))
    for holder in (root.find(".//p:GrpHdr", space), part[0]):
        count, total = holder.findtext("p:NbOfTxs", "", space), holder.findtext("p:CtrlSum", "0", space)
        if (int(count), _fen(total)) != (len(lines), sum(line[3] for line in lines)):
            raise Unreadable("NbOfTxs or CtrlSum is wrong")
    return PaymentFile(
        root.findtext(".//p:MsgId", "", space),
        part[0].findtext("p:DbtrAcct/p:Id/p:Othr/p:Id", "", space),
        part[0].findtext(".//p:RmtInf/p:Ustrd", "", space),
        part[0].findtext("p:ReqdExctnDt/p:Dt", "", space),
        lines,
    )


def read_csv(content: bytes) -> PaymentFile:
    """Return a CSV payment file in UTF-8 or GB18030. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    if not rows or any(None in row.values() or row["币种"] != "CNY" for row in rows):
        raise Unreadable("rows")
    clear = [{key: cell.removeprefix("'") for key, cell in row.items()} for row in rows]
    heads = {(row["批次号"], row["付款账号"], row["用途"], row["付款日期"]) for row in clear}
    if len(heads) != 1:
        raise Unreadable("one batch a file")
    lines = tuple((row["指令号"], row["收款账号"], row["收款户名"], _fen(row["金额"])) for row in clear)
    return PaymentFile(*heads.pop(), lines)


def pain002(message_id: str, outcomes: Iterable[Row]) -> bytes:
    """Return how the instructions of a file stand. outcomes: instruction_id, status, amount_fen, …"""
    now = datetime.now(UTC)
    states = [
        (
            "TxInfAndSts",
            [
                ("OrgnlInstrId", row["instruction_id"]),
                ("OrgnlEndToEndId", row["instruction_id"]),
                ("TxSts", CODES[row["status"]]),
                *([("StsRsnInf", [("Rsn", [("Cd", row["reason"])])])] if row["reason"] else []),
                ("AccptncDtTm", f"{row['booked_on']}T00:00:00+08:00"),
                ("OrgnlTxRef", [("Amt", [("InstdAmt", _money(row["amount_fen"]))])]),
            ],
        )
        for row in outcomes
    ]
    body: Cells = [
        ("GrpHdr", [("MsgId", f"R{now.timestamp():.6f}"), ("CreDtTm", _moment(now))]),
        ("OrgnlGrpInfAndSts", [("OrgnlMsgId", message_id), ("OrgnlMsgNmId", "pain.001.001.09")]),
        ("OrgnlPmtInfAndSts", [("OrgnlPmtInfId", message_id), *states]),
    ]
    return _document(REPORT, "CstmrPmtStsRpt", body)


def csv_receipt(message_id: str, outcomes: Iterable[Row]) -> bytes:
    """Return the same as a CSV."""
    header = ("批次号", "指令号", "状态", "金额", "币种", "日期", "原因代码")
    rows = [
        (
            message_id,
            row["instruction_id"],
            WORDS[row["status"]],
            _yuan(row["amount_fen"]),
            "CNY",
            row["booked_on"],
            row["reason"] or "",
        )
        for row in outcomes
    ]
    return _table([header, *rows])


def camt053(page: Row, entries: Sequence[Row]) -> bytes:
    """Return a page of a statement. page: account, first, last, number, is_last, opening_fen, closing_fen."""
    now = _moment(datetime.now(UTC))
    id = f"{page['account']}-{page['first']:%y%m%d}-{page['last']:%y%m%d}-{page['number']}"[-35:]
    opening = ("OPBD" if page["number"] == 1 else "ITBD", page["first"], page["opening_fen"])
    closing = ("CLBD" if page["is_last"] else "ITBD", page["last"], page["closing_fen"])
    pages = [("PgNb", str(page["number"])), ("LastPgInd", "true" if page["is_last"] else "false")]
    days = [("FrDtTm", f"{page['first']}T00:00:00"), ("ToDtTm", f"{page['last']}T23:59:59")]
    account = [("Id", [("Othr", [("Id", page["account"])])]), ("Ccy", "CNY")]
    statement: Cells = [
        ("Id", id),
        ("StmtPgntn", pages),
        ("CreDtTm", now),
        ("FrToDt", days),
        ("Acct", account),
        *(_balance(*each) for each in (opening, closing)),
        *(_entry(each) for each in entries),
    ]
    return _document(
        STATEMENT, "BkToCstmrStmt", [("GrpHdr", [("MsgId", id), ("CreDtTm", now)]), ("Stmt", statement)]
    )


def csv_statement(page: Row, entries: Sequence[Row]) -> bytes:
    """Return a whole statement as a CSV."""
    head = [("账号", "起始日期", "截止日期", "期初余额", "期末余额", "币种")]
    sums = (_yuan(page["opening_fen"]), _yuan(page["closing_fen"]), "CNY")
    about = [(page["account"], str(page["first"]), str(page["last"]), *sums)]
    columns = [("流水号", "记账日期", "指令号", "借贷", "金额", "币种", "原因代码", "摘要")]
    rows = [
        (
            row["entry"],
            row["booked_on"],
            row["instruction_id"],
            "借" if row["amount_fen"] < 0 else "贷",
            _yuan(abs(row["amount_fen"])),
            "CNY",
            row["reason"] or "",
            {"payment": "补贴", "deposit": "存入"}.get(row["kind"], "退回"),
        )
        for row in entries
    ]
    return _table([*head, *about, *columns, *rows])


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(
        etree.fromstring(files("sepaxml").joinpath("schemas/pain.001.001.09.xsd").read_bytes())
    )


def _line(each: Any, space: dict[str, str]) -> tuple[str, str, str, int]:
    amount = each.find("p:Amt/p:InstdAmt", space)
    if amount.get("Ccy") != "CNY":
        raise Unreadable("currency")
    return (
        each.findtext("p:PmtId/p:EndToEndId", "", space),
        each.findtext("p:CdtrAcct/p:Id/p:Othr/p:Id", "", space),
        each.findtext("p:Cdtr/p:Nm", "", space),
        _fen(amount.text),
    )


def _fen(text: str) -> int:
    try:
        fen = Decimal(text) * 100
    except InvalidOperation:
        raise Unreadable("amount") from None
    if fen != fen.to_integral_value() or not 0 < fen <= 10**13:
        raise Unreadable("amount")
    return int(fen)


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _money(fen: int) -> tuple[str, str]:
    return "CNY", _yuan(abs(fen))


def _moment(now: datetime) -> str:
    return now.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _side(fen: int) -> tuple[str, str]:
    return "CdtDbtInd", "DBIT" if fen < 0 else "CRDT"


def _balance(code: str, day: date, fen: int) -> tuple[str, Cells]:
    kind = [("CdOrPrtry", [("Cd", code)])]
    return "Bal", [("Tp", kind), ("Amt", _money(fen)), _side(fen), ("Dt", [("Dt", day.isoformat())])]


def _entry(row: Row) -> tuple[str, Cells]:
    family = [("Cd", "ICDT"), ("SubFmlyCd", "RRTN" if row["kind"] == "return" else "OTHR")]
    details: list[tuple[str, Any]] = [("Refs", [("EndToEndId", row["instruction_id"])])]
    if row["reason"]:
        details.append(("RtrInf", [("Rsn", [("Cd", row["reason"])])]))
    return "Ntry", [
        ("Amt", _money(row["amount_fen"])),
        _side(row["amount_fen"]),
        ("Sts", [("Cd", "BOOK")]),
        ("BookgDt", [("Dt", row["booked_on"])]),
        ("AcctSvcrRef", row["entry"]),
        ("BkTxCd", [("Domn", [("Cd", "PMNT"), ("Fmly", family)])]),
        ("NtryDtls", [("TxDtls", details)]),
    ]


def _document(space: str, name: str, cells: Cells) -> bytes:
    root = etree.Element(f"{{{space}}}Document", nsmap={None: space})
    _fill(etree.SubElement(root, f"{{{space}}}{name}"), space, cells)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _fill(parent: Any, space: str, cells: Cells) -> None:
    """Write (name, text), (name, cells) or (name, (currency, amount))."""
    for name, value in cells:
        child = etree.SubElement(parent, f"{{{space}}}{name}")
        if isinstance(value, str):
            child.text = value
        elif isinstance(value, tuple):
            child.set("Ccy", value[0])
            child.text = value[1]
        else:
            _fill(child, space, value)


def _table(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
