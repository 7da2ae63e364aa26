"""Oversight on the real stack: each fact once, the trail, gaps."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from contracts.events import acceptance, catalogue, intake, selection, settlement
from contracts.registry import EVENTS
from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.clock import real_now
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.topology import facts_exchange
from services.chassis.unit import Unit
from services.oversight import watching
from services.oversight.domain.alarms import PATIENCE
from tests.support import backends
from tests.support.services import Running, wait_for

AUDITOR = Actor("auditor", frozenset({"auditor"}))
SUPERVISOR = Actor("supervisor", frozenset({"supervisor"}), region="370600")
ELSEWHERE = Actor("supervisor-2", frozenset({"supervisor"}), region="370100")
SELF = Actor("service:oversight", frozenset())
WELDER = {"occupation": "6-18-02-04", "level": "4", "mode": "on_site"}
DAY = datetime(2027, 3, 1, tzinfo=UTC)


class World:
    """Tells facts of every service in order, and calls oversight. Shared by the tests of a module."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.db = running.database("oversight")
        self._sequence: Counter[str] = Counter()

    def tell(self, event, subject, sequence=None, **data):
        self._sequence[f"{event.aggregate}:{subject}"] += 1
        number = sequence or self._sequence[f"{event.aggregate}:{subject}"]
        return self.running.tell(event, subject, number, data)

    def call(self, method, actor=AUDITOR, **body):
        return self.running.call(f"oversight.{method}", body, actor, seconds=60.0)

    def await_facts(self, *ids: str, count: int) -> None:
        query = {"aggregate_id": {"$in": list(ids)}}
        wait_for(lambda: self.db.facts.count_documents(query) == count, 60, "facts taken in")

    def await_chain(self, tag: str) -> None:
        """Wait until all thirteen facts of a chain are taken in, whichever comes last."""
        query = {"aggregate_id": {"$regex": f"^{tag}"}}
        wait_for(lambda: self.db.facts.count_documents(query) == 13, 60, "the chain's facts")


@pytest.fixture(scope="module")
def world(stack: backends.Backend) -> Iterator[World]:
    """One oversight process for the tests of a module."""
    sandbox = stack.sandbox(("oversight", "gateway"))
    try:
        with Running(sandbox, ("oversight",)) as running:
            yield World(running)
    finally:
        sandbox.drop()


def tell_a_chain(world: World, tag: str) -> None:
    """Tell a short chain through all five orders: one project of two workers, one of them paid."""
    people = {f"{tag}d{number}": f"{tag}p{number}" for number in (1, 2)}
    tell_demands(world, f"{tag}q", people)
    tell_training(world, tag, list(people.values()))
    world.tell(
        settlement.CLAIM_SUBMITTED,
        f"{tag}k",
        kind="living_cost",
        project_id=f"{tag}q",
        class_id=f"{tag}c",
        claimant_ref="school",
        region="370600",
        fund="employment",
        people=2,
        total_fen=2,
        rules_edition="t",
        rules_hash="0" * 64,
    )
    world.tell(settlement.PAYMENT_PAID, f"{tag}l1", claim_id=f"{tag}k", payee_ref=f"{tag}p1", amount_fen=1)


def tell_demands(world: World, project: str, people: dict[str, str]) -> None:
    """Tell what workers ask for, by demand, and that a project lists it."""
    for demand, person in people.items():
        posted = {
            "kind": "worker",
            "poster_ref": person,
            "region": "370611",
            "headcount": 1,
            "wanted_from": DAY.date(),
        }
        world.tell(intake.DEMAND_POSTED, demand, **posted, **WELDER)
    plan = {"name": "班", "region": "370600", "programme": None, "seats": 2, "hours": 40, **WELDER}
    world.tell(catalogue.PROJECT_DRAFTED, project, **plan, demand_ids=list(people))
    for demand in people:
        world.tell(intake.DEMAND_LISTED, demand, project_id=project)


