"""a file's rows are posted once each, whatever is sent again or killed; what is wrong comes back."""

import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.imports import CHUNK_ROWS
from contracts.vocabularies.sample_ids import wrong_citizen_id
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.unit import Unit
from services.intake import importing
from services.intake.domain.imports import KEPT, STANDS
from tests.integration.intake.conftest import World
from tests.support.services import wait_for

MANDATE = "委托书 1 号"
SELF = Actor("service:intake", frozenset())


def row(world: World, number: int, **changes: Any) -> dict[str, Any]:
    """Return a row as the gateway hands it over; a field that is None is left out."""
    person = {f"person.{name}": value for name, value in world.details().items()}
    demand = {name: value for name, value in world.demand().items() if name != "kind"}
    cells = {**person, **demand, "mandate": MANDATE, **changes}
    return {"row": number, "cells": {name: value for name, value in cells.items() if value is not None}}


def start(world: World, who: Actor, rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    content = json.dumps(rows, sort_keys=True, default=str).encode()
    told = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "kind": "worker",
        "encoding": "gb18030",
        "rows": len(rows),
        "chunks": -(-len(rows) // CHUNK_ROWS),
    }
    return world.call("start_import", who, **{**told, **changes})


def send(world: World, who: Actor, rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Send a file as the gateway does; return the import when its chunks have come."""
    answer = start(world, who, rows, **changes)
    for number in answer["missing"]:
        some = rows[number * CHUNK_ROWS : (number + 1) * CHUNK_ROWS]
        answer = world.call("put_rows", who, import_id=answer["id"], number=number, rows=some)
    return answer


def ended(world: World, who: Actor, id: str) -> dict[str, Any]:
    """Wait until an import is done, and return it."""

    def probe() -> dict[str, Any] | None:
        found = world.call("get_import", who, import_id=id)
        return found if found["status"] == "done" else None

    return wait_for(probe, 60, "the import is done")


def figures(it: dict[str, Any]) -> tuple[int, int, int]:
    return it["posted"], it["doubled"], it["wrong"]


def agency(world: World) -> Actor:
    return world.verified_firm("agency")[0]


def test_rows_are_posted_and_the_wrong_ones_come_back(world: World):
    who = agency(world)
    bad = wrong_citizen_id(world.details()["id_number"])
    fault = {"code": "gateway.sheet_day", "field": "wanted_from", "facts": {"row": 5, "column": "日期"}}
    rows = [
        row(world, 3),
        row(world, 4, **{"person.id_number": bad}),
        {**row(world, 5), "fault": fault},
        row(world, 6, **{"person.groups": ["unemployed", "disabled"], "level": "3"}),
        row(world, 7, mandate=None),
        row(world, 8, wanted_from="2020-01-01"),
    ]
    # the same person, occupation and level a second time: kept, and told of
    rows.append({**rows[0], "row": 9})
    it = send(world, who, rows)
    assert (it["status"], it["missing"], it["encoding"]) == ("posting", [], "gb18030")
    assert "GBK" in it["remark"]
    done = ended(world, who, it["id"])
    assert figures(done) == (2, 1, 4)
    assert done["wrong_until"] is not None

    wrong = world.call("wrong_rows", who, import_id=it["id"])
    assert [(each["row"], each["code"], each["field"]) for each in wrong["items"]] == [
        (4, "invalid", "person.id_number"),
        (5, "gateway.sheet_day", "wanted_from"),
        (7, "invalid", "mandate"),
        (8, "intake.wanted_from", "wanted_from"),
    ]
    assert wrong["items"][0]["cells"]["person.id_number"] == bad
    assert "第 5 行" in wrong["items"][1]["zh"]
    assert (wrong["kind"], wrong["more"]) == ("worker", False)

    mine = world.call("list_demands", who, limit=100)["items"]
    assert sorted(each["status"] == "returned" for each in mine) == [False, False, True]
    (double,) = [each for each in mine if each["status"] == "returned"]
    assert double["duplicate_of"] in {each["id"] for each in mine}
    # nothing is left of the row that was refused after its person had been looked at
    number = rows[5]["cells"]["person.id_number"]
    assert world.db.numbers.find_one({"_id": world.vault().number_hash(number)}) is None


def test_the_same_file_again_changes_nothing(world: World):
    who = agency(world)
    rows = [row(world, number) for number in (3, 4)]
    first = ended(world, who, send(world, who, rows)["id"])
    before = world.db.demands.count_documents({})
    again = start(world, who, rows)
    assert (again["id"], again["status"], again["missing"]) == (first["id"], "done", [])
    assert again["version"] == first["version"]
    # a chunk that comes late is nobody's any more
    world.call("put_rows", who, import_id=first["id"], number=0, rows=rows)
    assert world.db.demands.count_documents({}) == before
    # the same bytes of another body are another import
    other = start(world, agency(world), rows)
    assert other["id"] != first["id"]
    listed = world.call("list_imports", who, status="done")
    assert [each["id"] for each in listed["items"]] == [first["id"]]


def test_an_upload_that_was_cut_off_goes_on(world: World):
    who = agency(world)
    one = row(world, 3)
    rows = [{**one, "row": number} for number in range(3, CHUNK_ROWS + 5)]
    it = start(world, who, rows)
    assert it["missing"] == [0, 1]
    world.call("put_rows", who, import_id=it["id"], number=0, rows=rows[:CHUNK_ROWS])
    with pytest.raises(Refusal, match=r"intake\.import_chunk"):
        world.call("put_rows", who, import_id=it["id"], number=1, rows=rows[CHUNK_ROWS:-1])
    assert start(world, who, rows)["missing"] == [1]
    world.call("put_rows", who, import_id=it["id"], number=1, rows=rows[CHUNK_ROWS:])
    assert figures(ended(world, who, it["id"])) == (1, len(rows) - 1, 0)


def test_rows_lie_sealed_and_go(world: World):
    who = agency(world)
    names = [f"示例密{number}" for number in range(2)]
    rows = [
        row(world, 3, **{"person.name": names[0]}),
        row(world, 4, **{"person.name": names[1], "level": "9"}),
    ]
    it = send(world, who, [*rows, row(world, 5)])
    ended(world, who, it["id"])
    kept = list(world.db.import_parts.find({"import_id": it["id"]}))
    assert [(each["sealed"], bool(each["sealed_wrong"])) for each in kept] == [(None, True)]
    for collection in world.db.list_collection_names():
        for doc in world.db[collection].find():
            assert not any(name in str(doc) for name in names), collection
    assert world.call("wrong_rows", who, import_id=it["id"])["items"][0]["cells"]["person.name"] == names[1]
    assert world.db.disclosures.count_documents({"payee_ref": f"import:{it['id']}"}) == 1

    cleared = world.call("clear_import", who, import_id=it["id"])
    assert (cleared["status"], cleared["wrong_until"], figures(cleared)) == ("done", None, (2, 0, 1))
    assert world.call("wrong_rows", who, import_id=it["id"])["items"] == []
    assert world.db.import_parts.count_documents({"import_id": it["id"]}) == 0
    assert world.db.person_keys.count_documents({"keyAltNames": it["id"]}) == 0
    # those who were posted have a key each, which opens what is theirs
    (demand, _) = world.call("list_demands", who, limit=100)["items"]
    person = world.db.persons.find_one({"_id": demand["poster_ref"]})
    assert set(world.vault().open(person["sealed"], "id_number", "name")) == {"id_number", "name"}
    assert world.vault().sweep() == 0


def test_an_import_is_its_bodys_own(world: World):
    who, stranger = agency(world), agency(world)
    it = send(world, who, [row(world, 3)])
    for method in ("get_import", "clear_import", "wrong_rows"):
        with pytest.raises(Refusal, match=r"owner\.forbidden"):
            world.call(method, stranger, import_id=it["id"])
        with pytest.raises(Refusal, match="not_found"):
            world.call(method, stranger, import_id="nothing")
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("put_rows", stranger, import_id=it["id"], number=0, rows=[row(world, 3)])
    assert world.call("list_imports", stranger)["items"] == []
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        start(world, world.worker(), [row(world, 3)])
    unregistered = Actor(f"agency-{uuid.uuid4().hex[:8]}", frozenset({"agency"}))
    with pytest.raises(Refusal, match=r"intake\.not_registered"):
        start(world, unregistered, [row(world, 3)])


def test_a_firm_brings_its_own_demands(world: World):
    who, ref = world.verified_firm("enterprise")
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        start(world, who, [row(world, 3)])
    cells = {name: value for name, value in world.demand().items() if name != "kind"}
    post = {**cells, "headcount": 20, "skills": "焊条电弧焊", "training_kind": "order"}
    rows = [{"row": 3, "cells": post}, {"row": 4, "cells": {**post, "headcount": None}}]
    done = ended(world, who, send(world, who, rows, kind="enterprise")["id"])
    assert done["posted"] + done["doubled"] == 1
    (demand,) = world.call("list_demands", who)["items"]
    assert (demand["poster_ref"], demand["headcount"]) == (ref, 20)


def test_a_kill_in_the_middle_loses_and_doubles_no_row(world: World):
    who = agency(world)
    count = 400
    rows = [row(world, number) for number in range(3, count // 2 + 3)]
    rows += [
        {**each, "row": each["row"] + count // 2, "cells": {**each["cells"], "level": "3"}} for each in rows
    ]
    id = send(world, who, rows)["id"]
    mine = {"posted_by_ref": world.call("get_body", who)["id"]}
    for _ in range(3):
        before = world.db.demands.count_documents(mine)
        wait_for(lambda before=before: world.db.demands.count_documents(mine) > before, 60, "rows are posted")
        world.running.kill("intake")
    done = ended(world, who, id)
    assert figures(done) == (count, 0, 0)
    assert world.db.demands.count_documents(mine) == count
    told = world.db.outbox.count_documents(
        {"type": "intake.demand.posted", "event.data.posted_by_ref": mine["posted_by_ref"]}
    )
    assert told == count


def test_one_row_that_breaks_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch):
    who = agency(world)
    world.standin.fault("registry", "ok")
    rows = [row(world, number) for number in (3, 4, 5)]
    wrong = {**row(world, 6), "cells": {**row(world, 6)["cells"], "level": "9"}}
    real = importing.posting.post

    def breaks(unit: Unit, vault: Any, body: dict[str, Any]) -> dict[str, Any]:
        if body["person"]["id_number"] == rows[1]["cells"]["person.id_number"]:
            raise ZeroDivisionError
        return real(unit, vault, body)

    _settings, own, committer = in_process(world)
    monkeypatch.setattr(importing.posting, "post", breaks)
    reader = Reader(own, SELF, world.running.clock)

    def transact(run: Any, actor: Actor = SELF, correlation: str = "none") -> Any:
        return committer.run(Work(lambda group: Unit(group, actor, None, correlation), run))

    world.running.kill("intake", restart=False)
    try:
        vault = world.vault()
        body_ref = world.db.logins.find_one({"_id": who.account})["body_ref"]
        agent = Actor(who.account, who.roles, body_ref=body_ref)
        told = {"sha256": "a" * 64, "kind": "worker", "encoding": "xlsx", "rows": 4, "chunks": 1}
        it = transact(lambda unit: importing.start(unit, vault, told), agent)
        chunk = [{**each, "fault": None} for each in [*rows, wrong]]
        put = {"import_id": it["id"], "number": 0, "rows": chunk}
        transact(lambda unit: importing.put_rows(unit, vault, put), agent)
        importing.post_waiting(reader, vault, transact)
        importing.post_waiting(reader, vault, transact)
    finally:
        committer.stop()
        world.running.start("intake")
        world.running.await_ready("intake")
    done = world.call("get_import", who, import_id=it["id"])
    assert (done["status"], figures(done)) == ("done", (2, 0, 2))
    codes = [each["code"] for each in world.call("wrong_rows", who, import_id=it["id"])["items"]]
    assert codes == ["intake.import_row", "invalid"]


def in_process(world: World) -> tuple[Settings, Any, Committer]:
    """Return the service's settings, its database and a committer of this test's own."""
    settings = Settings.from_env(world.running.sandbox.env("intake"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    return settings, own, Committer("intake", own, world.running.clock)


def test_rows_go_when_their_time_is_over(world: World):
    who = agency(world)
    wrong = ended(world, who, send(world, who, [row(world, 3, level="9")])["id"])
    stands = start(world, who, [row(world, 3), row(world, 4)])
    world.running.clock.advance_to(world.running.clock.now() + max(KEPT, STANDS) + timedelta(hours=1))
    _settings, own, committer = in_process(world)
    try:
        importing.let_go(
            Reader(own, SELF, world.running.clock),
            lambda run: committer.run(Work(lambda group: Unit(group, SELF), run)),
        )
    finally:
        committer.stop()
    assert world.call("wrong_rows", who, import_id=wrong["id"])["items"] == []
    assert world.call("get_import", who, import_id=wrong["id"])["wrong_until"] is None
    assert world.call("get_import", who, import_id=stands["id"])["status"] == "stopped"
    assert world.db.import_parts.count_documents({"import_id": {"$in": [wrong["id"], stands["id"]]}}) == 0


def test_a_file_that_was_stopped_before_any_row_begins_again(world: World):
    who = agency(world)
    rows = [row(world, 3)]
    it = start(world, who, rows)
    assert world.call("clear_import", who, import_id=it["id"])["status"] == "stopped"
    done = ended(world, who, send(world, who, rows)["id"])
    assert (done["id"], figures(done)) == (it["id"], (1, 0, 0))
