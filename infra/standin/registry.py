"""The registries: people, enterprises, pensions, employment, certificates. The rules are in README.md."""

import json
import sqlite3
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from infra.standin.numbers import citizen_number_is_valid, credit_code_is_valid
from infra.standin.web import body, day, options, require_token, store, text

registry = Blueprint("registry", __name__, url_prefix="/registry")
UNKNOWN, DECEASED, PENSIONER = "996", "998", "999"
REVOKED, DORMANT = "997", "998"
_SCOPE = ["职业技能培训", "人力资源服务"]


@registry.before_request
def _authenticate() -> None:
    require_token(options().registry_token)


@registry.post("/people/check")
def check_person() -> ResponseReturnValue:
    """Say whether a number is known, under this name, and alive."""
    data = body()
    number, name = text(data, "id_number"), text(data, "name")
    person = _person(number, name)
    if person is None:
        return jsonify(subject=number, found=False, name_matches=False, alive=False)
    return jsonify(
        subject=number, found=True, name_matches=person["name"] == name, alive=bool(person["alive"])
    )


@registry.post("/enterprises/check")
def check_enterprise() -> ResponseReturnValue:
    """Say what is registered under a credit code."""
    code = text(body(), "credit_code")
    with store().reading() as db:
        row = db.execute("select * from enterprises where credit_code = ?", (code,)).fetchone()
    if row is not None:
        scope = json.loads(row["licence_scope"])
        return jsonify(subject=code, found=True, name=row["name"], status=row["status"], licence_scope=scope)
    marker = code[13:16]
    if not options().accept_unknown or not credit_code_is_valid(code) or marker == UNKNOWN:
        return jsonify(subject=code, found=False)
    status = {DORMANT: "dormant", REVOKED: "revoked"}.get(marker, "active")
    return jsonify(subject=code, found=True, name=f"演示单位{code[-4:]}", status=status, licence_scope=_SCOPE)


@registry.post("/pensions/check")
def check_pension() -> ResponseReturnValue:
    """Say whether a person draws a pension."""
    number = text(body(), "id_number")
    with store().reading() as db:
        row = db.execute("select pension_since, loaded from people where id_number = ?", (number,)).fetchone()
    since = row["pension_since"] if row else None
    if (
        since is None
        and not (row and row["loaded"])
        and _follows_rules(number)
        and number[14:17] == PENSIONER
    ):
        since = "2020-01-01"
    return jsonify(subject=number, draws=since is not None, since=since)


@registry.post("/employments/list")
def list_employments() -> ResponseReturnValue:
    """List the loaded employments that lasted at or after a day."""
    data = body()
    number, since = text(data, "id_number"), day(data, "since").isoformat()
    with store().reading() as db:
        found = db.execute(
            "select credit_code, from_day, to_day from employments"
            " where id_number = ? and (to_day is null or to_day >= ?) order by from_day, credit_code",
            (number, since),
        ).fetchall()
    return jsonify(subject=number, employments=[dict(row) for row in found])


@registry.post("/certificates/check")
def check_certificate() -> ResponseReturnValue:
    """Say what is registered under a certificate number; only loaded ones are known."""
    number = text(body(), "number")
    with store().reading() as db:
        row = db.execute("select * from certificates where number = ?", (number,)).fetchone()
    if row is None:
        return jsonify(subject=number, found=False)
    certificate: dict[str, Any] = dict(row)
    del certificate["number"]
    return jsonify(subject=number, found=True, **certificate)


def _follows_rules(number: str) -> bool:
    return options().accept_unknown and citizen_number_is_valid(number)


def _person(number: str, name: str) -> sqlite3.Row | None:
    """Return the person; an unknown number that follows the rules is known from now on by this name."""
    with store().reading() as db:
        row: sqlite3.Row | None = db.execute("select * from people where id_number = ?", (number,)).fetchone()
    if row is not None or not _follows_rules(number) or number[14:17] == UNKNOWN:
        return row
    with store().writing() as db:
        db.execute(
            "insert or ignore into people (id_number, name, alive) values (?, ?, ?)",
            (number, name, number[14:17] != DECEASED),
        )
        known: sqlite3.Row = db.execute("select * from people where id_number = ?", (number,)).fetchone()
    return known
