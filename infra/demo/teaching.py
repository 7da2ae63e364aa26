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
from infra.demo.story import Story, Trained, later

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
        _open_screen(story, each, session)
        at_once(partial(_sign_in, story, each, session), present)
        signed += _call_the_roll(story, each, session, present)
    story.clock.to(datetime.fromisoformat(each.doc["ends"]))
    story.winner.client.post(f"/classes/{each.id}/carried-out")
    tell.say(f"{'一二'[each.number - 1]}班 {DAYS} 天授课完毕，签到 {signed} 次", "held, sign-ins taken")
    return signed


def _open_screen(story: Story, each: Trained, session: dict[str, Any]) -> None:
    place = each.doc["place"]
    where = {"longitude": place["longitude"], "latitude": place["latitude"]}
    story.winner.client.post(f"/classes/{each.id}/sessions/{session['session_id']}/opening", where)


def _sign_in(story: Story, each: Trained, session: dict[str, Any], worker: Worker) -> None:
    """Scan the code on the screen, sign it with the own device, and send it."""
    screen = f"/classes/{each.id}/sessions/{session['session_id']}/code"
    # several learners look at one screen: each with a connection of their own
    shown = story.winner.client.once_more().get(screen)
    place = each.doc["place"]
    answer = worker.device.answer(
        (each.id, session["session_id"], worker.voucher_id),
        shown["code"],
        datetime.fromisoformat(shown["at"]),
        (place["longitude"], place["latitude"]),
    )
    worker.client.post(f"/classes/{each.id}/sign-ins", answer)


def _call_the_roll(story: Story, each: Trained, session: dict[str, Any], present: list[Worker]) -> int:
    """The teacher calls the roll, which confirms who was slow to sign in; return how many are confirmed."""
    story.clock.to(datetime.fromisoformat(session["starts"]))
    at = f"/classes/{each.id}/sessions/{session['session_id']}"
    story.winner.client.post(f"{at}/roll", {"present": [worker.person_ref for worker in present]})
    found = story.winner.client.get(f"{at}/sign-ins")["items"]
    return sum(one["status"] == "confirmed" for one in found)


def _assess(story: Story, each: Trained) -> int:
    """Test the class and register the certificates; return how many."""
    passed = [person for person in zip(each.roster, each.learners, strict=True) if person[1].passed]
    issued = story.clock.today()
    _appoint(story, each)
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


def _appoint(story: Story, each: Trained) -> None:
    """The supervisor appoints the assessor, with people who did not teach."""
    last = today_in_shanghai(datetime.fromisoformat(each.doc["ends"]))
    appointment = {
        "assessor_ref": story.cast.assessor.ref,
        "kind": "skill_level",
        "examiners": ["示例考评员甲", "示例考评员乙"],
        "quality_supervisor": "示例督导员",
        "question_bank": "示例题库",
        "held_on": later(last, 1).isoformat(),
    }
    story.officer("supervisor").post(f"/classes/{each.id}/assessor", appointment)


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
