"""What settlement keeps of a class whose plan was changed is what it keeps of a confirmed one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.settlement.store import copies

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONFIRMED, CHANGED = "acceptance.class.confirmed", "acceptance.class.changed"
HOURS = timedelta(hours=4)


def told(days: int) -> dict[str, Any]:
    starts = [NOW + timedelta(days=days + number) for number in range(2)]
    return {
        "project_id": "p",
        "provider_ref": "b",
        "name": "示例班",
        "capacity": 20,
        "place": {"name": "示例车间"},
        "sessions": [
            {"session_id": f"c-{number}", "starts": each, "ends": each + HOURS, "hours": 4}
            for number, each in enumerate(starts)
        ],
    }


def test_a_changed_plan_is_kept_as_a_confirmed_one() -> None:
    first = copies.class_changes(CONFIRMED, told(10), NOW)
    changed = copies.class_changes(CHANGED, {**told(12), "reason": "教师生病"}, NOW)
    assert (first["hours"], first["first_day"]) == (8, date(2026, 3, 12))
    assert (changed["hours"], changed["first_day"]) == (8, date(2026, 3, 14))
    assert changed == copies.class_changes(CONFIRMED, told(12), NOW)
