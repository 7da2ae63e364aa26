"""Sanctions of settlement on a body's grade: a mark while they hold, none once they are lifted."""

from datetime import timedelta
from typing import Any

from contracts.events import settlement
from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.following import MARKS
from tests.integration.acceptance.test_register import completed_class
from tests.integration.acceptance.world import COUNTY, World, unique
from tests.support.services import wait_for


def credit(world: World, ref: str) -> int | None:
    shown = world.call("provider_grade", None, provider_ref=ref)
    points: dict[str, int | None] = {line["criterion"]: line["points"] for line in shown["lines"]}
    return points["credit"]


def graded(world: World, ref: str) -> list[str]:
    """Return the grades that were told of a body, in their order."""
    return [each["data"]["grade"] for each in world.facts(ref) if each["type"].endswith(".graded")]


def lifting(ref: str) -> dict[str, Any]:
    return {"body_ref": ref, "region": COUNTY, "measure": "claims_barred", "reason": "申诉成立"}


def test_a_lifted_sanction_counts_no_more(world: World) -> None:
    ref, _, _ = completed_class(world, "private")
    wait_for(lambda: graded(world, ref) == ["A"], 60, "the first grade")
    assert credit(world, ref) == 10_000
    recording = {
        "body_ref": ref, "region": COUNTY, "ground": "false_records", "clause": "37 §19",
        "measure": "claims_barred", "until": today_in_shanghai(world.now) + timedelta(days=30),
        "claim_id": None, "reason": "考勤不实",
    }  # fmt: skip
    kept, lifted = unique("sanction"), unique("sanction")
    world.tell(settlement.SANCTION_RECORDED, kept, 1, **recording)
    wait_for(lambda: credit(world, ref) == 5000, 60, "one mark")
    # the second's lifting is heard before its recording, as a broker may have it
    world.tell(settlement.SANCTION_LIFTED, lifted, 2, **lifting(ref))
    world.tell(settlement.SANCTION_RECORDED, lifted, 1, **recording)
    heard = {"_id": {"$regex": lifted}, "last": 2}
    wait_for(lambda: world.db[MARKS].find_one(heard), 60, "recorded and lifted")
    assert [doc["_id"] for doc in world.db.credit_marks.find({"provider_ref": ref})] == [kept]
    assert credit(world, ref) == 5000
    wait_for(lambda: graded(world, ref)[-1] != "A", 60, "a lower grade")
    world.tell(settlement.SANCTION_LIFTED, kept, 2, **lifting(ref))
    wait_for(lambda: credit(world, ref) == 10_000, 60, "no mark")
    wait_for(lambda: graded(world, ref)[-1] == "A", 60, "the grade told again")
    assert world.running.dead("acceptance") == 0
