"""What must hold when many act at once, with two instances of the service."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from tests.integration.acceptance.world import DAY, HOUR, World, body, together, unique


@pytest.fixture(scope="module")
def awarded(two: World) -> tuple[str, str]:
    """A provider and its project of 400 seats."""
    provider, project = two.a_body(), two.a_project(seats=400)
    two.awarded(project, provider)
    return provider, project


def accepted(answers: list) -> list:
    return [each for each in answers if isinstance(each, dict)]


@pytest.mark.parametrize(
    ("same", "code"),
    [("teacher", "acceptance.teacher_booked"), ("place_name", "acceptance.place_booked")],
)
def test_one_teacher_and_one_place_go_to_one_of_many_classes_filed_at_once(two: World, awarded, same, code):
    provider, project = awarded
    first, shared = two.now + 10 * DAY, {same: unique("同")}
    filings = [two.filing(project, first + n * timedelta(minutes=10), **shared, capacity=5) for n in range(8)]
    answers = together([lambda f=f: two.call("file_class", body(provider), **f) for f in filings])
    assert len(accepted(answers)) == 1, answers
    assert {each for each in answers if isinstance(each, str)} == {code}


def test_classes_filed_at_once_never_offer_more_seats_than_the_project_has(two: World):
    provider, project = two.a_body(), two.a_project(seats=45)
    two.awarded(project, provider)
    filings = [two.filing(project, two.now + 10 * DAY, capacity=20) for _ in range(6)]
    answers = together([lambda f=f: two.call("file_class", body(provider), **f) for f in filings])
    assert len(accepted(answers)) == 2, answers
    assert {each for each in answers if isinstance(each, str)} == {"acceptance.seats_exceeded"}


def test_a_person_signs_in_once_to_a_session_and_sits_in_one_place(two: World, awarded):
    provider, project = awarded
    first = (two.now + 10 * DAY).replace(microsecond=0)
    person = unique("person")
    here = two.with_roster(project, provider, first, [person])
    # as if the roster's check had not seen it: the sign-in holds by itself
    two.db["seated"].delete_one({"_id": person})
    there = two.with_roster(project, provider, first + HOUR, [person])
    two.wait_until(first + HOUR)
    answers = together(
        [lambda: two.sign_in(here, 0, person)] * 12 + [lambda: two.sign_in(there, 0, person)] * 12
    )
    sat = {each["class_id"] for each in accepted(answers)}
    assert len(sat) == 1
    assert {each for each in answers if isinstance(each, str)} == {"acceptance.elsewhere"}
    assert len({str(each) for each in accepted(answers)}) == 1
    assert two.db["sign_ins"].count_documents({"person_ref": person}) == 1
    id = accepted(answers)[0]["id"]
    assert two.sign_ins_told(sat.pop()) == [id]


def test_a_certificate_number_is_registered_once(two: World, awarded):
    provider, project = awarded
    first = (two.now + 10 * DAY).replace(microsecond=0)
    assessors = [two.a_body("assessor") for _ in range(4)]
    persons = [unique("person") for _ in range(4)]
    made = [two.with_roster(project, provider, first, [person]) for person in persons]
    two.wait_until(first + DAY + 3 * HOUR)
    for each, assessor in zip(made, assessors, strict=True):
        two.call("close_sessions", body(provider), class_id=each["id"])
        two.appoint(each, assessor)
    number, today = f"S{unique('').upper()[1:]}", today_in_shanghai(two.now).isoformat()

    def record(assessor: str, person: str, class_id: str) -> dict:
        return two.call(
            "record_results", body(assessor, "assessor"), class_id=class_id,
            results=[{"person_ref": person, "passed": True}],
            certificates=[{"person_ref": person, "number": number, "issued_on": today}],
        )  # fmt: skip

    answers = together(
        [
            lambda a=a, p=p, m=m: record(a, p, m["id"])
            for a, p, m in zip(assessors, persons, made, strict=True)
        ]
    )
    assert len(accepted(answers)) == 1, answers
    assert {each for each in answers if isinstance(each, str)} == {"acceptance.certificate_taken"}
    winner = accepted(answers)[0]["id"]
    assert two.db["certificates"].find_one({"_id": number})["class_id"] == winner
    # who was refused has recorded nothing, and can do so with the right number
    left = {each["id"] for each in made} - {winner}
    assert {two.call("get_class", None, class_id=id)["status"] for id in left} == {"carried_out"}


def test_results_recorded_at_once_count_once(two: World, awarded):
    provider, project = awarded
    first = (two.now + 10 * DAY).replace(microsecond=0)
    person = unique("person")
    made = two.with_roster(project, provider, first, [person])
    two.wait_until(first + DAY + 3 * HOUR)
    closed = together([lambda: two.call("close_sessions", body(provider), class_id=made["id"])] * 6)
    assert len(accepted(closed)) == 1
    assessor = two.a_body("assessor")
    two.appoint(made, assessor)
    results = [{"person_ref": person, "passed": True}]
    answers = together(
        [lambda: two.call("record_results", body(assessor, "assessor"), class_id=made["id"], results=results)]
        * 3
    )
    assert len(accepted(answers)) == 1
    told = [each["type"].rpartition(".")[2] for each in two.facts(made["id"])]
    assert told.count("carried_out") == told.count("assessed") == told.count("completed") == 1


def test_a_class_signs_in_while_the_service_is_killed_and_the_rows_are_what_the_phones_were_told(
    two: World, awarded
):
    provider, project = awarded
    first = (two.now + 10 * DAY).replace(microsecond=0)
    persons = [unique("person") for _ in range(40)]
    made = two.with_roster(project, provider, first, persons)
    two.wait_until(first)

    def phone(person: str) -> dict:
        key = unique("key")
        for _ in range(20):
            try:
                return two.sign_in(made, 0, person, key=key)
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "deadline_passed", "busy"):
                    raise
        raise AssertionError("the service did not come back")

    with ThreadPoolExecutor(20) as pool:
        told = pool.map(phone, persons)
        two.running.kill("acceptance", signal.SIGKILL)
        told = list(told)
    rows = {row["_id"]: row for row in two.db["sign_ins"].find({"class_id": made["id"]})}
    assert {each["id"] for each in told} == rows.keys()
    assert len(rows) == 40
    assert sorted(two.sign_ins_told(made["id"])) == sorted(rows)