def tell_training(world: World, tag: str, people: list[str]) -> None:
    """Tell an award, and a class that these people chose, signed in to and completed."""
    project, training = f"{tag}q", f"{tag}c"
    world.tell(
        acceptance.SOURCING_AWARDED,
        f"{tag}s",
        project_id=project,
        provider_ref="school",
        provider_name="演示单位",
        price_fen=1,
    )
    world.tell(acceptance.CLASS_COMPLETED, training, project_id=project, completed=people, failed=[])
    for person in people:
        world.tell(selection.ENROLMENT_CONFIRMED, f"{person}e", class_id=training, person_ref=person)
        world.tell(
            acceptance.SIGN_IN_RECORDED,
            f"{person}i",
            class_id=training,
            session_id="x",
            person_ref=person,
            state="confirmed",
            at=DAY,
        )


def ids_of(trail):
    return {thing["id"] for stage in trail["stages"] for thing in stage["things"]}


def test_the_trail_of_one_persons_thing_goes_through_all_five_orders(world: World):
    tell_a_chain(world, "a")
    world.await_chain("a")
    trail = world.call("trail", thing_id="ad1")
    assert (trail["aggregate"], trail["person_ref"], trail["truncated"]) == ("intake.demand", "ap1", False)
    assert ids_of(trail) == {"ad1", "aq", "as", "ac", "ap1e", "ap1i", "ak", "al1"}
    assert trail["complete"] is True
    states = [
        (stage["zh"], {thing["id"]: thing["state"] for thing in stage["things"]}) for stage in trail["stages"]
    ]
    assert states[0] == ("提单", {"ad1": "listed"})
    assert states[2] == ("选单", {"ap1e": "confirmed"})
    assert states[4] == ("买单", {"ak": "submitted", "al1": "paid"})
    assert [fact["sequence"] for fact in trail["stages"][0]["things"][0]["facts"]] == [1, 2]


def test_the_trail_of_the_project_holds_all(world: World):
    tell_a_chain(world, "b")
    world.await_chain("b")
    trail = world.call("trail", thing_id="bq")
    assert trail["person_ref"] is None
    assert ids_of(trail) == {
        *("bd1", "bd2", "bq", "bs", "bc", "bp1e", "bp2e", "bp1i", "bp2i", "bk", "bl1"),
    }


def test_who_may_follow_a_trail(world: World):
    tell_a_chain(world, "c")
    world.await_chain("c")
    assert world.call("trail", SUPERVISOR, thing_id="cd1") == world.call("trail", thing_id="cd1")
    refusals = {
        "region.forbidden": ("trail", ELSEWHERE, {"thing_id": "cd1"}),
        "role.forbidden": ("trail", Actor("w", frozenset({"worker"})), {"thing_id": "cd1"}),
        "not_found": ("trail", AUDITOR, {"thing_id": "nobody"}),
    }
    for code, (method, actor, body) in refusals.items():
        with pytest.raises(Refusal) as caught:
            world.call(method, actor, **body)
        assert caught.value.code == code
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("facts", SUPERVISOR)


def test_a_fact_is_kept_once_as_it_was_told(world: World):
    told = world.tell(intake.PERSON_REGISTERED, "once", region="370611", groups=["unemployed"])
    for _ in range(5):
        world.running.send(told["type"], told, facts_exchange("intake"))
    world.tell(intake.PERSON_REFUSED, "once", reason="姓名不符")
    world.await_facts("once", count=2)
    items = world.call("facts", aggregate_id="once")["items"]
    assert [item["type"] for item in items] == ["intake.person.refused", "intake.person.registered"]
    assert (items[1]["id"], items[1]["data"]) == (told["id"], {"region": "370611", "groups": ["unemployed"]})
    assert items[1]["time"] == told["time"]


