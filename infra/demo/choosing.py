"""(5) 选单: the 24 choose, wait, cancel and move up; vouchers are issued and bound; the rosters are filed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from infra.demo import tell
from infra.demo.cast import Worker
from infra.demo.client import at_once
from infra.demo.figures import CLASS_SEATS, WORKERS
from infra.demo.officers import CITY
from infra.demo.story import Story, Trained, iso

_CANCELS: Final = 7
_VALID_AFTER: Final = timedelta(days=60)
Choice = tuple[Worker, dict[str, Any]]


def run(story: Story) -> None:
    """Fill both classes and file their rosters."""
    tell.step(5, "选单：24 人选班、候补、递补，领券绑券，名册备案", "seats, waiting line, vouchers, rosters")
    first, second = story.classes
    choices = _choose(story, first, story.cast.workers)
    seated = [each for each in choices if each[1]["status"] == "held"]
    waiting = [each for each in choices if each[1]["status"] == "waiting"]
    at_once(_confirm, seated)
    tell.say(f"{len(choices)} 人同时选一班，{len(seated)} 人占位，{len(waiting)} 人候补", "20 seats, 4 wait")
    cancels, moved = _cancel(story, seated, waiting)
    taken = story.nobody.get(f"/classes/{first.id}/seating")
    first.roster = _rostered(story, first, [*(each[0] for each in seated if each is not cancels), moved])
    left = _await_line_ended(story, first, waiting)
    tell.say(
        f"一班名册 {len(first.roster)} 人备案，{left} 人候补终止，转选二班", "roster filed, the line ends"
    )
    others = [cancels[0], *(worker for worker, _ in waiting if worker is not moved)]
    second_choices = _choose(story, second, others)
    at_once(_confirm, second_choices)
    second.roster = _rostered(story, second, [worker for worker, _ in second_choices])
    tell.say(f"二班名册 {len(second.roster)} 人备案", "the second class has its roster too")
    add = story.figures.add
    add("选单", "选一班的人", "chose the first class", WORKERS, len(choices))
    add("选单", "占位", "seats taken", CLASS_SEATS[0], len(seated))
    add("选单", "候补", "waiting", WORKERS - CLASS_SEATS[0], len(waiting))
    add("选单", "递补的是候补第一人", "moved up: first in line", waiting[0][0].name, moved.name)
    add("选单", "取消并递补后占位", "seats taken afterwards", CLASS_SEATS[0], taken["taken"])
    add("选单", "候补终止", "line ended by the roster", WORKERS - CLASS_SEATS[0] - 1, left)
    for each, seats in zip(story.classes, CLASS_SEATS, strict=True):
        name = "一二"[each.number - 1]
        add("接单", f"{name}班名册", f"roster of class {each.number}", seats, each.doc["on_roster"])


def _choose(story: Story, into: Trained, workers: Sequence[Worker]) -> list[Choice]:
    """Let the workers choose a class all at once; return the choices in order of arrival."""
    story.nobody.until("seats to choose", f"/classes/{into.id}/seating", lambda seats: True)

    def choose(worker: Worker) -> Choice:
        lag = ("selection.person_unknown", "not_found")
        return worker, worker.client.post(f"/classes/{into.id}/enrolments", lag=lag)

    return sorted(at_once(choose, workers), key=lambda choice: choice[1]["arrival"])


def _confirm(choice: Choice) -> dict[str, Any]:
    worker, enrolment = choice
    return worker.client.post(f"/enrolments/{enrolment['id']}/confirmation")


def _cancel(story: Story, seated: list[Choice], waiting: list[Choice]) -> tuple[Choice, Worker]:
    """One gives the seat up; return the choice given up, and who was moved up and confirmed."""
    cancels = seated[_CANCELS]
    worker, enrolment = cancels
    reason = {"reason": "该时段不便，改选后一个班次"}
    worker.client.post(f"/enrolments/{enrolment['id']}/cancellation", reason)
    in_line = {each["id"]: person for person, each in waiting}
    held: list[Choice] = []

    def look() -> list[Choice]:
        found = [(person, person.client.get(f"/enrolments/{id}")) for id, person in in_line.items()]
        held[:] = [choice for choice in found if choice[1]["status"] == "held"]
        return held

    story.until("somebody moves up", look, bool)
    _confirm(held[0])
    moved = held[0][0]
    tell.say(f"{worker.name} 取消，候补第一人 {moved.name} 递补", "one cancels, the first in line moves up")
    return cancels, moved


def _rostered(story: Story, into: Trained, workers: list[Worker]) -> list[Worker]:
    """Issue and bind vouchers, file the roster; return the workers as they stand on it."""
    valid = datetime.fromisoformat(into.doc["ends"]) + _VALID_AFTER
    body = {"class_id": into.id, "region": CITY, "valid_until": iso(valid)}
    batch = story.officer("catalogue").post("/voucher-batches", body)
    bound = sum(at_once(lambda worker: _bind(worker, batch["id"], into), workers))
    tell.say(
        f"发放培训券 {len(batch['voucher_ids'])} 张，已领取并绑定 {bound} 张", "vouchers issued and bound"
    )
    provider = story.winner.client
    confirmed = list(provider.pages(f"/classes/{into.id}/enrolments", status="confirmed"))
    refs = [each["person_ref"] for each in confirmed]
    # acceptance learns of seats and vouchers by facts: until the last has arrived it sees another roster
    lag = ("acceptance.roster_differs",)
    into.doc = provider.post(f"/classes/{into.id}/roster", {"person_refs": refs}, lag=lag)
    return [worker for worker in workers if worker.person_ref in refs]


def _bind(worker: Worker, batch_id: str, into: Trained) -> int:
    own = [each for each in worker.client.pages("/vouchers") if each["batch_id"] == batch_id]
    worker.voucher_id = own[0]["id"]
    own_key = {"device_key": worker.device.public_key}
    worker.client.post(f"/vouchers/{worker.voucher_id}/claim", own_key)
    bound = worker.client.post(f"/vouchers/{worker.voucher_id}/binding", {"class_id": into.id})
    return int(bound["status"] == "bound")


def _await_line_ended(story: Story, first: Trained, waiting: list[Choice]) -> int:
    """Wait until the roster has ended the line; return how many had waited to the end."""

    def statuses() -> list[str]:
        return [worker.client.get(f"/enrolments/{each['id']}")["status"] for worker, each in waiting]

    ended = story.until("the line ends", statuses, lambda found: "waiting" not in found)
    return int(ended.count("expired"))
