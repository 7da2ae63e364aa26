"""SIGKILL of settlement, broker and database while many claims go through review and are paid.

The claims are for living costs, so that every person is a payment line of their own. Officers repeat what
got no answer, with the same key, as a client of the API does. Afterwards each person was paid once, and the
bank, the ledger and the claims say the same to the fen.
"""

import contextlib
import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from contracts.vocabularies.errors import Refusal
from infra.local import Stack
from services.chassis.actor import Actor
from tests.integration.settlement.world import COUNTY, FINANCE, LAG, PayingTown
from tests.support import backends, invariants
from tests.support.delivery import World
from tests.support.ground import Ground, enrol
from tests.support.services import Running

VICTIMS = ("settlement", "broker", "mongod")
PASSING = ("unavailable", "deadline_passed", "busy", *LAG)
EACH_FEN = 5 * 30_00
BUDGET = 100_000_000_00
OFFICERS = 8
PROVIDERS = 5
CALL_SECONDS = 10.0
PATIENCE = 240.0
# the others of tests/support/invariants.py are about services that do not run here
CHECKS = (
    invariants.subsidised_within_limits,
    invariants.limits_held_by_rows,
    invariants.never_overdrawn,
    invariants.books_balance,
    invariants.bank_ledger_and_claims_agree,
    invariants.each_line_paid_once,
    invariants.nobody_acts_twice,
    invariants.amounts_compute_again,
)


