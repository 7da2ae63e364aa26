"""camt.053, any version: the bookings on the payer's account over some days."""

from datetime import date
from typing import Final

from services.settlement.bank_files import xml
from services.settlement.bank_files.things import (
    NOT_GIVEN,
    BankFileError,
    Booking,
    Head,
    Kind,
    Place,
    Statement,
    check_statement,
    fail,
    named_in,
    read_currency,
    read_day,
    read_fen,
    read_id,
    read_reason,
)

# interim balances stand where one page ends and the next begins
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_INTERIM: Final = "ITBD"
_SIGNS: Final = {"CRDT": 1, "DBIT": -1}


def read(content: bytes) -> Statement:
    """Return the one statement in a camt.053. Raises BankFileError."""
    report = xml.one(xml.parse(content, "camt.053"), "BkToCstmrStmt")
    found = xml.one(report, "Stmt")
    begins, at = _cut(xml.text(found, "FrToDt/FrDtTm"))
    first = read_day(begins, at, "FrToDt/FrDtTm")
    last, line = _cut(xml.text(found, "FrToDt/ToDtTm"))
    end = read_day(last, line, "FrToDt/ToDtTm")
    if first > end:
        fail(line, "FrToDt", "截止日期早于起始日期", "it ends before it begins")
    (opening, closing), where = _balances(found)
    account, place = _account(found)
    statement = Statement(
        id=read_id(*xml.text(found, "Id"), "Stmt/Id"),
        account=account,
        first=first,
        last=end,
        opening_fen=opening,
        closing_fen=closing,
        bookings=tuple(_booking(each) for each in xml.every(found, "Ntry")),
        head=Head(place, Place(at, "FrToDt/FrDtTm"), Place(line, "FrToDt/ToDtTm"), Place(where, "Bal/Amt")),
        page=_page(found),
        last_page=(xml.maybe_text(found, "StmtPgntn/LastPgInd") or ("true", 0))[0] == "true",
    )
    return check_statement(statement, xml.line_of(xml.every(found, "Bal")[-1]))


def _account(found: xml.Element) -> tuple[str, Place]:
    for path in ("Acct/Id/Othr/Id", "Acct/Id/IBAN"):
        given = xml.maybe_text(found, path)
        if given is not None:
            currency = xml.maybe_text(found, "Acct/Ccy")
            if currency is not None:
                read_currency(*currency, "Acct/Ccy")
            return read_id(*given, path), Place(given[1], path)
    raise BankFileError(xml.line_of(found), "Acct/Id", "缺少账号", "the account is missing")


def _page(found: xml.Element) -> int:
    given = xml.maybe_text(found, "StmtPgntn/PgNb")
    if given is None:
        return 1
    if not given[0].isascii() or not given[0].isdigit() or not 0 < int(given[0]) < 100_000:
        fail(given[1], "StmtPgntn/PgNb", "页码不对", "not a page number")
    return int(given[0])


def _balances(found: xml.Element) -> tuple[tuple[int, int], int]:
    """Return the balances before and after, and the line of the one before. Of two interim ones it is the
    first.
    """
    balances = [
        (xml.text(each, "Tp/CdOrPrtry/Cd")[0], (_signed(each, low=0), xml.text(each, "Amt")[1]))
        for each in xml.every(found, "Bal")
    ]
    interim = [given for code, given in balances if code == _INTERIM]
    before = [given for code, given in balances if code in _OPENING] or interim[:1]
    after = [given for code, given in balances if code in _CLOSING] or interim[-1:]
    if len(interim) == 1 and before == after == interim:
        before = []
    if len(before) != 1 or len(after) != 1:
        fail(
            xml.line_of(found),
            "Bal",
            "应有期初、期末余额各一",
            "one opening and one closing balance are needed",
        )
    (opening, line), (closing, _) = before[0], after[0]
    return (opening, closing), line


def _booking(entry: xml.Element) -> Booking:
    line = xml.line_of(entry)
    status = xml.maybe_text(entry, "Sts/Cd") or xml.text(entry, "Sts")
    if status[0] != "BOOK":
        fail(status[1], "Sts", "只接受已记账（BOOK）的流水", "only booked entries (BOOK) are taken")
    details = xml.every(entry, "NtryDtls/TxDtls")
    if len(details) > 1:
        fail(line, "NtryDtls", "不接受合并记账的流水", "one entry for several payments is not taken")
    amount = _signed(entry)
    reason = _reason(details)
    back = reason is not None or (xml.maybe_text(entry, "RvslInd") or ("false", 0))[0] == "true"
    kind: Kind = "payment" if amount < 0 else "return" if back else "other"
    return Booking(
        line=line,
        entry=read_id(*xml.text(entry, "AcctSvcrRef"), "AcctSvcrRef"),
        instruction=_instruction(details),
        kind=kind,
        amount_fen=amount,
        day=_day(entry),
        reason=reason if kind == "return" else None,
        about=_about(entry, details) if kind == "other" else None,
    )


def _signed(found: xml.Element, low: int = 1) -> int:
    amount, line = xml.text(found, "Amt")
    read_currency(xml.one(found, "Amt").get("Ccy", ""), line, "Amt/@Ccy")
    side, where = xml.text(found, "CdtDbtInd")
    if side not in _SIGNS:
        fail(where, "CdtDbtInd", "借贷标志应为 CRDT 或 DBIT", "must be CRDT or DBIT")
    return _SIGNS[side] * read_fen(amount, line, "Amt", low)


def _instruction(details: list[xml.Element]) -> str:
    given = xml.maybe_text(details[0], "Refs/EndToEndId") if details else None
    return NOT_GIVEN if given is None else read_id(*given, "Refs/EndToEndId")


def _about(entry: xml.Element, details: list[xml.Element]) -> str | None:
    texts = xml.every(entry, "AddtlNtryInf")
    for each in details:
        texts += xml.every(each, "Refs/EndToEndId") + xml.every(each, "RmtInf/Ustrd")
    return named_in(*((found.text or "") for found in texts))


def _reason(details: list[xml.Element]) -> str | None:
    given = xml.maybe_text(details[0], "RtrInf/Rsn/Cd") if details else None
    return None if given is None else read_reason(*given, "RtrInf/Rsn/Cd")


def _day(entry: xml.Element) -> date:
    given = xml.maybe_text(entry, "BookgDt/Dt") or _cut(xml.text(entry, "BookgDt/DtTm"))
    return read_day(*given, "BookgDt")


def _cut(given: tuple[str, int]) -> tuple[str, int]:
    return given[0][:10], given[1]