def test_facts_are_listed_newest_first_and_by_what_they_name(world: World):
    ids = []
    for number in range(5):
        told = world.tell(
            selection.ENROLMENT_WAITING, f"w{number}", class_id="listed", person_ref="lp", place=number + 1
        )
        ids.append(told["id"])
    world.await_facts(*(f"w{number}" for number in range(5)), count=5)
    seen, cursor = [], None
    while True:
        page = world.call("facts", mentions="lp", limit=2, cursor=cursor)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(ids, reverse=True)
    assert [item["id"] for item in world.call("facts", mentions="listed")["items"]] == seen
    only = world.call("facts", type="selection.enrolment.waiting", aggregate_id="w3")["items"]
    assert [item["id"] for item in only] == [ids[3]]


def test_every_kind_of_fact_reaches_oversight(world: World):
    sources = {type.partition(".")[0] for type in EVENTS}
    assert sources == {"intake", "catalogue", "selection", "acceptance", "settlement"}
    tell_a_chain(world, "e")
    world.await_chain("e")
    kept = {fact["type"].partition(".")[0] for fact in world.db.facts.find({})}
    assert kept == sources


def test_a_gap_is_suspected_raised_and_cleared(world: World):
    settings = Settings.from_env(world.running.sandbox.env("oversight"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    committer = Committer("oversight", own, world.running.clock)

    def compare(now: datetime) -> list[str]:
        reader = Reader(own, SELF, world.running.clock)
        return watching.compare(
            reader, lambda run: committer.run(Work(lambda group: Unit(group, SELF), run)), now
        )

    world.tell(intake.PERSON_REGISTERED, "gap", sequence=1, region="370611", groups=[])
    world.tell(intake.PERSON_REFUSED, "gap", sequence=3, reason="后到")
    wait_for(lambda: world.db.parked.find_one({"mark": "intake.person:gap"}), 30)
    now = real_now()
    try:
        assert compare(now) == []
        shown = {alarm["aggregate_id"] for alarm in world.call("alarms")["items"]}
        assert "gap" not in shown, "a suspicion is not shown"
        assert compare(now + PATIENCE + timedelta(seconds=1)) == ["intake.person:gap:2"]
        (alarm,) = world.call("alarms", status="open")["items"]
        assert (alarm["aggregate"], alarm["aggregate_id"], alarm["missing"]) == ("intake.person", "gap", [2])
        trail = world.call("trail", thing_id="gap")
        assert (trail["complete"], trail["stages"][0]["things"][0]["gaps"]) == (False, [2])

        world.tell(intake.PERSON_VERIFIED, "gap", sequence=2, draws_pension=False, checked_at=now)
        world.await_facts("gap", count=3)
        wait_for(lambda: not world.db.parked.find_one({"mark": "intake.person:gap"}), 30)
        compare(now + 2 * PATIENCE)
        (alarm,) = world.call("alarms", status="cleared")["items"]
        assert (alarm["aggregate_id"], alarm["status"]) == ("gap", "cleared")
        assert world.call("alarms", status="open")["items"] == []
    finally:
        committer.stop()


def test_nothing_is_lost_or_doubled_over_kills(world: World):
    ids = [f"n{number}" for number in range(200)]
    for id in ids:
        world.tell(intake.PERSON_REGISTERED, id, region="370611", groups=[])
        world.tell(intake.PERSON_REFUSED, id, reason="试")
    wait_for(lambda: world.db.facts.count_documents({"aggregate_id": {"$in": ids}}) > 5, 30)
    world.running.kill("oversight")
    wait_for(lambda: world.db.facts.count_documents({"aggregate_id": {"$in": ids}}) > 100, 60)
    world.running.kill("oversight")
    world.await_facts(*ids, count=400)
    kept = Counter(
        (fact["aggregate_id"], fact["sequence"])
        for fact in world.db.facts.find({"aggregate_id": {"$in": ids}})
    )
    assert set(kept.values()) == {1}
    assert world.running.dead("oversight") == 0
