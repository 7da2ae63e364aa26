"""(1) 提单: a manufacturer and 24 workers post their demands."""

from typing import Any, Final

from infra.demo import tell
from infra.demo.cast import COUNTY, POSTS_TWICE, WRONG_CHECK_DIGIT, Body, Worker
from infra.demo.client import at_once
from infra.demo.figures import HEADCOUNT, LEVEL, OCCUPATION, WORKERS
from infra.demo.story import Story, later, sign_up

_WANTED_IN_DAYS: Final = 60


def run(story: Story) -> None:
    """Post everything and wait until the registries have confirmed who posted."""
    tell.step(1, "提单：企业和劳动者发布培训需求", "demands are posted")
    _enter_bodies(story)
    wanted = later(story.clock.today(), _WANTED_IN_DAYS).isoformat()
    firm = _firm_demand(story, wanted)
    tell.say(
        f"{story.cast.manufacturer.name}（烟台市福山区）：焊工中级工 {firm['headcount']} 人",
        f"a manufacturer asks for {firm['headcount']} intermediate welders",
    )
    refused = sum(at_once(lambda worker: _post(story, worker, wanted), story.cast.workers))
    tell.say(
        f"{len(story.cast.workers)} 名劳动者提单；其中 {refused} 人身份证校验码有误，被退回后更正",
        f"{refused} wrong check digits refused at person.id_number, then corrected",
    )
    double = _post_again(story, story.cast.workers[POSTS_TWICE - 1], wanted)
    posts = len(story.cast.workers) + 1
    tell.say(
        f"{story.cast.workers[POSTS_TWICE - 1].name} 重复提单，已标明与前单重复并退回，未丢弃",
        "one posts twice: kept, marked as a double, told",
    )
    story.demand_ids = [firm["id"], *(worker.demand_id for worker in story.cast.workers)]
    verified = _await_verified(story)
    tell.say(f"联网核查通过 {verified} 份需求单", "confirmed by the registries")
    _compare(story, firm, posts, refused, double, verified)


def _enter_bodies(story: Story) -> None:
    bodies = story.cast.bodies
    story.outside.load(
        "enterprises",
        [
            {"credit_code": body.credit_code, "name": body.name, "licence_scope": ["职业技能培训（示例）"]}
            for body in bodies
        ],
    )
    at_once(lambda body: _enter(story, body), bodies)
    for body in bodies:
        body.client.until(f"{body.name} verified", "/bodies/me", lambda doc: doc["status"] == "verified")


def _enter(story: Story, body: Body) -> None:
    body.client = sign_up(story.nobody, body.username, body.kind)
    known = body.client.post(
        "/bodies",
        {
            "credit_code": body.credit_code,
            "name": body.name,
            "region": COUNTY,
            "kind": body.kind,
            "bank_account": body.bank_account,
        },
    )
    body.ref = known["id"]


def _firm_demand(story: Story, wanted: str) -> dict[str, Any]:
    return story.cast.manufacturer.client.post(
        "/demands",
        {
            "kind": "enterprise",
            "region": COUNTY,
            "occupation": OCCUPATION,
            "level": LEVEL,
            "wanted_from": wanted,
            "headcount": HEADCOUNT,
            "skills": "二氧化碳气体保护焊、氩弧焊（示例）",
            "wage_low_fen": 600_000,
            "wage_high_fen": 850_000,
            "training_kind": "order",
        },
    )


def _post(story: Story, worker: Worker, wanted: str) -> int:
    """Post a worker's demand; return how often a wrong number was refused first."""
    worker.client = sign_up(story.nobody, worker.username, "worker")
    demand = _demand(worker, wanted)
    refused = 0
    if worker.number in WRONG_CHECK_DIGIT:
        said = worker.client.refusal("/demands", {**demand, "person": worker.details(worker.mistyped())})
        refused = int(said.status == 422 and said.fields == ["person.id_number"])
    posted = worker.client.post("/demands", {**demand, "person": worker.details()})
    worker.demand_id, worker.person_ref = posted["id"], posted["poster_ref"]
    return refused


def _demand(worker: Worker, wanted: str) -> dict[str, Any]:
    return {
        "kind": "worker",
        "region": worker.region,
        "occupation": OCCUPATION,
        "level": LEVEL,
        "wanted_from": wanted,
        "group": worker.group,
    }


def _post_again(story: Story, worker: Worker, wanted: str) -> bool:
    """Post the same demand once more; return whether it was found to be a double of the first."""
    again = worker.client.post("/demands", _demand(worker, wanted))
    kept = worker.client.get(f"/demands/{again['id']}")
    return bool(kept["status"] == "returned" and kept["duplicate_of"] == worker.demand_id)


def _await_verified(story: Story) -> int:
    wanted = set(story.demand_ids)
    officer = story.officer("catalogue")

    def found() -> set[str]:
        listed = officer.pages("/open-demands", region="370600", occupation=OCCUPATION, level=LEVEL)
        return wanted & {each["id"] for each in listed}

    return len(story.until("verified demands", found, lambda ids: ids == wanted))


def _compare(
    story: Story, firm: dict[str, Any], posts: int, refused: int, double: bool, verified: int
) -> None:
    add = story.figures.add
    people = len({worker.person_ref for worker in story.cast.workers})
    add("提单", "企业需求人数", "welders asked for", HEADCOUNT, firm["headcount"])
    add("提单", "劳动者提单数", "posts of workers", WORKERS + 1, posts)
    add("提单", "提单的劳动者", "workers who posted", WORKERS, people)
    add("提单", "重复提单", "posted twice, found out", 1, int(double))
    add("提单", "校验码有误被拒", "wrong check digits refused", len(WRONG_CHECK_DIGIT), refused)
    add("提单", "核查通过的需求单", "demands confirmed", WORKERS + 1, verified)
