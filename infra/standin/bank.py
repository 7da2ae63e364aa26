"""The bank: instructions booked once each, returns from closed accounts, statements. Rules: README.md.

How an instruction stands follows from its row and the time: a kill at any point leaves nothing half done.
"""

import re
import sqlite3
import time
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from infra.standin.web import body, day, options, refuse, require_token, store, text

bank = Blueprint("bank", __name__, url_prefix="/bank")
CLOSED_ENDING = "0000"
CLOSED_ACCOUNT = "AC04"
# paid, and sent back by the payee's bank on a later day (退票)
SENT_BACK = "sent_back"
FIRST_PAYER = "370600000001"
FIRST_PAYER_FEN = 100_000_000_000_00
_CONTENT = ("payer", "account", "account_name", "amount_fen", "purpose", "requested_on")


@bank.before_request
def _authenticate() -> None:
    require_token(options().bank_token)


@bank.post("/payments")
def pay() -> ResponseReturnValue:
    """Book an instruction, or answer how it stands when it was booked before."""
    instruction = _instruction(body())
    with store().writing() as db:
        row = find(db, instruction["instruction_id"])
        if row is None:
            _require_funds(db, instruction)
            insert(db, instruction, time.time() + options().settle_seconds)
            row = find(db, instruction["instruction_id"])
    if row is None:
        raise AssertionError("an instruction just booked is not there")
    # the day may differ when the same instruction is sent again after midnight
    if any(row[key] != instruction[key] for key in _CONTENT if key != "requested_on"):
        refuse("instruction_conflict", "this instruction id was used with other content", 409)
    return jsonify(answer_of(row))


@bank.post("/payments/status")
def status() -> ResponseReturnValue:
    """Say how an instruction stands."""
    instruction_id = text(body(), "instruction_id")
    with store().reading() as db:
        row = find(db, instruction_id)
    return jsonify(answer_of(row) if row else {"instruction_id": instruction_id, "status": "unknown"})


@bank.post("/statements")
def statement() -> ResponseReturnValue:
    """List the bookings of an account over some days with the balances before and after."""
    data = body()
    account, first, last = text(data, "account"), day(data, "from"), day(data, "to")
    if first > last:
        refuse("body_invalid", "from is after to")
    now = time.time()
    with store().reading() as db:
        opening = opening_of(db, account)
        before = moved(db, account, now, first.isoformat())
        found = db.execute(
            "select * from instructions where payer = ? and requested_on between ? and ? order by position",
            (account, first.isoformat(), last.isoformat()),
        ).fetchall()
        late = db.execute(
            "select i.*, l.booked_on from instructions i join late_returns l using (instruction_id)"
            " where payer = ? and l.booked_on between ? and ? order by position",
            (account, first.isoformat(), last.isoformat()),
        ).fetchall()
        paid_in = db.execute(
            "select * from deposits where account = ? and booked_on between ? and ? order by position",
            (account, first.isoformat(), last.isoformat()),
        ).fetchall()
    lines = [line for row in found for line in _lines(row, now)]
    lines += [_late_line(row) for row in late] + [_deposit_line(row) for row in paid_in]
    closing = opening + before + sum(line["amount_fen"] for line in lines)
    return jsonify(
        account=account, currency="CNY", opening_fen=opening + before, closing_fen=closing, lines=lines
    )


def _instruction(data: Any) -> dict[str, Any]:
    words = ("instruction_id", "payer", "account", "account_name", "purpose")
    instruction: dict[str, Any] = {key: text(data, key) for key in words}
    check_account(instruction["account"])
    amount = data.get("amount_fen")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= 10**13:
        refuse("amount_invalid", "amount_fen is a whole number above 0")
    return instruction | {"amount_fen": amount, "requested_on": day(data, "requested_on").isoformat()}


def check_account(account: str) -> None:
    """Refuse what is not an account number."""
    if not re.fullmatch(r"[0-9]{8,30}", account):
        refuse("account_invalid", "an account has 8 to 30 digits")


