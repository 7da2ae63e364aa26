"""What tests and demonstrations set: made-up people and records, accounts, faults."""

import json
import time
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from infra.standin.faults import MODES, SYSTEMS, counted
from infra.standin.web import body, day, optional_day, options, refuse, require_token, rows, store, text

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.before_request
def _authenticate() -> None:
    require_token(options().admin_token)


@admin.post("/people")
def load_people() -> ResponseReturnValue:
    """Load people: id_number, name, alive (true), pension_since (none). Replaces those of the same number."""
    people = rows(
        body(),
        "people",
        lambda row: (
            text(row, "id_number"),
            text(row, "name"),
            row.get("alive", True) is True,
            optional_day(row, "pension_since"),
        ),
    )
    return _load("people", "id_number, name, alive, pension_since, loaded", [(*row, 1) for row in people])


@admin.post("/enterprises")
def load_enterprises() -> ResponseReturnValue:
    """Load enterprises: credit_code, name, status (active, dormant, revoked), licence_scope (a list)."""

    def read(row: Any) -> tuple[Any, ...]:
        status, scope = text(row, "status", "active"), row.get("licence_scope", [])
        if status not in ("active", "dormant", "revoked"):
            refuse("body_invalid", "status must be active, dormant or revoked")
        if not isinstance(scope, list) or not all(isinstance(line, str) for line in scope):
            refuse("body_invalid", "licence_scope must be a list of text")
        return text(row, "credit_code"), text(row, "name"), status, json.dumps(scope)

    found = rows(body(), "enterprises", read)
    return _load("enterprises", "credit_code, name, status, licence_scope", found)


@admin.post("/employments")
def load_employments() -> ResponseReturnValue:
    """Load employments: id_number, credit_code, from_day, to_day (none while it lasts)."""
    found = rows(
        body(),
        "employments",
        lambda row: (
            text(row, "id_number"),
            text(row, "credit_code"),
            day(row, "from_day").isoformat(),
            optional_day(row, "to_day"),
        ),
    )
    return _load("employments", "id_number, credit_code, from_day, to_day", found)


@admin.post("/certificates")
def load_certificates() -> ResponseReturnValue:
    """Load certificates: number, id_number, occupation, level, issued_on, issuer, status (valid, revoked)."""
    words = ("number", "id_number", "occupation", "level")

    def read(row: Any) -> tuple[Any, ...]:
        status = text(row, "status", "valid")
        if status not in ("valid", "revoked"):
            refuse("body_invalid", "status must be valid or revoked")
        return (
            *(text(row, key) for key in words),
            day(row, "issued_on").isoformat(),
            text(row, "issuer"),
            status,
        )

    found = rows(body(), "certificates", read)
    return _load("certificates", "number, id_number, occupation, level, issued_on, issuer, status", found)


@admin.post("/accounts")
def open_accounts() -> ResponseReturnValue:
    """Open payers' accounts: account, opening_fen. An account that is open keeps its opening balance."""

    def read(row: Any) -> tuple[Any, ...]:
        fen = row.get("opening_fen")
        if not isinstance(fen, int) or isinstance(fen, bool) or fen < 0:
            refuse("body_invalid", "opening_fen must be a whole number, 0 or more")
        return text(row, "account"), fen

    found = rows(body(), "accounts", read)
    return _load("accounts", "account, opening_fen", found, clash="ignore")


@admin.post("/deposits")
def pay_in() -> ResponseReturnValue:
    """Let somebody pay into an account: account, amount_fen, booked_on, reference (what the payer quotes)."""

    def read(row: Any) -> tuple[Any, ...]:
        fen = row.get("amount_fen")
        if not isinstance(fen, int) or isinstance(fen, bool) or fen <= 0:
            refuse("body_invalid", "amount_fen must be a whole number above 0")
        day_of = day(row, "booked_on").isoformat()
        return text(row, "account"), fen, day_of, text(row, "reference"), time.time()

    found = rows(body(), "deposits", read)
    return _load("deposits", "account, amount_fen, booked_on, reference, moment", found)


@admin.post("/returns")
def send_back() -> ResponseReturnValue:
    """Let paid instructions come back on a later day: instruction_id, booked_on. Once each."""
    found = rows(body(), "returns", lambda row: (text(row, "instruction_id"), day(row, "booked_on")))
    now = time.time()
    with store().writing() as db:
        for instruction_id, booked_on in found:
            paid = db.execute(
                "update instructions set outcome = 'sent_back' where instruction_id = ?"
                " and outcome = 'paid' and settles_at <= ?",
                (instruction_id, now),
            )
            if not paid.rowcount:
                refuse("body_invalid", f"{instruction_id} is not paid")
            db.execute(
                "insert into late_returns (instruction_id, booked_on, moment) values (?, ?, ?)",
                (instruction_id, booked_on.isoformat(), now),
            )
    return jsonify(loaded=len(found))


@admin.post("/faults")
def set_fault() -> ResponseReturnValue:
    """Switch a fault: system, mode, seconds (of slow), remaining (requests until it heals; none: never)."""
    data = body()
    system, mode = text(data, "system"), text(data, "mode")
    seconds, remaining = data.get("seconds", 10), data.get("remaining")
    if system not in SYSTEMS or mode not in MODES:
        refuse("body_invalid", f"system is one of {SYSTEMS}, mode one of {MODES}")
    if not isinstance(seconds, int | float) or not isinstance(remaining, int | None):
        refuse("body_invalid", "seconds and remaining are numbers")
    return _load("faults", "system, mode, seconds, remaining", [(system, mode, seconds, remaining)])


@admin.get("/requests")
def count_requests() -> ResponseReturnValue:
    """Say how many requests each system has had since the start, faulty ones included."""
    return jsonify(counted())


def _load(table: str, columns: str, found: list[Any], clash: str = "replace") -> ResponseReturnValue:
    marks = ", ".join("?" for _ in columns.split(","))
    with store().writing() as db:
        db.executemany(f"insert or {clash} into {table} ({columns}) values ({marks})", found)  # noqa: S608
    return jsonify(loaded=len(found))
