"""Made-up things of acceptance for its tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.sealing import OfficerKey, SealedBid, open_layer, seal
from services.acceptance import views
from services.acceptance.domain import bids as bidding
from services.acceptance.domain import classes, panel, scoring
from services.acceptance.domain.attachments import Attachment
from services.acceptance.domain.bids import Bid, Opened, Seal
from services.acceptance.domain.classes import Place, Plan, Training
from services.acceptance.domain.copies import Body, Project
from services.acceptance.domain.panel import Expert
from services.acceptance.domain.records import Rules
from services.acceptance.domain.sourcing import Criterion, Notice, OpeningKey, Sourcing, publish

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BIDS_UNTIL = NOW + 10 * DAY
OUTER, INNER = OfficerKey.generate(), OfficerKey.generate()
POOL = tuple(f"panel-{n}" for n in range(1, 7))
RULES = Rules(pass_points=40, pool_percent=200)
PROJECT = Project(
    "project", "焊工班", "370600", "6-18-02-04", "4", "on_site", 40, 20, "listed", "open_challenge", 200_000
)
ASSESSOR = Body("assessor", "assessor", "示例评价机构", "370600", "verified")


def provider(ref: str = "provider-a") -> Body:
    return Body(ref, "provider", f"示例培训机构 {ref}", "370611", "verified")


def notice(**changed: Any) -> Notice:
    keys = (
        OpeningKey(OUTER.key_id, "opening-1", OUTER.public_key),
        OpeningKey(INNER.key_id, "opening-2", INNER.public_key),
    )
    criteria = (Criterion("plan", "方案", 60), Criterion("teachers", "师资", 40))
    return replace(
        Notice("培养 40 名中级焊工", 180_000, criteria, NOW + 5 * DAY, BIDS_UNTIL, keys, 3), **changed
    )


def published(**changed: Any) -> Sourcing:
    return publish("sourcing", PROJECT, notice(**changed), "publisher", NOW, RULES, 1, "nonce")[0]


def experts() -> list[Expert]:
    return [Expert(account, "370600", (), "supervisor", NOW) for account in POOL]


def with_panel(sourcing: Sourcing, bids: list[Bid], now: datetime = BIDS_UNTIL) -> Sourcing:
    """Drawn out of six, and each member has declared to be free of conflicts."""
    sourcing, _ = panel.draw(sourcing, bids, experts(), "publisher", now)
    for member in sourcing.draw.members:
        sourcing, _ = panel.declare(sourcing, member.account, None, now)
    return sourcing


def sealed(
    sourcing: Sourcing, ref: str = "provider-a", price_fen: int = 150_000, **changed: Any
) -> SealedBid:
    offer = {"price_fen": price_fen, "plan": "一项目一方案", "teachers": ["示例师"], "places": ["示例车间"]}
    shown = views.sourcing(sourcing, 1, NOW, [])
    attachments = changed.pop("attachments", ())
    return seal({**offer, **changed}, shown, ref, attachments)


def submitted(sourcing: Sourcing, ref: str, bid: SealedBid, now: datetime) -> tuple[Sourcing, Bid]:
    told = bid.body["seal"]
    envelope = Seal(told["scheme"], tuple(told["key_ids"]), told["commitment"])
    attached = tuple(Attachment(**each) for each in bid.body["attachments"])
    after, stored, _ = bidding.submit(sourcing, None, provider(ref), bid.ciphertext, envelope, now, attached)
    return after, stored


def with_bids(**prices: int) -> tuple[Sourcing, list[Bid]]:
    """A sourcing with a sealed bid for each provider (name=price), received one hour apart."""
    sourcing, bids = published(), []
    for place, (ref, price) in enumerate(prices.items()):
        sourcing, bid = submitted(sourcing, ref, sealed(sourcing, ref, price), NOW + place * HOUR)
        bids.append(bid)
    return sourcing, bids


def brought(sourcing: Sourcing, bids: list[Bid], officer: str, now: datetime = BIDS_UNTIL) -> list[Opened]:
    """What the officer's own device makes of what the platform hands out."""
    import base64

    key = {"opening-1": OUTER, "opening-2": INNER}[officer]
    items = [
        {
            "bid_id": bid.id,
            "receipt": bid.receipt,
            "commitment": bid.seal.commitment,
            "content": base64.b64encode(content).decode(),
        }
        for bid, content in bidding.contents_for(sourcing, bids, officer, now)
    ]
    answer = open_layer({"key_id": key.key_id, "layer": sourcing.layer_of(officer), "items": items}, key)
    return [
        Opened(
            each["bid_id"],
            base64.b64decode(each["content"]) if "content" in each else None,
            each.get("problem", ""),
        )
        for each in answer["bids"]
    ]


def opened(sourcing: Sourcing, bids: list[Bid], now: datetime = BIDS_UNTIL) -> tuple[Sourcing, list[Bid]]:
    for officer in ("opening-1", "opening-2"):
        found = brought(sourcing, bids, officer, now)
        if found:
            sourcing, bids, _ = bidding.open_layer(sourcing, bids, officer, found, now)
    return sourcing, bids


def scored(
    sourcing: Sourcing, bids: list[Bid], points: dict[str, int], now: datetime = BIDS_UNTIL
) -> Sourcing:
    """Every panel member gives each provider's bid the same points for everything."""
    sourcing = sourcing if sourcing.draw else with_panel(sourcing, bids, now)
    for bid in scoring.judged(bids):
        for member in sourcing.panel:
            given = dict.fromkeys(("plan", "teachers"), points[bid.provider_ref])
            sourcing, _ = scoring.score(sourcing, bids, bid.id, member, given, now)
    return sourcing


def sessions(count: int = 5, hours: int = 4, first: datetime = NOW + 20 * DAY) -> list[dict[str, Any]]:
    kinds = ("safety", "compulsory", "theory", "practice")
    return [
        {
            "starts": first + n * DAY,
            "ends": first + n * DAY + hours * HOUR,
            "kind": kinds[min(n, 3)],
            "hours": hours,
            "topic": f"第 {n + 1} 讲",
            "teacher": "示例师",
        }
        for n in range(count)
    ]


PLACE = Place("示例车间", "示例路 1 号", 121.25, 37.5)


def plan(**changed: Any) -> Plan:
    timetable = classes.numbered("class", changed.pop("timetable", None) or sessions())
    return replace(Plan("焊工一班", PLACE, 20, NOW + 15 * DAY, timetable), **changed)


def filed(**changed: Any) -> Training:
    award = ("sourcing", "provider-a", "示例培训机构")
    return classes.file("class", award, PROJECT, plan(**changed), "filer", NOW)[0]


def with_roster(*person_refs: str) -> Training:
    confirmed = classes.confirm(filed(), "supervisor", NOW)[0]
    return replace(confirmed, roster=person_refs, roster_filed_at=NOW + 16 * DAY)