def insert(db: sqlite3.Connection, instruction: dict[str, Any], settles_at: float) -> None:
    """Book an instruction; settles_at: real time, read under the write lock."""
    closed = instruction["account"].endswith(CLOSED_ENDING)
    db.execute(
        "insert into instructions (instruction_id, payer, account, account_name, amount_fen,"
        " purpose, requested_on, outcome, settles_at) values (:instruction_id, :payer, :account,"
        " :account_name, :amount_fen, :purpose, :requested_on, :outcome, :settles_at)",
        {**instruction, "outcome": "returned" if closed else "paid", "settles_at": settles_at},
    )


def find(db: sqlite3.Connection, instruction_id: str) -> sqlite3.Row | None:
    """Return an instruction's row, or None."""
    row: sqlite3.Row | None = db.execute(
        "select * from instructions where instruction_id = ?", (instruction_id,)
    ).fetchone()
    return row


def opening_of(db: sqlite3.Connection, account: str) -> int:
    """Return the balance in fen that an account was opened with; refuses `payer_unknown`."""
    row = db.execute("select opening_fen from accounts where account = ?", (account,)).fetchone()
    if row is None and account != FIRST_PAYER:
        refuse("payer_unknown", "no such account is held here")
    return int(row["opening_fen"]) if row else FIRST_PAYER_FEN


def moved(db: sqlite3.Connection, payer: str, now: float, before: str = "9999-12-31") -> int:
    """Return the sum in fen of a payer's bookings before a day: payments negative, what came back nothing, or
    on the later day on which it did, and what was paid in.
    """
    row = db.execute(
        "select coalesce(sum(-amount_fen), 0) from instructions where payer = ? and requested_on < ?"
        " and not (outcome = 'returned' and settles_at <= ?)",
        (payer, before, now),
    ).fetchone()
    late = db.execute(
        "select coalesce(sum(amount_fen), 0) from instructions join late_returns using (instruction_id)"
        " where payer = ? and booked_on < ?",
        (payer, before),
    ).fetchone()
    paid_in = db.execute(
        "select coalesce(sum(amount_fen), 0) from deposits where account = ? and booked_on < ?",
        (payer, before),
    ).fetchone()
    return int(row[0]) + int(late[0]) + int(paid_in[0])


def _require_funds(db: sqlite3.Connection, instruction: dict[str, Any]) -> None:
    balance = opening_of(db, instruction["payer"]) + moved(db, instruction["payer"], time.time())
    if balance < instruction["amount_fen"]:
        refuse("insufficient_funds", "the payer's balance does not cover it")


def answer_of(row: sqlite3.Row) -> dict[str, Any]:
    """Return how an instruction stands now."""
    final = row["settles_at"] <= time.time()
    # a later return stands on the statement alone
    outcome = "paid" if row["outcome"] == SENT_BACK else row["outcome"]
    return {
        "instruction_id": row["instruction_id"],
        "account": row["account"],
        "amount_fen": row["amount_fen"],
        "status": outcome if final else "accepted",
        "reason": CLOSED_ACCOUNT if final and row["outcome"] == "returned" else None,
        "booked_on": row["requested_on"],
    }


def _lines(row: sqlite3.Row, now: float) -> list[dict[str, Any]]:
    common = {"instruction_id": row["instruction_id"], "booked_on": row["requested_on"]}
    common |= {"account": row["account"], "account_name": row["account_name"]}
    entry = f"{row['position']:010d}"
    lines = [
        common | {"entry": f"{entry}-P", "kind": "payment", "amount_fen": -row["amount_fen"], "reason": None}
    ]
    if row["outcome"] == "returned" and row["settles_at"] <= now:
        back = {"entry": f"{entry}-R", "kind": "return", "amount_fen": row["amount_fen"]}
        lines.append(common | back | {"reason": CLOSED_ACCOUNT})
    return lines


def _deposit_line(row: sqlite3.Row) -> dict[str, Any]:
    entry = {"entry": f"{row['position']:010d}-D", "kind": "deposit", "amount_fen": row["amount_fen"]}
    named = {"instruction_id": row["reference"], "booked_on": row["booked_on"], "reason": None}
    return entry | named | {"account": "", "account_name": ""}


def _late_line(row: sqlite3.Row) -> dict[str, Any]:
    common = {name: row[name] for name in ("instruction_id", "booked_on", "account", "account_name")}
    back = {"entry": f"{row['position']:010d}-R", "kind": "return", "amount_fen": row["amount_fen"]}
    return common | back | {"reason": CLOSED_ACCOUNT}
