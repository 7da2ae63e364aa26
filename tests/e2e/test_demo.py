"""The main job on a whole stack, through the public API: twice in a row; all invariants hold afterwards."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from infra.local import Stack
from infra.local.settings import client_environment, place_of
from infra.procs import PROCESSES
from tests.support import delivery, demo
from tests.support import invariants as holds
from tests.support.delivery import World
from tests.support.invariants import await_delivered, violations

PATIENCE = ("--patience", "120")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("time", [1, 2])
def test_one_demand_goes_through_all_five_orders(whole_stack: Stack, time: int) -> None:
    run = demo.run(whole_stack, *PATIENCE)
    assert "✗" not in run.printed
    with World(whole_stack) as world:
        await_delivered(world)
        assert violations(world) == {}


def test_demonstration_accounts_are_loaded_once(whole_stack: Stack) -> None:
    environ = os.environ | client_environment(whole_stack.state) | {"PYTHONPATH": str(demo.ROOT)}
    command = [sys.executable, "-m", "infra.seed"]
    first, second = (
        subprocess.run(
            command, cwd=demo.ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120
        )
        for _ in range(2)
    )
    assert "demo.provider.1" in first.stdout
    assert first.stdout == second.stdout
    with World(whole_stack) as world:
        await_delivered(world)
        assert len(world.rows("intake", "bodies", name="示例培训机构甲")) == 1


START = datetime(2026, 1, 1, tzinfo=UTC)
GONE: dict[str, Any] = {}
Change = tuple[str, str, dict[str, Any], dict[str, Any]]
SPOILED: list[tuple[Callable[[World], list[str]], Change]] = [
    (holds.seats_within_capacity, ("selection", "seatings", {}, {"$set": {"capacity": 1}})),
    (holds.seats_within_capacity, ("selection", "seatings", {}, {"$inc": {"taken": -1}})),
    (
        holds.freed_seats_go_to_the_first,
        ("selection", "seatings", {}, {"$set": {"status": "open", "waiting": 1, "taken": 0}}),
    ),
    (
        holds.freed_seats_go_to_the_first,
        ("selection", "enrolments", {"status": "expired"}, {"$set": {"place": 0}}),
    ),
    (holds.vouchers_serve_one_class, ("acceptance", "sign_ins", {}, {"$set": {"class_id": "another"}})),
    (
        holds.subsidised_within_limits,
        ("settlement", "claims", {"kind": "project_balance"}, {"$set": {"project_id": "x"}}),
    ),
    (
        holds.limits_held_by_rows,
        ("settlement", "limit_rows", {"kind": "payment"}, {"$set": {"kind": "none"}}),
    ),
    (holds.limits_held_by_rows, ("settlement", "claims", {}, {"$set": {"status": "refused"}})),
    (
        holds.never_overdrawn,
        ("settlement", "entries", {"kind": "encumber"}, {"$set": {"postings.1.amount_fen": 10**12}}),
    ),
    (holds.books_balance, ("settlement", "entries", {"kind": "pay"}, {"$inc": {"postings.0.amount_fen": 1}})),
    (holds.books_balance, ("settlement", "entries", {"number": 2}, {"$set": {"previous": "0" * 64}})),
    (holds.bank_ledger_and_claims_agree, ("settlement", "claims", {}, {"$inc": {"paid_fen": 1}})),
    (holds.bank_ledger_and_claims_agree, ("settlement", "payments", {}, {"$inc": {"amount_fen": 1}})),
    (holds.payees_on_record_and_roster, ("intake", "persons", {}, {"$set": {"status": "refused"}})),
    (holds.payees_on_record_and_roster, ("acceptance", "trainings", {}, {"$set": {"roster": []}})),
    (
        holds.nobody_acts_twice,
        ("settlement", "claims", {}, {"$set": {"steps.1.by": "one", "steps.3.by": "one"}}),
    ),
    (holds.bids_sealed_until_opened, ("acceptance", "sourcings", {}, {"$set": {"outer_opened_at": None}})),
    (
        holds.amounts_compute_again,
        ("settlement", "calculations", {}, {"$set": {"facts.project.price_fen": 1}}),
    ),
    (holds.copies_agree, ("catalogue", "demands", {}, {"$set": {"status": "verified"}})),
    (
        holds.nobody_in_two_places,
        (
            "acceptance",
            "trainings",
            {},
            {"$set": {"plan.sessions.1.starts": START, "plan.sessions.0.ends": START + timedelta(days=999)}},
        ),
    ),
    (delivery.numbered_without_gaps, ("selection", "outbox", {"sequence": 2}, {"$set": {"sequence": 1}})),
    (delivery.everything_applied, ("settlement", "marks", {}, {"$inc": {"last": -1}})),
    (delivery.audited_once, ("oversight", "facts", {"sequence": 2}, GONE)),
    (holds.nothing_doubled, ("intake", "persons", {}, {"$set": {"number_hash": "the same"}})),
]


@pytest.mark.parametrize(("check", "change"), SPOILED, ids=lambda value: getattr(value, "__name__", ""))
def test_each_check_notices(whole_stack: Stack, check: Callable[[World], list[str]], change: Change) -> None:
    """A check that cannot fail proves nothing: each is shown data that breaks its invariant."""
    with World(whole_stack) as world, _spoiled(whole_stack, change):
        assert check(world)


@contextmanager
def _spoiled(stack: Stack, change: Change) -> Iterator[None]:
    """Change stored data behind the services' backs, and put it back."""
    process, name, where, how = change
    with MongoClient[dict[str, Any]](stack.admin.mongo_uri) as client:
        collection = client[place_of(stack.state).database_of(PROCESSES[process])][name]
        before = list(collection.find(where))
        assert before, f"no {name} to spoil"
        collection.update_many(where, how) if how else collection.delete_many(where)
        try:
            yield
        finally:
            for doc in before:
                collection.replace_one({"_id": doc["_id"]}, doc, upsert=True)


def test_a_line_paid_twice_is_noticed(whole_stack: Stack) -> None:
    with World(whole_stack) as world:
        first, *others = [row for row in world.instructions() if row["outcome"] == "paid"]
        lines = world.by_id("settlement", "payments")
        claims = {row["instruction_id"]: lines[row["instruction_id"].rpartition(":")[0]] for row in others}
        # of another claim, so that its sum cannot happen to be right
        own = lines[first["instruction_id"].rpartition(":")[0]]["claim_id"]
        second = next(row for row in others if claims[row["instruction_id"]]["claim_id"] != own)
        again = f"{first['instruction_id'].rpartition(':')[0]}:2"
        _rename(whole_stack, second["instruction_id"], again)
        try:
            assert holds.each_line_paid_once(world)
            assert holds.bank_ledger_and_claims_agree(world)
        finally:
            _rename(whole_stack, again, second["instruction_id"])
        assert violations(world) == {}


def _rename(stack: Stack, before: str, after: str) -> None:
    with closing(sqlite3.connect(stack.state.folder / "standin.sqlite")) as bank, bank:
        bank.execute("update instructions set instruction_id = ? where instruction_id = ?", (after, before))
