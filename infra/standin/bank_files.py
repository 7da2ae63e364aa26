"""The bank's counter for files: payment files in, receipts and statements out. Rules: README.md.

A file is booked whole or not at all, once for its message id; each instruction once, whatever file it is in.
"""

import base64
import binascii
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask import g, jsonify
from flask.typing import ResponseReturnValue

from infra.standin import iso
from infra.standin.bank import answer_of, bank, check_account, find, insert, moved, opening_of
from infra.standin.web import body, day, options, refuse, store, text

PAGE: Final = 1000
_READERS: Final[Mapping[str, Callable[[bytes], iso.PaymentFile]]] = {
    "pain.001": iso.read_pain001,
    "csv": iso.read_csv,
}
_RECEIPTS: Final = {"pain.002": iso.pain002, "csv": iso.csv_receipt}


@bank.post("/files")
def take_file() -> ResponseReturnValue:
    """Book a payment file, or answer how it stands when it was booked before."""
    data = body()
    file = _payment_file(data)
    if file.message_id != text(data, "message_id"):
        refuse("body_invalid", "message_id is not the file's")
    with store().writing() as db:
        known = db.execute("select digest from files where message_id = ?", (file.message_id,)).fetchone()
        if known is not None and known["digest"] != file.digest:
            refuse("message_conflict", "this message id was used with other content", 409)
        if known is None:
            _book(db, file)
    return _receipt(file.message_id, text(data, "answer", "pain.002"))


@bank.post("/files/status")
def file_status() -> ResponseReturnValue:
    """Say how a file's instructions stand; `receipt` is null for a file that never came."""
    data = body()
    return _receipt(text(data, "message_id"), text(data, "answer", "pain.002"))


@bank.post("/statements/file")
def statement_file() -> ResponseReturnValue:
    """Give a page of a statement as camt.053, or all of it as a CSV."""
    data = body()
    account, first, last = text(data, "account"), day(data, "from"), day(data, "to")
    number, format = data.get("page", 1), text(data, "format", "camt.053")
    if first > last or not isinstance(number, int) or number < 1 or format not in ("camt.053", "csv"):
        refuse("body_invalid", "from is after to, or no such page or format")
    size = PAGE if format == "camt.053" else 10**9
    with store().reading() as db:
        entries, opening = _entries(db, account, first, last, (number - 1) * size, size + 1)
    is_last = len(entries) <= size
    entries = entries[:size]
    page = {"account": account, "first": first, "last": last, "number": number, "is_last": is_last}
    page |= {"opening_fen": opening, "closing_fen": opening + sum(each["amount_fen"] for each in entries)}
    write = iso.camt053 if format == "camt.053" else iso.csv_statement
    return jsonify(account=account, content=_encoded(write(page, _repeated(entries))))


def _payment_file(data: Mapping[str, Any]) -> iso.PaymentFile:
    format = text(data, "format")
    if format not in _READERS or not isinstance(data.get("content"), str):
        refuse("body_invalid", f"format is one of {', '.join(_READERS)}, content base64")
    try:
        return _READERS[format](base64.b64decode(data["content"], validate=True))
    except (iso.Unreadable, binascii.Error, KeyError) as problem:
        refuse("file_invalid", str(problem)[:300])


def _book(db: sqlite3.Connection, file: iso.PaymentFile) -> None:
    total = sum(fen for _, _, _, fen in file.lines)
    if g.fault == "broke" or opening_of(db, file.payer) + moved(db, file.payer, time.time()) < total:
        refuse("insufficient_funds", "the payer's balance does not cover it")
    # taken under the write lock, so that later bookings never come before earlier ones
    settles_at = time.time() + options().settle_seconds
    for instruction, account, name, fen in file.lines:
        check_account(account)
        if find(db, instruction) is None:
            insert(
                db,
                {
                    "instruction_id": instruction,
                    "payer": file.payer,
                    "account": account,
                    "account_name": name,
                    "amount_fen": fen,
                    "purpose": file.purpose,
                    "requested_on": date.fromisoformat(file.day).isoformat(),
                },
                settles_at,
            )
    db.execute("insert into files (message_id, digest) values (?, ?)", (file.message_id, file.digest))
    db.executemany(
        "insert into file_lines (message_id, instruction_id) values (?, ?)",
        [(file.message_id, line[0]) for line in file.lines],
    )


def _receipt(message_id: str, format: str) -> ResponseReturnValue:
    if format not in _RECEIPTS:
        refuse("body_invalid", f"answer is one of {', '.join(_RECEIPTS)}")
    with store().reading() as db:
        rows = db.execute(
            "select i.* from file_lines f join instructions i using (instruction_id)"
            " where f.message_id = ? order by i.position",
            (message_id,),
        ).fetchall()
    if not rows:
        return jsonify(message_id=message_id, receipt=None)
    receipt = _RECEIPTS[format](message_id, _repeated([answer_of(row) for row in rows]))
    return jsonify(message_id=message_id, receipt=_encoded(receipt))


def _entries(
    db: sqlite3.Connection, account: str, first: date, last: date, offset: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """Return bookings in the order in which they were made, and the balance in fen before them."""
    now = time.time()
    days = (account, first.isoformat(), last.isoformat())
    listed = (
        "select printf('%010d-P', position) entry, 'payment' kind, -amount_fen amount_fen, null reason,"
        " instruction_id, requested_on booked_on, settles_at - ? moment from instructions"
        " where payer = ? and requested_on between ? and ?"
        " union all select printf('%010d-R', position), 'return', amount_fen, 'AC04', instruction_id,"
        " requested_on, settles_at from instructions where payer = ? and requested_on between ? and ?"
        " and outcome = 'returned' and settles_at <= ?"
        " union all select printf('%010d-R', position), 'return', amount_fen, 'AC04', instruction_id,"
        " l.booked_on, l.moment from instructions join late_returns l using (instruction_id)"
        " where payer = ? and l.booked_on between ? and ?"
        " union all select printf('%010d-D', position), 'deposit', amount_fen, null, reference, booked_on,"
        " moment from deposits where account = ? and booked_on between ? and ?"
        " order by moment, entry limit ? offset ?"
    )
    values = (options().settle_seconds, *days, *days, now, *days, *days)
    found = db.execute(listed, (*values, limit, offset)).fetchall()
    earlier = f"select coalesce(sum(amount_fen), 0) from ({listed})"  # noqa: S608
    (gone,) = db.execute(earlier, (*values, offset, 0)).fetchone()
    opening = opening_of(db, account) + moved(db, account, now, first.isoformat())
    return [dict(row) for row in found], opening + int(gone)


def _repeated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows; all of them twice under the fault `twice`."""
    return [row for row in rows for _ in range(2 if g.get("fault") == "twice" else 1)]


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
