"""Oriented training and first operation certificates against the running service [600 §9]."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.events import acceptance
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.actor import Actor
from services.settlement.store import places
from tests.integration.settlement.claiming import TAIYUAN, reasons, refused, rows
from tests.integration.settlement.plain import class_fact
from tests.integration.settlement.world import Town, at_once, codes
from tests.support import backends
from tests.support.few_places import SETTING
from tests.support.services import Running

ABOUT = {"region": TAIYUAN, "organisation": "ordinary", "training_kind": "oriented"}
CLAIM = {"kind": "oriented_training", "fund": "special_account"}
# the price of the award, below the cap of 8,000 yuan
STANDARD = 1800_00
MONTHS_4 = timedelta(days=115)
PLACES = 7


@dataclass(frozen=True)
class Held:
    """An oriented class that everybody completed."""

    by: Actor
    project: str
    id: str
    people: list[str]

    @property
    def claim(self) -> dict[str, Any]:
        return CLAIM | {"project_id": self.project, "class_id": self.id}


def held(town: Town, count: int, lasted: timedelta = MONTHS_4, certified: str = "3", **about: str) -> Held:
    """Hold an oriented class; everybody gets a certificate of that level."""
    by = town.body(about.pop("kind", "provider"), TAIYUAN)
    people, project = town.people(count), town.project(by, "3", **(ABOUT | about))
    id, told = town.name("class"), class_fact(project, by, "3", town.now)
    begins = town.now - lasted
    first = told["sessions"][0] | {"session_id": "s0", "starts": begins, "ends": begins + timedelta(hours=8)}
    town.tell(acceptance.CLASS_CONFIRMED, id, told | {"sessions": [first, *told["sessions"]]})
    town.tell(acceptance.ROSTER_FILED, id, {"project_id": project, "person_refs": people})
    days = [today_in_shanghai(town.now)]
    attendance = [{"person_ref": ref, "days": days, "hours": 16} for ref in people]
    ended = {"project_id": project, "last_session_ended": town.now, "attendance": attendance}
    town.tell(acceptance.CLASS_CARRIED_OUT, id, ended)
    town.await_copies("classes", [id], {"last_session_ended": {"$exists": True}})
    town.await_copies("projects", [project], {"provider_ref": by.body_ref, "region": {"$exists": True}})
    town.finish(project, id, people, certified)
    return Held(by, project, id, people)


def numbers(town: Town, claim: dict[str, Any] | None = None) -> list[int]:
    """Return the numbers of the places that are held, by one claim or by all."""
    wanted = {"$ne": []} if claim is None else claim["id"]
    found = town.db.limit_rows.find({"kind": "place", "claims": wanted}, sort=[("_id", 1)])
    return [int(doc["_id"].rpartition(":")[2]) for doc in found]


def why(town: Town, by: Actor, claim: dict[str, Any]) -> list[str]:
    found = town.call("get_calculation", by, claim_id=claim["id"])
    return sorted(each["fact"] for each in found["refusals"])


def test_an_oriented_class_is_paid_for_its_level_three_certificates(town: Town) -> None:
    each = held(town, 3)
    claim = town.call("submit_claim", each.by, **each.claim)
    assert (claim["payee"], claim["people"], claim["total_fen"]) == ("provider", 3, 3 * STANDARD)
    lines = town.call("get_calculation", each.by, claim_id=claim["id"])["lines"]
    assert {(line["document"], line["clause"], line["cap_fen"]) for line in lines} == {
        ("600", "§9(1)", 8000_00)
    }
    # a place, the training and the payment for each, and the stage
    assert rows(town, claim) == 3 * 3 + 1
    assert len(numbers(town, claim)) == 3
    again = refused(town, "submit_claim", each.by, **each.claim)
    assert (again.code, again.facts["claim_id"]) == ("settlement.claim_exists", claim["id"])
    ordinary = town.call("submit_claim", each.by, **(each.claim | {"kind": "class_training"}))
    assert (ordinary["payable"], ordinary["total_fen"]) == (False, 0)


def test_places_given_up_are_taken_again(town: Town) -> None:
    first, second = held(town, 2), held(town, 3)
    claim = town.call("submit_claim", first.by, **first.claim)
    had = numbers(town, claim)
    town.step("withdraw_claim", first.by, claim["id"])
    assert (numbers(town, claim), rows(town, claim)) == ([], 0)
    other = town.call("submit_claim", second.by, **second.claim)
    taken = numbers(town, other)
    assert set(had) < set(taken)
    after = town.call("resubmit_claim", second.by, claim_id=other["id"], reason="再核算")
    assert (after["total_fen"], numbers(town, other)) == (3 * STANDARD, taken)


@pytest.mark.parametrize(("days", "fact"), [(80, "term_length"), (200, "term_length")])
def test_a_term_too_short_or_too_long_is_refused(town: Town, days: int, fact: str) -> None:
    each = held(town, 1, timedelta(days=days))
    claim = town.call("submit_claim", each.by, **each.claim)
    assert (claim["payable"], reasons(town, each.by, claim)) == (False, {"": fact})
    assert numbers(town, claim) == []


def test_another_level_and_an_operation_certificate_do_not_count(town: Town) -> None:
    each = held(town, 1, certified="4")
    claim = town.call("submit_claim", each.by, **each.claim)
    assert reasons(town, each.by, claim) == {each.people[0]: "no_level_3_certificate"}
    other = held(town, 1)
    query = {"_id": f"cert-{other.id}-{other.people[0]}"}
    town.db.certificates.update_one(query, {"$set": {"kind": "operation"}})
    claim = town.call("submit_claim", other.by, **other.claim)
    assert reasons(town, other.by, claim) == {other.people[0]: "no_level_3_certificate"}


def test_who_claims_an_oriented_training(town: Town) -> None:
    firm, school = held(town, 1, kind="enterprise"), held(town, 1)
    assert town.call("submit_claim", firm.by, **firm.claim)["payee"] == "enterprise"
    assert town.call("submit_claim", school.by, **school.claim, as_school=True)["payee"] == "school"
    assert refused(town, "submit_claim", town.provider(), **firm.claim).code == "owner.forbidden"
    plain = held(town, 1, training_kind="pre_job")
    wrong = refused(town, "submit_claim", plain.by, **plain.claim)
    assert (wrong.code, wrong.field) == ("settlement.not_oriented", "project_id")
    elsewhere = held(town, 1, region="370611")
    assert refused(town, "submit_claim", elsewhere.by, **elsewhere.claim).code == "settlement.no_rules"
    dear = held(town, 1)
    fund = refused(town, "submit_claim", dear.by, **(dear.claim | {"fund": "startup_support"}))
    assert fund.code == "settlement.fund_not_allowed"


@pytest.fixture(scope="module")
def small(stack: backends.Backend) -> Iterator[Town]:
    """Two processes of settlement with rules that know few places."""
    sandbox = stack.sandbox(("settlement", "gateway"))
    test = {
        "WUDAN_BANK_URL": "http://127.0.0.1:9/bank",
        "WUDAN_BANK_TOKEN": "none",
        "TEST_MODULE": "tests.support.few_places",
        SETTING: str(PLACES),
    }
    try:
        with Running(sandbox, ("settlement",), {"settlement": test}) as running:
            second = running.start_second("settlement")
            town = Town(running)
            with town.intake:
                yield town
            second.terminate()
            second.wait(20)
    finally:
        sandbox.drop()


def test_no_order_of_parallel_claims_takes_more_than_the_places(small: Town) -> None:
    classes = [held(small, 2) for _ in range(6)]
    steps = [lambda each=each: small.call("submit_claim", each.by, **each.claim) for each in classes]
    claims = at_once(steps)
    assert codes(claims) == []
    assert sum(claim["total_fen"] for claim in claims) == PLACES * STANDARD
    assert numbers(small) == list(range(1, PLACES + 1))
    facts = [fact for each, claim in zip(classes, claims, strict=True) for fact in why(small, each.by, claim)]
    assert facts == ["places_used_up"] * (2 * len(classes) - PLACES)
    # some give up while the others ask again: again all are taken, and none more
    paid = [number for number, claim in enumerate(claims) if claim["total_fen"]]
    gone, rest = paid[:2], [number for number in range(len(classes)) if number not in paid[:2]]
    at_once([lambda n=n: small.step("withdraw_claim", classes[n].by, claims[n]["id"]) for n in gone])
    again = at_once(
        [
            lambda n=n: small.call("resubmit_claim", classes[n].by, claim_id=claims[n]["id"], reason="再核算")
            for n in rest
        ]
    )
    assert codes(again) == []
    assert sum(claim["total_fen"] for claim in again) == PLACES * STANDARD
    assert numbers(small) == list(range(1, PLACES + 1))


def test_the_last_of_thirty_thousand_places(town: Town) -> None:
    highest = max(numbers(town), default=0)
    before = [
        {
            "_id": places.row_id("140000", "oriented", number),
            "kind": "place",
            "subject": "before",
            "claims": ["before"],
            "version": 1,
            "seq": 0,
        }
        for number in range(highest + 1, 29_999)
    ]
    town.db.limit_rows.update_many({"kind": "place", "claims": []}, {"$set": {"claims": ["before"]}})
    town.db.limit_rows.insert_many(before)
    each = held(town, 4)
    claim = town.call("submit_claim", each.by, **each.claim)
    assert (claim["total_fen"], numbers(town, claim)) == (2 * STANDARD, [29_999, 30_000])
    assert why(town, each.by, claim) == ["places_used_up"] * 2


def operation(town: Town, assessor: Actor, ref: str, day: date) -> str:
    """Return the number of an operation certificate that an assessment body issued."""
    number = town.name("cert")
    certificate = {
        "project_id": "none",
        "class_id": f"class-{assessor.body_ref}",
        "person_ref": ref,
        "assessor_ref": assessor.body_ref,
        "occupation": "6-18-02-04",
        "level": "5",
        "issued_on": day,
        "kind": "operation",
    }
    town.tell(acceptance.CERTIFICATE_REGISTERED, number, certificate)
    town.await_copies("certificates", [number], {"kind": "operation"})
    return number


def test_the_first_operation_certificate_of_a_person_is_paid(town: Town) -> None:
    by, other, people = town.body("assessor", TAIYUAN), town.body("assessor", TAIYUAN), town.people(2)
    batch = {"kind": "certificate_batch", "fund": "special_account"}
    first = operation(town, by, people[0], date(2024, 5, 6))
    later = operation(town, other, people[0], date(2024, 8, 6))
    alone = operation(town, other, people[1], date(2024, 8, 6))
    second = town.call("submit_claim", other, **batch, certificates=[later, alone])
    assert (second["total_fen"], reasons(town, other, second)) == (400_00, {people[0]: "not_first"})
    claim = town.call("submit_claim", by, **batch, certificates=[first])
    (line,) = town.call("get_calculation", by, claim_id=claim["id"])["lines"]
    assert (line["amount_fen"], line["rule_id"]) == (400_00, "sx.certificate.first-operation")
    # an earlier one that is told only now is no first again: the person's row is held
    earlier = operation(town, by, people[1], date(2024, 1, 6))
    told_late = town.call("submit_claim", by, **batch, certificates=[earlier])
    assert reasons(town, by, told_late) == {people[1]: "first_taken"}
