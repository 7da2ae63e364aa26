"""Demands by spreadsheet: 20,000 rows of an agency, from the upload to the last row posted.

Beside it, in the same run: the same file parsed and the same people and demands put into one collection each
by `insert_many`, sealed likewise, without keys of their own, without facts, checks and refusals.
"""

import io
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import requests
from openpyxl import Workbook, load_workbook
from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

from bench import people
from bench.report import Table
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from gateway.demand_sheets.columns import TEMPLATES, mark
from infra.local import Stack
from services.chassis.settings import Settings
from services.intake.store.vault import vault_of

ROOT = Path(__file__).parents[1]
ROWS, RUNS, LIMIT_SECONDS = 20_000, 5, 60.0
SERIALS, PER_INSERT = 900, 1_000
SEALED = ("id_number", "name", "phone", "bank_account")
EXTRA = {
    "WUDAN_GATEWAY_REQUESTS_A_MINUTE": "0",
    "WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "0",
    "WUDAN_LOG_LEVEL": "WARNING",
}
# for a look at it that is no measurement
FEWER = "WUDAN_BENCH_DEMANDS_RUNS"


def measure(table: Table) -> None:
    """Upload five files of new people and firms, all services running; each beside the bare work."""
    folder = ROOT / ".local" / f"bench-demands-{os.getpid()}"
    stack = Stack(folder, ports="free", extra=EXTRA)
    runs = int(os.environ.get(FEWER, RUNS))
    try:
        stack.up()
        for kind in ("worker", "enterprise"):
            token = _agency(people.Api(stack.gateway_url)) if kind == "worker" else _firm(stack)
            found = [_once(stack, token, kind, number) for number in range(runs)]
            _report(table, kind, found)
    finally:
        stack.clean()
        shutil.rmtree(folder, ignore_errors=True)


def _firm(stack: Stack) -> str:
    return people.enterprise(people.Api(stack.gateway_url))


def _agency(api: people.Api) -> str:
    token = api.account("agency")
    code = make_credit_code(int(time.time()) % 10**6)
    body = {"credit_code": code, "name": f"演示单位{code[-4:]}", "region": people.REGION, "kind": "agency"}
    api.post("/bodies", body, token)
    for _ in range(300):
        if api.get("/bodies/me", token)["status"] == "verified":
            return token
        time.sleep(0.1)
    raise AssertionError("the agency was not verified in 30 s")


def _once(stack: Stack, token: str, kind: str, number: int) -> tuple[float, float, float]:
    """Return seconds of the upload, of all until the last row is posted, and of the bare work."""
    content = _file(kind, number)
    bare = _bare(stack, content, number)
    headers = {"Authorization": f"Bearer {token}"}
    url, began = f"{stack.gateway_url}/v1/demand-imports", time.perf_counter()
    answer = requests.post(url, files={"file": ("demands.xlsx", content)}, headers=headers, timeout=300)
    assert answer.status_code == 202, answer.text
    uploaded = time.perf_counter() - began
    while answer.json()["status"] != "done":
        assert time.perf_counter() - began < 900, answer.text
        time.sleep(0.2)
        answer = requests.get(f"{url}/{answer.json()['id']}", headers=headers, timeout=60)
    took, found = time.perf_counter() - began, answer.json()
    assert found["posted"] + found["doubled"] == ROWS, found
    return uploaded, took, bare


def _file(kind: str, number: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([mark(kind)])
    sheet.append([column.head for column in TEMPLATES[kind]])
    for row in _rows(kind, number):
        sheet.append([row.get(column.name) for column in TEMPLATES[kind]])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _rows(kind: str, number: int) -> Iterator[dict[str, Any]]:
    wish = {"region": people.REGION, "occupation": "6-18-02-04", "level": "4", "wanted_from": people.WANTED}
    firm = {"headcount": 20, "skills": "二氧化碳气体保护焊", "training_kind": "pre_job"}
    for place in range(ROWS):
        serial = number * ROWS + place
        if kind == "enterprise":
            yield {**wish, **firm}
            continue
        born = date.fromordinal(date(1960, 1, 1).toordinal() + serial // SERIALS)
        yield {
            **wish,
            "person.id_number": make_citizen_id(birth=born, serial=serial % SERIALS),
            "person.name": f"示例{serial}",
            "person.phone": f"137{serial:08d}",
            "person.region": people.REGION,
            "person.groups": "失业人员",
            "person.bank_account": f"6222{serial:012d}",
            "mandate": "委托书 1 号",
        }


def _bare(stack: Stack, content: bytes, number: int) -> float:
    """Parse the file and store what it says, sealed under one key, without anything around it."""
    settings = Settings.from_env(stack.env("intake"))
    vault = vault_of(settings)
    key = vault.new_key(f"bench-{content[:64].hex()[:8]}-{number}-{time.time_ns()}")
    client: MongoClient[dict[str, Any]] = MongoClient(stack.admin.mongo_uri)
    database = client["bench"]
    began = time.perf_counter()
    rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    next(rows)
    names = [str(head).rpartition(" ")[2] for head in next(rows)]
    batch: list[dict[str, Any]] = []
    for row in rows:
        cells = {name.rpartition(".")[2]: value for name, value in zip(names, row, strict=False) if value}
        sealed = vault.seal(key, {name: str(cells.pop(name)) for name in SEALED if name in cells})
        batch.append({**cells, "sealed": sealed})
        if len(batch) == PER_INSERT:
            _insert(database, batch)
            batch = []
    _insert(database, batch)
    client.close()
    return time.perf_counter() - began


def _insert(database: Any, batch: list[dict[str, Any]]) -> None:
    for name in ("people", "demands"):
        if batch:
            kept = database.get_collection(name, write_concern=WriteConcern("majority"))
            kept.insert_many([dict(each) for each in batch])


def _report(table: Table, kind: str, found: list[tuple[float, float, float]]) -> None:
    uploaded, took, bare = (statistics.median(each) for each in zip(*found, strict=True))
    kept = "kept" if took < LIMIT_SECONDS else "MISSED"
    whose = "people's, new persons" if kind == "worker" else "a firm's"
    table.note(
        f"(g) {ROWS:,} demands by spreadsheet ({whose}): {took:.1f} s",
        f"{ROWS / took:,.0f} rows a second; upload answered after {uploaded:.1f} s;"
        f" under {LIMIT_SECONDS:.0f} s: {kept}",
    )
    table.note(
        f"(g) the same parsed, sealed under one key and put in by insert_many (peer): {bare:.1f} s",
        f"{took / bare:.1f} times that",
    )
