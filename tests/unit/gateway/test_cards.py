"""What the map shows of a class: enough to choose it, and nobody's name but the teacher's and provider's."""

import json
from datetime import UTC, datetime

from gateway.map import cards

CLASS = {
    "_id": "class-1",
    "of_version": 2,
    "status": "confirmed",
    "project_id": "project-1",
    "provider_ref": "body-1",
    "provider_name": "示例培训学校",
    "name": "电焊工初级班",
    "occupation": "6-18-02-04",
    "level": "4",
    "mode": "on_site",
    "region": "370611",
    "place": {"name": "实训楼", "address": "示例路 1 号", "longitude": 121.2, "latitude": 37.5},
    "capacity": 20,
    "enrol_until": "2026-03-01T00:00:00.000Z",
    "sessions": [
        {
            "session_id": "s1",
            "starts": "2026-03-02T01:00:00.000Z",
            "ends": "2026-03-02T05:00:00.000Z",
            "hours": 4,
        },
        {
            "session_id": "s2",
            "starts": "2026-03-03T01:00:00.000Z",
            "ends": "2026-03-03T05:00:00.000Z",
            "hours": 5,
        },
    ],
}


def test_a_card_sums_up_the_class():
    card = cards.class_card(CLASS, {"name": "焊工项目", "price_fen": 150_000})
    assert card["hours"] == 9
    assert (card["starts"], card["ends"]) == ("2026-03-02T01:00:00.000Z", "2026-03-03T05:00:00.000Z")
    assert card["seats"] == {"capacity": 20, "taken": 0, "free": 20, "waiting": 0}
    assert card["region"]["zh"] == "山东省烟台市福山区"
    assert card["project"]["price_fen"] == 150_000
    assert card["status"] == {"code": "confirmed", "zh": "已确认"}


def test_a_class_without_its_project_yet_is_shown_without_a_price():
    assert cards.class_card(CLASS, None)["project"]["price_fen"] is None


def test_seats_follow_the_seating_and_never_go_below_nothing():
    told = {**CLASS, "seating": {"capacity": 20, "taken": 21, "waiting": 4}}
    assert cards.seats(told) == {"capacity": 20, "taken": 21, "free": 0, "waiting": 4}


def test_what_is_filed_or_returned_is_not_shown():
    assert not {"planned", "filed", "returned"} & cards.SHOWN_CLASSES


def test_moments_are_written_in_utc():
    moment = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert json.loads(cards.written(cards.plain({"at": [moment]}))) == {"at": ["2026-03-01T08:00:00.000Z"]}
