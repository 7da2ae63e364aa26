"""Steps that tests of the four ways share."""

import base64
from datetime import datetime
from typing import Any

from contracts.vocabularies.dates import today_in_shanghai
from tests.integration.acceptance.world import DAY, OFFICER, World, body

PLAIN = {"criteria": [], "opening_officers": [], "panel_seats": 0}
SUSPENDED = {"kind": "suspension", "reason": "整改", "clause": "37 §2", "until": None}
PLAN = {"plan": "三期滚动开班，理论与实操各半", "teachers": ["示例师"], "places": ["示例车间"]}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def closed(world: World, sourcing: dict[str, Any]) -> None:
    world.wait_until(moment(sourcing["bids_until"]))


def awarded(world: World, id: str) -> dict[str, Any]:
    """The candidate's notice runs out and it is awarded."""
    shown = world.call("get_sourcing", None, sourcing_id=id)
    world.wait_until(moment(shown["candidate"]["notice_until"]))
    return world.call("award", OFFICER, sourcing_id=id)


def paper(world: World, id: str, kind: str) -> dict[str, Any]:
    content = base64.b64encode(f"{kind} 示例".encode()).decode()
    shown = world.call("add_paper", OFFICER, sourcing_id=id, kind=kind, name=kind, content=content)
    return shown["papers"][-1]


def contracted(world: World, id: str, ref: str) -> dict[str, Any]:
    today = today_in_shanghai(world.now)
    days = {"signed_on": today, "begins_on": today, "ends_on": today + 90 * DAY}
    plain = {name: day.isoformat() for name, day in days.items()}
    kept = paper(world, id, "contract")
    world.call("record_contract", OFFICER, sourcing_id=id, number="示-001", paper_id=kept["id"], **plain)
    return world.call("confirm_contract", body(ref), sourcing_id=id)


def awarded_alone(world: World, project: str, ref: str) -> dict[str, Any]:
    """The same bidder, alone again, with 60 points."""
    sourcing = world.publish(project)
    world.bid(sourcing, ref, world.sealed(sourcing, ref))
    closed(world, sourcing)
    world.open(sourcing["id"])
    world.score(sourcing["id"], {ref: 60})
    world.call("name_candidate", OFFICER, sourcing_id=sourcing["id"])
    return awarded(world, sourcing["id"])


def tender(world: World, project: str, winner: str, **changed: object) -> dict[str, Any]:
    now = world.now
    return {
        "project_id": project, "goal": "培养 40 名中级焊工", "ceiling_fen": 180_000,
        "platform": "示例省公共资源交易平台", "number": "示招 2026-001", "method": "open",
        "published_at": now - 40 * DAY, "bids_until": now - 20 * DAY, "opened_at": now - 20 * DAY,
        "notice_until": now - 10 * DAY, "winner_ref": winner,
        "bidders": [
            {"name": "示例甲", "price_fen": 170_000, "provider_ref": winner},
            {"name": "示例乙", "price_fen": 175_000}, {"name": "示例丙", "price_fen": 179_000},
        ],
        **changed,
    }  # fmt: skip
