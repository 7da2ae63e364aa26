"""(3) 接单之一: three sealed bids, their opening by two officers, scores, public notice, award."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from infra.demo import tell
from infra.demo.cast import Body
from infra.demo.figures import OFFERS, PRICE_FEN, STANDARD_FEN, WEIGHTS, points_of, winner, yuan
from infra.demo.officers import CITY
from infra.demo.registering import admit
from infra.demo.story import Story, iso
from infra.sealing import (
    OfficerKey,
    SealedBid,
    answer_challenge,
    open_layer,
    published_as_received,
    seal,
    seal_attachment,
)

_NAMES: Final = {"plan": "目标与方案", "teachers": "师资", "equipment": "场地设备"}
_POOL: Final = tuple(f"panel.{n}" for n in range(1, 7))
_OPENING: Final = ("opening.1", "opening.2")
_PLAN: Final = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def run(story: Story) -> None:
    """From the notice to the award."""
    tell.step(
        3, "接单：揭榜挂帅，密封应榜、双人开启、评审、公示、定标", "sealed bids, opening, scores, award"
    )
    admit(story)
    keys = {name: OfficerKey.generate() for name in _OPENING}
    for name, key in keys.items():
        _register(story.officer(name), key)
    tell.say("两名开启人各在自己的设备上生成密钥，登记公钥并验证", "each opening officer registers a key")
    notice = _publish(story)
    sealed = _bid(story, notice)
    early = story.officer("opening.1")
    still = _refused_reading(early, story.sourcing_id)
    tell.say(
        f"{len(sealed)} 家机构密封应榜；截止前连开启人也看不到（{still}）", "sealed: nobody reads them yet"
    )
    story.clock.to(datetime.fromisoformat(notice["bids_until"]) + timedelta(minutes=1))
    opened = _open(story, keys)
    same = sum(published_as_received(bid, opened, body.ref) for body, bid in sealed)
    tell.say(
        f"截止后两名开启人各开一层；公布的回执与 {same} 家留存的一致", "two officers open, receipts agree"
    )
    whole = _read_attachments(story, sealed)
    tell.say(f"开启后下载的 {whole} 份附件与密封前一致", "attachments are read, as they were sealed")
    scored = _score(story, opened)
    _award(story)
    _compare(story, scored, still, (same, whole))


def _register(officer: Any, key: OfficerKey) -> None:
    """The public half goes to the platform, with the proof that its owner opens what is sealed for it."""
    told = officer.post("/opening-keys", {"public_key": key.public_key})
    officer.post(f"/opening-keys/{told['id']}/confirmation", answer_challenge(told, key))


def _publish(story: Story) -> dict[str, Any]:
    now = story.clock.now()
    notice = story.officer("catalogue").post(
        "/sourcings",
        {
            "project_id": story.project_id,
            "goal": "培训焊工中级工，结业率和就业率均不低于 85%（示例）",
            "ceiling_fen": STANDARD_FEN,
            "criteria": [{"id": id, "name": _NAMES[id], "weight": weight} for id, weight in WEIGHTS.items()],
            "questions_until": iso(now + timedelta(days=5)),
            "bids_until": iso(now + timedelta(days=15)),
            "opening_officers": [story.officer(name).account for name in _OPENING],
            "panel_seats": 3,
        },
        lag=("acceptance.project_unknown", "acceptance.project_not_open"),
    )
    story.sourcing_id = notice["id"]
    tell.say(
        f"榜单公布：最高限价每人 {yuan(STANDARD_FEN)} 元，{iso(now + timedelta(days=15))[:10]} 截止",
        "the challenge is published",
    )
    return notice


def _bid(story: Story, notice: dict[str, Any]) -> list[tuple[Body, SealedBid]]:
    sealed = []
    for body, offer in zip(story.cast.providers, OFFERS, strict=True):
        text = {
            "price_fen": offer.price_fen,
            "plan": f"{body.name}：五天集中培训，理论与实操结合（示例）",
            "teachers": ["示例教师甲", "示例教师乙"],
            "places": [f"示例实训基地 {story.cast.mark}"],
        }
        plan = _PLAN + f"%% {story.cast.mark} {body.ref}\n".encode()
        bid = seal(text, notice, body.ref, [seal_attachment("plan.pdf", plan)])
        lag = ("acceptance.no_body", "acceptance.body_unverified")
        path = f"/sourcings/{story.sourcing_id}/bids"
        for part in bid.parts():
            body.client.post(f"{path}/parts", part, lag=lag)
        body.client.post(path, bid.body, lag=lag)
        receipt = body.client.get(f"{path}/mine")["receipt"]
        if receipt != bid.receipt:
            raise AssertionError(f"{body.name}: another receipt than that of the bytes sent")
        sealed.append((body, bid))
    return sealed


def _refused_reading(officer: Any, sourcing_id: str) -> str:
    """Ask for the bids before the deadline; return the code of the refusal."""
    return str(officer.refused_read(f"/sourcings/{sourcing_id}/sealed-bids").code)


def _open(story: Story, keys: dict[str, OfficerKey]) -> dict[str, Any]:
    opened: dict[str, Any] = {}
    for name in _OPENING:
        officer = story.officer(name)
        sealed = officer.get(f"/sourcings/{story.sourcing_id}/sealed-bids")
        opened = officer.post(f"/sourcings/{story.sourcing_id}/openings", open_layer(sealed, keys[name]))
    return opened


def _read_attachments(story: Story, sealed: list[tuple[Body, SealedBid]]) -> int:
    """An officer of the region downloads each attachment; return how many are what was sealed."""
    officer, path = story.officer("catalogue"), f"/sourcings/{story.sourcing_id}/bids"
    mine = {body.ref: bid.attachments[0].inside["sha256"] for body, bid in sealed}
    found = 0
    for shown in officer.get(path)["items"]:
        hash = mine[shown["provider_ref"]]
        content = officer.page(f"{officer.base}{path}/{shown['bid_id']}/files/{hash}")
        found += sha256(content.encode()).hexdigest() == hash
    return found


def _draw(story: Story) -> list[Any]:
    """A supervisor keeps the pool, the platform draws three of it, each declares to be free of conflicts."""
    pool = {story.officer(name).account: story.officer(name) for name in _POOL}
    for account in pool:
        # one key for the account: the second run is answered with what the first one made
        expert = {"account": account, "region": CITY}
        story.officer("supervisor").post("/experts", expert, key=f"demo-expert-{account}")
    path = f"/sourcings/{story.sourcing_id}/panel"
    story.officer("catalogue").post(path)
    drawn = story.officer("catalogue").get(path)
    members = [pool[each["account"]] for each in drawn["members"]]
    for member in members:
        member.post(f"{path}/declaration", {"conflict": None})
    tell.say(
        f"从 {len(pool)} 名专家中随机抽取 {len(members)} 名，种子 {drawn['seed'][:12]}…，均声明无利益冲突",
        "a panel is drawn, none of it has a conflict of interest",
    )
    return members


def _score(story: Story, opened: dict[str, Any]) -> dict[str, Any]:
    offer_of = {body.ref: offer for body, offer in zip(story.cast.providers, OFFERS, strict=True)}
    scored = opened
    for member, officer in enumerate(_draw(story)):
        for bid in opened["bids"]:
            points = offer_of[bid["provider_ref"]].points[member]
            scores = [
                {"criterion": id, "points": given, "reason": "按评审标准（示例）"}
                for id, given in zip(WEIGHTS, points, strict=True)
            ]
            body = {"bid_id": bid["bid_id"], "scores": scores}
            scored = officer.post(f"/sourcings/{story.sourcing_id}/scores", body)
    for bid in scored["bids"]:
        points = bid["points"]
        tell.say(f"{bid['provider_name']}：报价 {yuan(bid['price_fen'])} 元，{points / 100:.2f} 分")
    return scored


def _award(story: Story) -> None:
    officer = story.officer("catalogue")
    named = officer.post(f"/sourcings/{story.sourcing_id}/candidate")["candidate"]
    tell.say(f"候选：{named['provider_name']}，公示至 {named['notice_until'][:10]}", "public notice")
    story.clock.to(datetime.fromisoformat(named["notice_until"]))
    awarded = officer.post(f"/sourcings/{story.sourcing_id}/award")["candidate"]
    story.winner = next(body for body in story.cast.providers if body.ref == awarded["provider_ref"])
    tell.say(f"公示期满无异议，{story.winner.name} 中标，每人 {yuan(awarded['price_fen'])} 元", "awarded")


def _compare(story: Story, scored: dict[str, Any], still: str, kept: tuple[int, int]) -> None:
    add = story.figures.add
    found = {bid["provider_ref"]: bid["points"] for bid in scored["bids"]}
    due = {body.ref: points_of(offer) for body, offer in zip(story.cast.providers, OFFERS, strict=True)}
    add("接单", "密封应榜", "sealed bids", len(OFFERS), scored["sealed_bids"])
    add("接单", "截止前开启被拒", "early reading refused", "acceptance.bids_sealed", still)
    add("接单", "回执一致", "receipts that agree", len(OFFERS), kept[0])
    add("接单", "附件与密封前一致", "attachments as they were sealed", len(OFFERS), kept[1])
    for body in story.cast.providers:
        name = body.name.partition(" ")[0]
        add("接单", f"{name}得分×100", "points × 100", due[body.ref], found[body.ref])
    add("接单", "中标机构", "awarded to", story.cast.providers[winner()].name, story.winner.name)
    awarded = next(bid["price_fen"] for bid in scored["bids"] if bid["provider_ref"] == story.winner.ref)
    add("接单", "中标价（元/人）", "price a person", PRICE_FEN, awarded, money=True)
