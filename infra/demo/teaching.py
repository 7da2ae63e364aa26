"""(6) 接单之三: sessions run, sign-ins are taken, most pass the test, certificates are registered."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from contracts.vocabularies.dates import today_in_shanghai
from infra.demo import tell
from infra.demo.cast import Worker
from infra.demo.client import at_once
from infra.demo.figures import DAYS, LEVEL, OCCUPATION, WORKERS, Learner
from infra.demo.story import Story, Trained

# by class and place on its roster: the days missed (from 0), and who does not pass the test
_MISSED: Final[Mapping[int, Mapping[int, tuple[int, ...]]]] = {
    1: {2: (1,), 5: (3,), 11: (3, 4), 16: (4,)},
    2: {},
}
_FAILS: Final[Mapping[int, tuple[int, ...]]] = {1: (8, 11, 14), 2: (1,)}
_ASSESSED_AFTER: Final = timedelta(days=3)


def run(story: Story) -> None:
    """Hold both classes and assess them."""
    tell.step(6, "接单：授课、签到、考核、证书", "sessions, sign-ins, tests, certificates")
    signed = 0
    for each in story.classes:
        signed += _hold(story, each)
    last = max(datetime.fromisoformat(each.doc["ends"]) for each in story.classes)
    story.clock.to(last + _ASSESSED_AFTER)
    certificates = sum(_assess(story, each) for each in story.classes)
    _compare(story, signed, certificates)


def _hold(story: Story, each: Trained) -> int:
    """Run the sessions of a class; return the sign-ins taken."""
    missed, fails = _MISSED[each.number], _FAILS[each.number]
    each.learners = [
        Learner(worker.person_ref, DAYS - len(missed.get(place, ())), place not in fails, worker.entitled)
        for place, worker in enumerate(each.roster)
    ]
    signed = 0
    for day, session in enumerate(each.doc["sessions"]):
        story.clock.to(datetime.fromisoformat(session["starts"]) - timedelta(minutes=5))
        present = [worker for place, worker in enumerate(each.roster) if day not in missed.get(place, ())]
        signed += sum(at_once(partial(_sign_in, each, session), present))
    story.clock.to(datetime.fromisoformat(each.doc["ends"]))
    story.winner.client.post(f"/classes/{each.id}/carried-out")
    tell.say(f"{'一二'[each.number - 1]}班 {DAYS} 天授课完毕，签到 {signed} 次", "held, sign-ins taken")
    return signed


def _sign_in(each: Trained, session: dict[str, Any], worker: Worker) -> int:
    place = each.doc["place"]
    taken = worker.client.post(
        f"/classes/{each.id}/sign-ins",
        {
            "session_id": session["session_id"],
            "voucher_id": worker.voucher_id,
            "longitude": place["longitude"],
            "latitude": place["latitude"],
        },
    )
    return int(taken["status"] == "confirmed")


def _assess(story: Story, each: Trained) -> int:
    """Test the class and register the certificates; return how many."""
    passed = [person for person in zip(each.roster, each.learners, strict=True) if person[1].passed]
    issued = story.clock.today()
    certificates = [
        {"person_ref": worker.person_ref, "number": _number(story, worker), "issued_on": issued.isoformat()}
        for worker, _ in passed
    ]
    story.outside.load("certificates", [_registered(story, worker, issued) for worker, _ in passed])
    results = [{"person_ref": one.person_ref, "passed": one.passed} for one in each.learners]
    each.doc = story.cast.assessor.client.post(
        f"/classes/{each.id}/results", {"results": results, "certificates": certificates}
    )
    tell.say(
        f"{'一二'[each.number - 1]}班考核：{len(each.learners)} 人中 {len(passed)} 人合格发证，"
        f"{each.doc['completed']} 人结业",
        f"{len(passed)} of {len(each.learners)} pass and are certified",
    )
    return len(certificates)


def _number(story: Story, worker: Worker) -> str:
    return f"SL{story.cast.mark.upper()}{worker.number:04d}"


def _registered(story: Story, worker: Worker, issued: date) -> dict[str, Any]:
    return {
        "number": _number(story, worker),
        "id_number": worker.id_number,
        "occupation": OCCUPATION,
        "level": LEVEL,
        "issued_on": issued.isoformat(),
        "issuer": story.cast.assessor.name,
    }


def _compare(story: Story, signed: int, certificates: int) -> None:
    add = story.figures.add
    add("接单", "签到次数", "sign-ins", sum(one.days for one in story.learners), signed)
    add("接单", "上课的人", "learners trained", WORKERS, len(story.learners))
    due = sum(one.completed for one in story.learners)
    add("接单", "考核合格并发证", "certificates registered", due, certificates)
    found = sum(int(each.doc["completed"]) for each in story.classes)
    add("接单", "结业", "completed", due, found)


def ended(story: Story) -> date:
    """Return the day of the last session."""
    return max(today_in_shanghai(datetime.fromisoformat(each.doc["ends"])) for each in story.classes)
