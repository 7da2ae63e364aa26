"""(4) 接单之二: the winner files two classes, they are confirmed, and the public map lists them."""

import html
import re
import time
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from infra.demo import tell
from infra.demo.client import until
from infra.demo.figures import CLASS_SEATS, DAYS, HOURS_A_DAY, LEVEL, OCCUPATION
from infra.demo.officers import CITY
from infra.demo.story import Story, Trained, at, iso, later, measured

# the first class begins so many days after the award, the second two weeks after the first
_FIRST_IN_DAYS: Final = 30
_APART_DAYS: Final = 14
_KINDS: Final = ("safety", "compulsory", "theory", "practice", "practice")
_TOPICS: Final = ("焊接安全与防护", "职业素养与法律常识", "焊接工艺基础", "气体保护焊实操", "氩弧焊实操")


def run(story: Story) -> None:
    """File and confirm both classes; look for them on the map."""
    tell.step(
        4, "接单：中标机构报备两个班次，监管确认，公开地图上架", "two classes filed, confirmed, on the map"
    )
    begins = _monday(later(story.clock.today(), _FIRST_IN_DAYS))
    slowest = 0.0
    for number, seats in enumerate(CLASS_SEATS, 1):
        filed = _file(story, number, seats, later(begins, (number - 1) * _APART_DAYS))
        seconds, doc = _confirm(story, filed["id"])
        slowest = max(slowest, seconds)
        story.classes.append(Trained(number, filed["id"], doc))
        tell.say(
            f"{doc['name']}：{doc['capacity']} 个学位，{doc['begins'][:10]} 开班；"
            f"确认后 {seconds:.3f} 秒上架地图",
            f"on the public map (API and page) {seconds:.3f} s after its confirmation",
        )
    add = story.figures.add
    within = story.options.map_seconds
    add("接单", "确认的班次", "classes confirmed", len(CLASS_SEATS), len(story.classes))
    add("接单", "学位合计", "seats of the classes", sum(CLASS_SEATS), _seats(story))
    add("接单", f"{within:g} 秒内上架地图", f"on the map within {within:g} s", True, slowest <= within)


def _seats(story: Story) -> int:
    return sum(int(each.doc["capacity"]) for each in story.classes)


def _monday(day: date) -> date:
    return later(day, -day.weekday() % 7)


def _file(story: Story, number: int, seats: int, first: date) -> dict[str, Any]:
    sessions = [
        {
            "starts": iso(at(later(first, n), 8, 30)),
            "ends": iso(at(later(first, n), 17, 30)),
            "kind": _KINDS[n],
            "hours": HOURS_A_DAY,
            "topic": _TOPICS[n],
            "teacher": "示例教师甲" if n % 2 else "示例教师乙",
        }
        for n in range(DAYS)
    ]
    return story.winner.client.post(
        "/classes",
        {
            "project_id": story.project_id,
            "name": f"焊工中级工示例{'一二'[number - 1]}班 {story.cast.mark}",
            "place": {
                "name": f"示例实训基地 {story.cast.mark}",
                "address": "烟台市福山区示例路1号",
                "longitude": 121.26,
                "latitude": 37.5,
            },
            "capacity": seats,
            "enrol_until": iso(at(first, 8) - timedelta(days=2)),
            "sessions": sessions,
        },
    )


def _confirm(story: Story, class_id: str) -> tuple[float, dict[str, Any]]:
    """Confirm a class; return the seconds until the map's API and its page list it, and the class."""
    doc = story.officer("supervisor").post(f"/classes/{class_id}/confirmation")
    began = time.monotonic()
    wanted = {"region": CITY, "occupation": OCCUPATION, "level": LEVEL, "status": "confirmed"}

    def on_map() -> bool:
        return any(card["id"] == class_id for card in story.nobody.pages("/map/classes", **wanted))

    until("the class on the map", on_map, bool, story.options.patience, longest=0.05)
    until("the class on the page", lambda: _on_page(story, class_id), bool, story.options.patience, 0.05)
    return measured(began), doc


def _on_page(story: Story, class_id: str) -> bool:
    """Look for a class on the list that people see, page by page."""
    query = urlencode({"region": CITY, "occupation": OCCUPATION, "level": LEVEL})
    while True:
        text = story.nobody.page(f"{story.options.url}/?{query}")
        following = re.search(r'rel="next"[^>]*href="/\?([^"]+)"', text)
        if f"/classes/{class_id}" in text or following is None:
            return f"/classes/{class_id}" in text
        query = html.unescape(following[1])