@dataclass(frozen=True)
class Form:
    """How many claims, of how many people each, under how many kills.

    groups: so many groups of people take turns; each of theirs is in another week's class.
    """

    claims: int
    people: int
    groups: int
    kills: int
    seed: int

    @property
    def lines(self) -> int:
        """All payment lines."""
        return self.claims * self.people

    def plan(self) -> list[tuple[float, float, str]]:
        """Return the kills: how far the work has come (0 to 2: in review to 1, then in payment), how many
        seconds after that, and who. Everybody is killed as often as the others.
        """
        chance = random.Random(self.seed)
        victims = list(VICTIMS) * (self.kills // len(VICTIMS))
        chance.shuffle(victims)
        span = 2 / self.kills
        return [
            (span * (place + chance.random()), chance.random(), victim)
            for place, victim in enumerate(victims)
        ]


class HurtTown(PayingTown):
    """A town whose officers repeat, with the same key, what passed without an answer."""

    def __init__(self, running: Running, world: World, stack: Stack) -> None:
        super().__init__(running, None)  # type: ignore[arg-type]  # its bank is the stack's
        self.world = world
        self.answered = 0
        self._stack = stack
        self._lock = threading.Lock()

    def call(self, method: str, actor: Actor | None, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Call settlement until it answers."""
        key, end = key or uuid.uuid4().hex, time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.running.call(f"settlement.{method}", body, actor, key, seconds=CALL_SECONDS)
            except Refusal as refusal:
                if refusal.code not in PASSING:
                    raise
                if time.monotonic() > end:
                    pytest.fail(f"{method}: {refusal.code} for {PATIENCE:.0f} s; {self.ends()}")
                time.sleep(0.2)
            else:
                with self._lock:
                    self.answered += 1
                return answer

    def count(self, status: str) -> int:
        """Return how many payment lines stand so, by the database; none while it is away."""
        with contextlib.suppress(PyMongoError):
            return int(self.db.payments.count_documents({"status": status}))
        return 0

    def advance_to(self, moment: datetime) -> None:
        """Move the clock, as soon as the database is there."""
        while True:
            with contextlib.suppress(PyMongoError):
                self.running.clock.advance_to(max(moment, self.now))
                return
            time.sleep(0.2)

    def await_paid(self, claims: int, seconds: float) -> None:
        """Wait until all claims are paid."""
        end, paid = time.monotonic() + seconds, 0
        while paid < claims:
            assert time.monotonic() < end, f"{paid} of {claims} claims paid in {seconds:.0f} s: {self.left()}"
            time.sleep(0.5)
            with contextlib.suppress(PyMongoError):
                paid = self.db.claims.count_documents({"status": "paid"})

    def left(self) -> dict[str, Any]:
        """Return what tells where payments wait."""
        lines = Counter(row["status"] for row in self.world.rows("settlement", "payments"))
        return {"lines": dict(lines), "ends": self.ends()}

    def ends(self) -> dict[str, str]:
        """Return the ends of the logs of those who are killed, and of the supervisor."""
        return {name: self._stack.log_end(name) for name in (*VICTIMS, "intake", "supervisord")}


class Killer:
    """Kills as planned while the work goes on. A context manager: at its end all kills are done."""

    def __init__(self, stack: Stack, town: HurtTown, form: Form, first: int) -> None:
        self._stack, self._town, self._form, self._first = stack, town, form, first
        self._steps = form.claims * 8
        self._stop = threading.Event()
        self._problems: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        if problem[0] is not None:
            self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._problems, self._problems
        assert not self._thread.is_alive(), "the plan was not carried out"

    def come(self) -> float:
        """Return how far the work has come: each half by its steps answered, its lines paid."""
        steps = (self._town.answered - self._first) / self._steps
        return min(steps, 1.0) + (self._town.count("paid") / self._form.lines if steps >= 1 else 0)

    def _run(self) -> None:
        try:
            for point, seconds, victim in self._form.plan():
                while self.come() < point and not self._stop.is_set():
                    time.sleep(0.05)
                if self._stop.wait(seconds):
                    return
                # one that was killed before may still be starting
                if victim == "settlement":
                    self._stack.await_ready(victim)
                else:
                    self._stack.await_infrastructure()
                self._stack.kill(victim)
        except BaseException as problem:
            self._problems.append(problem)


@pytest.fixture
def hurt() -> Iterator[Stack]:
    """The servers, settlement, and what it needs to pay people: intake and the bank."""
    folder = Path(os.environ[backends.FOLDER]) / f"hurt-{os.getpid()}"
    stack = Stack(folder, ports="free", services=("standin", "intake", "settlement"))
    try:
        stack.up()
        yield stack
    finally:
        stack.clean()


def trained(town: HurtTown, stack: Stack, form: Form) -> list[tuple[Actor, str, str]]:
    """Return provider, project and class for each claim: everybody on a roster of their own was there."""
    refs = enrol(Ground(stack), COUNTY, ["rural_transfer"], form.groups * form.people)
    givers = [town.provider() for _ in range(PROVIDERS)]
    town.await_copies("people", refs, {"verified": True})
    made = []
    for number in range(form.claims):
        turn, group = divmod(number, form.groups)
        by, people = givers[number % PROVIDERS], refs[group * form.people : (group + 1) * form.people]
        project = town.project(by)
        made.append((by, project, town.hold_class(by, project, people, ago=7 * turn)))
    town.await_copies("projects", [project for _, project, _ in made], {"provider_ref": {"$exists": True}})
    return made


def through_review(town: HurtTown, trainings: list[tuple[Actor, str, str]]) -> list[str]:
    """Submit a claim for each training and take them all to their payment orders, several at once."""

    def to_notice(training: tuple[Actor, str, str]) -> tuple[str, datetime]:
        by, project, id = training
        claim = town.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)
        return claim["id"], town.to_notice(claim["id"])

    with ThreadPoolExecutor(OFFICERS) as pool:
        noticed = list(pool.map(to_notice, trainings))
        town.advance_to(max(until for _, until in noticed))
        list(pool.map(lambda each: town.to_order(each[0]), noticed))
    return [id for id, _ in noticed]


def assert_paid_once(town: HurtTown, form: Form, claims: list[str]) -> None:
    """Each person got the amount once, and each claim is paid, told once."""
    booked = town.world.instructions()
    assert len(booked) == len({row["instruction_id"] for row in booked}) == form.lines
    turns = form.claims // form.groups
    assert set(Counter(row["account"] for row in booked).values()) == {turns}
    assert {(row["amount_fen"], row["outcome"]) for row in booked} == {(EACH_FEN, "paid")}
    kept = town.world.by_id("settlement", "claims")
    assert sorted(kept) == sorted(claims)
    assert {(claim["status"], claim["paid_fen"]) for claim in kept.values()} == {
        ("paid", form.people * EACH_FEN)
    }
    told = town.world.rows("settlement", "outbox", type="settlement.claim.paid")
    assert sorted(row["subject"] for row in told) == sorted(claims)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "form", [Form(10, 20, 5, 3, seed=1), pytest.param(Form(50, 200, 5, 12, seed=2), marks=pytest.mark.long)]
)
def test_each_is_paid_once_and_the_books_agree(hurt: Stack, form: Form) -> None:
    with World(hurt) as world, Running(Ground(hurt), ()) as running:  # type: ignore[arg-type]
        town = HurtTown(running, world, hurt)
        town.budget(BUDGET)
        trainings = trained(town, hurt, form)
        with Killer(hurt, town, form, town.answered):
            claims = through_review(town, trainings)
            town.await_paid(form.claims, PATIENCE * 2)
        for name in hurt.services:
            hurt.await_ready(name)
        invariants.await_delivered(world, PATIENCE)
        assert_paid_once(town, form, claims)
        assert {check.__name__: found for check in CHECKS if (found := check(world))} == {}
        found = town.reconciled()
        assert (found["differences"], found["agrees"]) == ([], True)
        town.sound()
        assert town.account()["paid_fen"] == form.lines * EACH_FEN
        assert town.call("fund_account", FINANCE, account_id=town.account()["id"])["encumbered_fen"] == 0
