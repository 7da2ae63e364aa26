"""The register through the service: admission, measures, exit, grades that follow facts, follow-up."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.events import intake, settlement
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from tests.integration.acceptance.world import (
    COUNTY,
    DAY,
    OFFICER,
    PARTICULARS,
    REGION,
    SUPERVISOR,
    World,
    body,
    officer,
    unique,
    worker,
)
from tests.support.services import wait_for

# ten of eleven completed, none is known to work, one bar from claims, a quarter demanded back
DUE = {"results": 9090, "employment": 0, "feedback": None, "credit": 5000, "money": 7500}
FAR = officer("supervisor", region="370100")


def types(world: World, subject: str) -> list[str]:
    return [each["type"].rpartition(".")[2] for each in world.facts(subject)]


def measure(world: World, ref: str, kind: str, **more: Any) -> dict[str, Any]:
    return world.call(
        "take_measure",
        SUPERVISOR,
        provider_ref=ref,
        kind=kind,
        reason="授课与备案不符",
        clause="7 §23",
        **more,
    )


def test_a_body_is_admitted_suspended_and_put_off_and_bids_only_in_between(world: World):
    ref = world.a_body(admitted=False)
    sourcing = world.publish(world.a_project())
    bid = world.sealed(sourcing, ref)
    with pytest.raises(Refusal, match="provider_not_admitted"):
        world.bid(sourcing, ref, bid)
    with pytest.raises(Refusal, match="not_found"):
        world.call("get_provider", None, provider_ref=ref)
    filed = world.call("apply_as_provider", body(ref), **PARTICULARS)
    assert filed["application"]["state"] == "to_decide"
    waiting = world.call("list_providers", OFFICER, to_decide=True, region=COUNTY, limit=100)["items"]
    assert ref in {each["id"] for each in waiting}
    for actor, code in ((officer("catalogue_officer", region="370100"), "region"), (SUPERVISOR, "role")):
        with pytest.raises(Refusal, match=code):
            world.call("admit_provider", actor, provider_ref=ref)
    world.call("admit_provider", OFFICER, provider_ref=ref)
    world.bid(sourcing, ref, bid)

    until = today_in_shanghai(world.now) + timedelta(days=5)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("take_measure", FAR, provider_ref=ref, kind="warning", reason="无", clause="7 §23")
    suspended = measure(world, ref, "suspension", until=until.isoformat())
    assert suspended["status"] == "suspended"
    with pytest.raises(Refusal, match="provider_suspended") as caught:
        world.bid(sourcing, ref, bid)
    assert caught.value.facts["until"] == until.isoformat()
    lifted = world.call(
        "lift_measure",
        SUPERVISOR,
        provider_ref=ref,
        measure_id=suspended["measures"][0]["id"],
        reason="已整改",
    )
    assert lifted["status"] == "admitted"
    world.bid(sourcing, ref, bid)

    assert measure(world, ref, "exit")["status"] == "exited"
    with pytest.raises(Refusal, match="provider_exited"):
        world.bid(sourcing, ref, bid)
    with pytest.raises(Refusal, match="reentry_early"):
        world.call("apply_as_provider", body(ref), **PARTICULARS)
    assert types(world, ref) == ["applied", "admitted", "suspended", "measure_lifted", "exited"]


def test_everybody_reads_the_register_and_only_some_read_teachers(world: World):
    ref = world.a_body()
    public = world.call("get_provider", None, provider_ref=ref)
    assert (public["status"], public["teachers"], public["teacher_count"]) == ("admitted", None, 2)
    for actor in (body(ref), OFFICER):
        assert len(world.call("get_provider", actor, provider_ref=ref)["teachers"]) == 2
    assert world.call("get_provider", FAR, provider_ref=ref)["teachers"] is None
    listed: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = world.call(
            "list_providers", None, region=COUNTY, occupation="6-18-02-04", limit=100, cursor=cursor or None
        )
        listed, cursor = listed + [each["id"] for each in page["items"]], page["next"]
    assert ref in listed
    with pytest.raises(Refusal, match=r"role\.forbidden"):
        world.call("list_providers", body(ref), to_decide=True)
    left = world.call("leave_register", body(ref), reason="停止办学")
    assert left["status"] == "exited"
    assert world.call("apply_as_provider", body(ref), **PARTICULARS)["application"]["state"] == "to_decide"


def test_an_answer_that_came_meanwhile_lets_a_filing_go_on(world: World):
    ref = world.a_body(admitted=False)
    world.wait_until(world.now + 40 * DAY)
    filed = world.call("apply_as_provider", body(ref), **PARTICULARS)
    assert filed["application"]["state"] == "checking"
    assert types(world, ref) == ["applied", "check_asked"]
    with pytest.raises(Refusal, match="registry_silent"):
        world.call("admit_provider", OFFICER, provider_ref=ref)
    returned = world.call("return_application", OFFICER, provider_ref=ref, reason="教师证书不清")
    assert returned["application"]["state"] == "returned"
    world.call("apply_as_provider", body(ref), **PARTICULARS)
    world.tell(
        intake.BODY_RECHECKED, ref, 3, state="active", reason=None, source="registry", checked_at=world.now,
        scope="教育培训",
    )  # fmt: skip
    world.known("providers", **{"_id": ref, "application.check.passed": True})
    assert world.call("admit_provider", OFFICER, provider_ref=ref)["status"] == "admitted"


def completed_class(world: World, ownership: str) -> tuple[str, dict[str, Any], list[str]]:
    """A class of eleven, of whom ten pass, held by a body of this ownership."""
    ref = world.a_body(admitted=False)
    world.call("apply_as_provider", body(ref), **{**PARTICULARS, "ownership": ownership})
    world.call("admit_provider", OFFICER, provider_ref=ref)
    assessor, project = world.a_body("assessor"), world.a_project()
    world.awarded(project, ref)
    first = (world.now + 10 * DAY).replace(microsecond=0)
    people = [unique("person") for _ in range(11)]
    made = world.with_roster(project, ref, first, people)
    for n in range(2):
        world.wait_until(first + n * DAY + timedelta(minutes=1))
        for person in people:
            world.sign_in(made, n, person)
    world.wait_until(datetime.fromisoformat(made["ends"]))
    world.call("close_sessions", body(ref), class_id=made["id"])
    world.appoint(made, assessor)
    results = [{"person_ref": person, "passed": person != people[-1]} for person in people]
    done = world.call("record_results", body(assessor, "assessor"), class_id=made["id"], results=results)
    assert done["completed"] == 10
    return ref, made, people


def grade(world: World, ref: str) -> dict[str, Any]:
    return world.call("provider_grade", None, provider_ref=ref)


def points(world: World, ref: str) -> dict[str, int | None]:
    return {line["criterion"]: line["points"] for line in grade(world, ref)["lines"]}


def employed(world: World, made: dict[str, Any], ref: str, person: str, found: bool, **more: Any) -> str:
    since = (today_in_shanghai(datetime.fromisoformat(made["ends"])) + timedelta(days=5)).isoformat()
    report = {"employer_code": make_credit_code(77), "since": since, "proof": "ab" * 32, **more}
    reported = world.call("report_employment", body(ref), class_id=made["id"], person_ref=person, **report)
    answer(world, made, person, since, found)
    return str(reported["id"])


def answer(world: World, made: dict[str, Any], person: str, since: str, found: bool) -> None:
    id = f"{made['id']}:{person}"
    world.tell(
        intake.EMPLOYMENT_CHECKED, id, 1, project_id=made["project_id"], class_id=made["id"],
        person_ref=person, since=date.fromisoformat(since), found=found, checked_at=world.now,
    )  # fmt: skip
    world.known("employments", _id=id, registry_found=found)


def test_grades_follow_the_facts_and_public_and_private_bodies_get_the_same(world: World):
    both = {ownership: completed_class(world, ownership) for ownership in ("public", "private")}
    public, private = (both[ownership][0] for ownership in ("public", "private"))
    for ref, _, _ in both.values():
        found = grade(world, ref)
        # ten of eleven completed; nothing is known of the rest but that no measure was taken
        assert points(world, ref) == {
            "results": 9090, "employment": None, "feedback": None, "credit": 10_000, "money": None,
        }  # fmt: skip
        assert (found["grade"], found["points"]) == ("A", 9393)
        assert found["lines"][0]["zh"] == "名册11人，结业10人"
        told = wait_for(lambda ref=ref: _told(world, ref), 60, "the grade is told")
        assert (told["grade"], told["points"], told["preferred"]) == ("A", 9393, True)
        assert told["rules_hash"] == found["rules_hash"]
    mine = world.call("list_providers", None, region=COUNTY, grade="A", preferred=True, limit=100)["items"]
    assert {public, private} <= {each["id"] for each in mine}

    # the same happens to both: money, a part of it demanded back, a sanction
    world.wait_until(world.now + 200 * DAY)
    for ref, _, _ in both.values():
        payment, claim = unique("payment"), unique("claim")
        line = {"claim_id": claim, "payee_ref": ref, "amount_fen": 1_000_000}
        world.tell(settlement.PAYMENT_SENT, payment, 1, **line)
        world.tell(settlement.PAYMENT_PAID, payment, 2, **line)
        world.tell(
            settlement.RECOVERY_ORDERED, unique("recovery"), 1, claim_id=claim, payee_ref=ref,
            ground="overpaid", clause="600 §7", amount_fen=250_000,
        )  # fmt: skip
        world.tell(
            settlement.SANCTION_RECORDED, unique("sanction"), 1, body_ref=ref, region=COUNTY,
            ground="false_records", clause="37 §19", measure="claims_barred",
            until=today_in_shanghai(world.now) + timedelta(days=30), claim_id=claim, reason="考勤不实",
        )  # fmt: skip
        wait_for(lambda ref=ref: points(world, ref) == DUE, 60, "the facts of settlement count")
        wait_for(lambda ref=ref: _told(world, ref)["grade"] == "D", 60, "the new grade is told")
    one, other = grade(world, public), grade(world, private)
    for found in (one, other):
        del found["provider_ref"], found["name"]
    assert one == other
    assert not one["preferred"]
    assert [each["met"] for each in one["conditions"]] == [False, False, True]
    # a returned payment was none; a private person's never counted
    world.tell(settlement.PAYMENT_RETURNED, payment, 3, **line, bank_reason="销户")
    world.tell(settlement.PAYMENT_PAID, unique("payment"), 1, **{**line, "payee_ref": unique("person")})
    wait_for(lambda: points(world, private)["money"] is None, 60, "the returned payment does not count")
    _follow_up(world, *both["private"])
    assert world.running.dead("acceptance") == 0


def _told(world: World, ref: str) -> dict[str, Any] | None:
    """Return the last grade that was told of a body."""
    found = [each["data"] for each in world.facts(ref) if each["type"].endswith(".graded")]
    return found[-1] if found else None


def _follow_up(world: World, ref: str, made: dict[str, Any], people: list[str]) -> None:
    """Proofs of three kinds, revisits, guidance, rates; the grade follows."""
    _prove(world, ref, made, people)
    _rate(world, ref, made["id"], people)
    _visit(world, ref, made["id"], people)


def _prove(world: World, ref: str, made: dict[str, Any], people: list[str]) -> None:
    """The registry finds one employment; an officer decides the other two, seeing what they rest on."""
    id = made["id"]
    employed(world, made, ref, people[0], found=True)
    employed(world, made, ref, people[1], found=False, basis="contract")
    since = (today_in_shanghai(datetime.fromisoformat(made["ends"])) + timedelta(days=100)).isoformat()
    own = world.call(
        "report_own_employment", worker(people[2]), class_id=id, employer_code=make_credit_code(78),
        since=since, proof="cd" * 32,
    )  # fmt: skip
    assert (own["status"], own["basis"]) == ("reported", "self_report")
    with pytest.raises(Refusal, match="employment_unasked"):
        world.call(
            "check_employment", SUPERVISOR, class_id=id, person_ref=people[2], confirmed=True, reason="合同"
        )
    answer(world, made, people[2], since, found=False)
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("check_employment", FAR, class_id=id, person_ref=people[2], confirmed=True, reason="合同")
    waiting = world.call("undecided_employments", SUPERVISOR, region=REGION, limit=1)
    following = world.call("undecided_employments", SUPERVISOR, region=REGION, cursor=waiting["next"])
    assert (len(waiting["items"]), following["next"]) == (1, None)
    undecided = {each["person_ref"]: each for each in waiting["items"] + following["items"]}
    assert set(undecided) == set(people[1:3])
    own = undecided[people[2]]
    assert (own["employer_code"], own["proof"], own["registry_found"]) == (
        make_credit_code(78),
        "cd" * 32,
        False,
    )
    assert own["reported_by"] == worker(people[2]).account
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("undecided_employments", FAR, region=REGION)
    mine = world.call("class_employments", body(ref), class_id=id)["items"]
    assert {(each["employer_code"], each["proof"], each["reported_by"]) for each in mine} == {(None,) * 3}
    assert world.call("class_employments", SUPERVISOR, class_id=id)["items"][0]["proof"]
    for person in people[1:3]:
        checked = world.call(
            "check_employment", SUPERVISOR, class_id=id, person_ref=person, confirmed=True, reason="合同已核"
        )
        assert checked["status"] == "proven"
    assert world.call("undecided_employments", SUPERVISOR, region=REGION)["items"] == []


def _rate(world: World, ref: str, id: str, people: list[str]) -> None:
    """Rates at three times, feedback, and the points that both give."""
    rates = world.call("employment_rates", body(ref), of="provider", id=ref)["items"]
    assert [(each["month"], each["employed"], each["completed"]) for each in rates] == [
        (1, 2, 10), (3, 2, 10), (6, 3, 10),
    ]  # fmt: skip
    assert points(world, ref)["employment"] == 3000
    with pytest.raises(Refusal, match=r"owner\.forbidden"):
        world.call("employment_rates", body(world.a_body()), of="class", id=id)
    for person in people[:5]:
        world.call("give_feedback", worker(person), class_id=id, teaching=5, content=5, place=4)
    # 14 of 15 marks, five times
    assert points(world, ref)["feedback"] == 9333


def _visit(world: World, ref: str, id: str, people: list[str]) -> None:
    """Revisits by plan, each once, and guidance."""
    told = {"class_id": id, "person_ref": people[0]}
    visit = world.call("record_visit", body(ref), **told, month=3, way="phone", outcome="employed")
    assert visit["month"] == 3
    with pytest.raises(Refusal, match="out_of_order"):
        world.call("record_visit", body(ref), **told, month=3, way="phone", outcome="seeking")
    world.call(
        "record_guidance", SUPERVISOR, **{**told, "person_ref": people[4]}, kind="recommendation",
        words="推荐焊工岗位", employer_code=make_credit_code(79), post="焊工",
    )  # fmt: skip
    shown = world.call("class_follow_up", SUPERVISOR, class_id=id)
    assert [(each["month"], each["done"], each["people"]) for each in shown["plan"]] == [
        (1, 0, 10), (3, 1, 10), (6, 0, 10),
    ]  # fmt: skip
    assert [each["status"] for each in shown["employments"]] == ["proven"] * 3
    assert [each["post"] for each in shown["guidance"]] == ["焊工"]
    with pytest.raises(Refusal, match=r"region\.forbidden"):
        world.call("class_follow_up", FAR, class_id=id)


def test_the_formula_is_public(world: World):
    formula = world.call("grading_formula", None, region=COUNTY)
    weights = next(each for each in formula["rules"] if each["topic"] == "grade_weights")
    assert (weights["document"], sum(weights["values"].values())) == ("platform", 100)
    assert len(formula["zh"]) == len(formula["rules"]) + 3
