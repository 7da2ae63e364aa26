"""Facts that the map follows, made up: a project, a challenge, a class and its seats."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.events import acceptance, catalogue, selection
from contracts.vocabularies import occupations
from tests.support.services import Running

BEGINS = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
OCCUPATION = occupations.CODES[0]


def project(**changes: Any) -> dict[str, Any]:
    """Return the data of a listed project."""
    return {
        "name": "示例焊工项目",
        "region": "370611",
        "occupation": OCCUPATION,
        "level": "4",
        "mode": "on_site",
        "programme": None,
        "seats": 20,
        "hours": 8,
        "edition": 1,
        "sourcing_way": "open_challenge",
        "standard_fen": 180_000,
        "standard_rule": "sample-rule",
        "illustrative": True,
        **changes,
    }


def training(project_id: str, starts: datetime = BEGINS, **changes: Any) -> dict[str, Any]:
    """Return the data of a class of two sessions."""
    sessions = [
        {
            "session_id": f"s{number}",
            "starts": starts + timedelta(days=number),
            "ends": starts + timedelta(days=number, hours=4),
            "kind": "practice",
            "hours": 4,
            "topic": "平焊",
            "teacher": "演示乙",
        }
        for number in range(2)
    ]
    return {
        "project_id": project_id,
        "provider_ref": "body-sample",
        "provider_name": "示例培训学校",
        "name": "示例焊工班",
        "occupation": OCCUPATION,
        "level": "4",
        "mode": "on_site",
        "region": "370611",
        "place": {"name": "实训楼", "address": "示例路 1 号", "longitude": 121.2, "latitude": 37.5},
        "capacity": 20,
        "enrol_until": starts - timedelta(days=1),
        "sessions": sessions,
        **changes,
    }


def list_project(running: Running, id: str, **changes: Any) -> None:
    """Tell a project's draft and listing."""
    data = project(**changes)
    own = {"edition", "sourcing_way", "standard_fen", "standard_rule", "illustrative"}
    draft = {name: value for name, value in data.items() if name not in own}
    running.tell(catalogue.PROJECT_DRAFTED, id, 1, {**draft, "demand_ids": ["d1"]})
    running.tell(catalogue.PROJECT_LISTED, id, 2, data)


def file_class(running: Running, id: str, project_id: str = "none", **changes: Any) -> None:
    """Tell that a class was filed."""
    running.tell(acceptance.CLASS_FILED, id, 1, training(project_id, **changes))


def confirm_class(running: Running, id: str, project_id: str = "none", **changes: Any) -> None:
    """Tell that a filed class was confirmed."""
    running.tell(acceptance.CLASS_CONFIRMED, id, 2, training(project_id, **changes))


def seat(running: Running, id: str, number: int, taken: int, waiting: int = 0) -> None:
    """Tell a class's seats."""
    running.tell(selection.SEATING_CHANGED, id, number, {"capacity": 20, "taken": taken, "waiting": waiting})


def publish_notice(running: Running, id: str, project_id: str, **changes: Any) -> None:
    """Tell that a challenge was published."""
    data = {
        "project_id": project_id,
        "name": "示例焊工项目",
        "region": "370611",
        "goal": "二十名焊工，四级",
        "seats": 20,
        "hours": 8,
        "ceiling_fen": 180_000,
        "bids_until": BEGINS,
        **changes,
    }
    running.tell(acceptance.NOTICE_PUBLISHED, id, 1, data)
