"""Posting demands: each kept once, told, and owned."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.events import catalogue
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import wrong_citizen_id
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.unit import Unit
from services.intake import changing, mandating
from services.intake.store import demands
from services.intake.store.vault import Forgotten
from tests.integration.intake.conftest import OFFICER, WELDER, World, at_once
from tests.support.services import wait_for

AUDITOR = Actor("auditor", frozenset({"auditor"}))
SELF = Actor("service:intake", frozenset())


def test_a_first_demand_registers_its_person_and_both_are_checked(world: World):
    worker = world.worker()
    demand = world.post(worker, person=world.details(), hours=120, group="unemployed")
    assert (demand["status"], demand["version"], demand["headcount"]) == ("submitted", 1, 1)
    world.await_status("demands", demand["id"], "verified")
    assert world.told(demand["id"]) == ["posted", "verified"]
    assert world.told(demand["poster_ref"]) == ["registered", "payee_changed", "verified"]
    assert world.call("identity_of", worker, account=worker.account) == {
        "person_ref": demand["poster_ref"],
        "body_ref": None,
    }


def test_a_wrong_check_digit_is_refused_at_its_field_and_nothing_is_kept(world: World):
    worker, details = world.worker(), world.details()
    before = world.db.demands.count_documents({})
    with pytest.raises(Refusal) as caught:
        world.post(worker, person={**details, "id_number": wrong_citizen_id(details["id_number"])})
    assert (caught.value.code, caught.value.field) == ("invalid", "person.id_number")
    assert world.db.demands.count_documents({}) == before
    assert world.db.logins.find_one({"_id": worker.account}) is None
    assert world.post(worker, person=details)["status"] == "submitted"


def test_the_first_demand_needs_the_person(world: World):
    with pytest.raises(Refusal, match=r"intake\.person_needed at person"):
        world.post(world.worker())


def test_a_second_open_demand_is_returned_and_told(world: World):
    worker = world.verified_worker()
    first = world.post(worker)
    second = world.post(worker)
    assert first["status"] == "verified"
    assert (second["status"], second["duplicate_of"]) == ("returned", first["id"])
    assert world.told(second["id"]) == ["posted", "returned"]
    assert world.post(worker, level="3")["status"] == "verified"


def test_one_open_demand_however_many_are_posted_at_once(world: World):
    worker = world.verified_worker()
    posted = at_once([lambda: world.post(worker)] * 40)
    (kept,) = [each for each in posted if each["status"] == "verified"]
    others = [each for each in posted if each is not kept]
    assert {each["status"] for each in others} == {"returned"}
    assert {each["duplicate_of"] for each in others} == {kept["id"]}
    rows = {row["_id"] for row in world.db.open_demands.find({"demand_id": kept["id"]})}
    poster = kept["poster_ref"]
    assert rows == {f"{poster}:{WELDER}:4", f"alike:{poster}:{WELDER}"}


def test_the_same_key_fifty_times_is_one_demand(world: World):
    worker, details = world.worker(), world.details()
    body = world.demand(person=details)
    answers = at_once([lambda: world.call("post_demand", worker, "the-key", **body)] * 50)
    assert len({answer["id"] for answer in answers}) == 1
    ref = answers[0]["poster_ref"]
    assert world.db.demands.count_documents({"poster_ref": ref}) == 1
    assert world.db.numbers.count_documents({"person_ref": ref}) == 1
    with pytest.raises(Refusal, match="key_reused"):
        world.call("post_demand", worker, "the-key", **{**body, "level": "3"})


def test_two_accounts_with_one_number_are_one_person(world: World):
    details = world.details()
    workers = [world.worker() for _ in range(20)]
    answers = at_once([lambda worker=worker: world.post(worker, person=details) for worker in workers])
    (won,) = [each for each in answers if isinstance(each, dict)]
    refused = [each for each in answers if isinstance(each, Refusal)]
    assert {(each.code, each.field) for each in refused} == {("intake.person_known", "person.id_number")}
    number_hash = world.vault().number_hash(details["id_number"])
    assert world.db.persons.count_documents({"number_hash": number_hash}) == 1
    assert world.db.demands.count_documents({"poster_ref": won["poster_ref"]}) == 1
    assert world.db.logins.count_documents({"person_ref": won["poster_ref"]}) == 1


def test_one_account_is_one_person(world: World):
    worker = world.worker()
    people = [world.details() for _ in range(10)]
    answers = at_once(
        [lambda given=given: world.call("register_person", worker, **given) for given in people]
    )
    assert len([each for each in answers if isinstance(each, dict)]) == 1
    codes = {each.code for each in answers if isinstance(each, Refusal)}
    assert codes == {"intake.account_has_person"}
    with pytest.raises(Refusal, match=r"intake\.person_mismatch at person\.id_number"):
        world.post(worker, person=world.details())


def test_a_withdrawn_demand_makes_room_for_another(world: World):
    worker = world.verified_worker()
    first = world.post(worker)
    gone = world.call("withdraw_demand", worker, demand_id=first["id"], reason="不需要了")
    assert (gone["status"], gone["version"]) == ("withdrawn", 2)
    assert world.post(worker)["status"] == "verified"
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("withdraw_demand", worker, demand_id=first["id"])


def test_a_stale_version_is_refused(world: World):
    worker = world.verified_worker()
    demand = world.post(worker)
    with pytest.raises(Refusal, match="stale_version"):
        world.running.call("intake.withdraw_demand", {"demand_id": demand["id"]}, worker, expected_version=7)
    world.running.call("intake.withdraw_demand", {"demand_id": demand["id"]}, worker, expected_version=1)


def test_who_may_see_a_demand(world: World):
    worker = world.verified_worker()
    id = world.post(worker)["id"]
    elsewhere = Actor("officer-2", frozenset({"catalogue_officer"}), region="370100")
    for actor in (worker, OFFICER, AUDITOR):
        assert world.call("get_demand", actor, demand_id=id)["id"] == id
    for actor, code in ((world.worker(), "owner.forbidden"), (elsewhere, "region.forbidden")):
        with pytest.raises(Refusal) as caught:
            world.call("get_demand", actor, demand_id=id)
        assert caught.value.code == code
    for actor in (world.worker(), OFFICER):
        with pytest.raises(Refusal) as caught:
            world.call("withdraw_demand", actor, demand_id=id)
        assert caught.value.code in ("owner.forbidden", "role.forbidden")


def test_lists_are_read_page_by_page_newest_first(world: World):
    worker = world.verified_worker()
    levels = ("5", "4", "3", "2", "1")
    ids = [world.post(worker, level=level)["id"] for level in levels]
    seen, cursor = [], None
    while True:
        page = world.call("list_demands", worker, limit=2, cursor=cursor)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids[::-1]
    (only,) = world.call("list_demands", worker, level="3")["items"]
    assert only["id"] == ids[2]
    theirs = world.call("list_demands", OFFICER, region="370611", limit=100)["items"]
    assert set(ids) <= {item["id"] for item in theirs}
    for actor in (OFFICER, Actor("officer-3", frozenset({"catalogue_officer"}))):
        with pytest.raises(Refusal, match=r"region\.forbidden"):
            world.call("list_demands", actor, region="370102")
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("list_demands", Actor("officer-3", frozenset({"supervisor"})))
    with pytest.raises(Refusal, match="invalid at cursor"):
        world.call("list_demands", worker, cursor="nonsense")


def test_a_firm_posts_for_many(world: World):
    actor, given = world.firm("enterprise")
    body = {
        **world.demand(kind="enterprise"),
        "headcount": 20,
        "skills": "焊条电弧焊",
        "training_kind": "order",
        "wage_low_fen": 500_000,
        "wage_high_fen": 800_000,
        "share_percent": 20,
    }
    with pytest.raises(Refusal, match=r"intake\.not_registered"):
        world.call("post_demand", actor, **body)
    firm = world.call("register_body", actor, **given)
    demand = world.call("post_demand", actor, **body)
    assert (demand["poster_ref"], demand["headcount"], demand["wage_high_fen"]) == (firm["id"], 20, 800_000)
    world.await_status("demands", demand["id"], "verified")
    assert world.call("post_demand", actor, **body)["status"] == "verified"
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("post_demand", actor, **world.demand(person=world.details()))


def test_an_agency_posts_for_others_who_take_over(world: World):
    agency, given = world.firm("agency")
    details = world.details()
    with pytest.raises(Refusal, match=r"intake\.not_registered"):
        world.post(agency, person=details, mandate="委托书 1 号")
    agency_ref = world.call("register_body", agency, **given)["id"]
    world.await_status("bodies", agency_ref, "verified")
    with pytest.raises(Refusal, match="invalid at mandate"):
        world.post(agency, person=details)
    demand = world.post(agency, person=details, mandate="委托书 1 号")
    assert (demand["posted_by_ref"], demand["mandate"]) == (agency_ref, "委托书 1 号")
    with pytest.raises(Refusal, match=r"intake\.person_mismatch at person\.name"):
        world.post(agency, person={**details, "name": "示例错"}, mandate="委托书 1 号")

    worker = world.worker()
    with pytest.raises(Refusal, match=r"intake\.person_known"):
        world.call("register_person", worker, **{**details, "phone": "13700000000"})
    assert world.call("register_person", worker, **details)["id"] == demand["poster_ref"]
    assert world.call("get_demand", worker, demand_id=demand["id"])["id"] == demand["id"]
    again = world.post(worker)
    assert (again["status"], again["duplicate_of"]) == ("returned", demand["id"])


def test_the_wanted_start_is_not_past(world: World):
    with pytest.raises(Refusal, match=r"intake\.wanted_from at wanted_from"):
        world.post(world.verified_worker(), wanted_from=datetime(2020, 1, 1, tzinfo=UTC).date().isoformat())


PROJECT = {
    "name": "福山焊工班",
    "region": "370600",
    "occupation": WELDER,
    "level": "4",
    "mode": "on_site",
    "programme": None,
    "seats": 1,
    "hours": 120,
}


def test_demands_follow_their_project(world: World):
    worker = world.verified_worker()
    demand, other = world.post(worker), world.post(worker, level="3")
    for project, ending, status in (
        ("q1", catalogue.PROJECT_WITHDRAWN, "verified"),
        ("q2", catalogue.PROJECT_CLOSED, "met"),
    ):
        world.running.tell(
            catalogue.PROJECT_DRAFTED, project, 1, {**PROJECT, "demand_ids": [demand["id"], "unknown"]}
        )
        listed = world.await_status("demands", demand["id"], "listed")
        assert listed["project_id"] == project
        world.running.tell(ending, project, 2, {"reason": "试"})
        world.await_status("demands", demand["id"], status)
    assert world.told(demand["id"]) == ["posted", "verified", "listed", "verified", "listed", "met"]
    assert world.db.open_demands.find_one({"demand_id": demand["id"]}) is None
    assert world.call("get_demand", worker, demand_id=other["id"])["status"] == "verified"
    assert world.post(worker)["status"] == "verified"


def test_what_a_closed_project_did_not_meet_is_free_again(world: World):
    worker = world.verified_worker()
    met, unmet = world.post(worker), world.post(worker, level="3")
    both = [met["id"], unmet["id"]]
    world.running.tell(catalogue.PROJECT_DRAFTED, "q8", 1, {**PROJECT, "demand_ids": both})
    for id in both:
        world.await_status("demands", id, "listed")
    world.running.tell(catalogue.PROJECT_CLOSED, "q8", 2, {"reason": "试", "unmet_demand_ids": [unmet["id"]]})
    world.await_status("demands", met["id"], "met")
    assert world.await_status("demands", unmet["id"], "verified")["project_id"] is None


def test_a_revised_draft_takes_demands_in_and_gives_them_up(world: World):
    worker = world.verified_worker()
    first, second = world.post(worker), world.post(worker, level="3")
    world.running.tell(catalogue.PROJECT_DRAFTED, "q9", 1, {**PROJECT, "demand_ids": [first["id"]]})
    world.await_status("demands", first["id"], "listed")
    moved = {"demand_ids": [second["id"]], "added": [second["id"]], "removed": [first["id"]]}
    world.running.tell(catalogue.PROJECT_REVISED, "q9", 2, {**PROJECT, **moved})
    assert world.await_status("demands", second["id"], "listed")["project_id"] == "q9"
    world.await_status("demands", first["id"], "verified")


def test_a_project_that_meets_a_withdrawal_leaves_it_withdrawn(world: World):
    worker = world.verified_worker()
    gone, stays = world.post(worker), world.post(worker, level="3")
    world.call("withdraw_demand", worker, demand_id=gone["id"])
    world.running.tell(
        catalogue.PROJECT_DRAFTED, "q3", 1, {**PROJECT, "demand_ids": [gone["id"], stays["id"]]}
    )
    world.await_status("demands", stays["id"], "listed")
    assert world.call("get_demand", worker, demand_id=gone["id"])["status"] == "withdrawn"
    world.call("withdraw_demand", worker, demand_id=stays["id"])
    wait_for(lambda: world.running.idle("intake"))
    assert world.running.dead("intake") == 0


def test_contact_and_proof_are_in_the_persons_copy_and_go_with_the_person(world: World):
    worker = world.verified_worker()
    proof = {"kind": "veteran_card", "number": "示例-20270001"}
    contact = {"name": "示例联系人", "phone": "13900000999"}
    demand = world.post(worker, group="veteran", proof=proof, contact=contact)
    told = {each["name"]: each["items"] for each in world.call("export_person", worker)["sections"]}
    clear = {"name": "示例联系人", "phone": "13900000999", "proof_number": "示例-20270001"}
    assert told["demand_contacts"] == [{"id": demand["id"], **clear}]
    assert told["mandates"] == []
    world.call("forget_person", worker)
    kept = demands.load(Reader(world.db, SELF, world.running.clock), demand["id"])
    assert kept.status == "withdrawn"
    for sealed in (kept.contact.sealed, kept.proof.sealed):
        with pytest.raises(Forgotten):
            world.vault().open(sealed, *sealed)


def test_demands_and_mandates_end_with_their_time_and_the_posters_are_warned(world: World):
    worker = world.verified_worker()
    agency, agency_ref = world.verified_firm("agency")
    entered = world.post(agency, person=world.details(), mandate="委托书 2 号", level="2")
    today = today_in_shanghai(world.running.clock.now())
    due = world.post(worker, wanted_from=today.isoformat())
    later = world.post(worker, level="3", wanted_from=(today + timedelta(days=10)).isoformat())
    world.running.clock.advance_to(world.running.clock.now() + timedelta(days=368))

    settings = Settings.from_env(world.running.sandbox.env("intake"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    committer = Committer("intake", own, world.running.clock)
    reader = Reader(own, SELF, world.running.clock)
    try:
        for end in (changing.warn_due, changing.lapse_due, mandating.expire_due):
            end(reader, lambda run: committer.run(Work(lambda group: Unit(group, SELF), run)))
    finally:
        committer.stop()
    assert world.told(due["id"]) == ["posted", "verified", "lapsed"]
    assert world.told(later["id"]) == ["posted", "verified", "duplicate_found", "lapsing"]
    warned = world.fact(later["id"], "lapsing")
    assert (warned["lapses_on"], warned["poster_ref"]) == (later["lapses_on"], later["poster_ref"])
    mandate = world.db.mandates.find_one({"agency_ref": agency_ref})
    assert (mandate["status"], world.told(mandate["_id"])) == ("expired", ["recorded", "expired"])
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("get_demand", agency, demand_id=entered["id"])
    assert world.db.open_demands.find_one({"demand_id": due["id"]}) is None
