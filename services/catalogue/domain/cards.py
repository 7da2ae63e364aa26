"""The card of a project (项目卡): what 37 §5 has published, in the four parts of 37 §1.

Posts and headcount, skills required, content, hours, mode; post needs + training + assessment + employment
services. Hours and mode are the plan's; a post's headcount is that of the firm's demand that it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.catalogue.domain.demands import Demand

# the content that every plan carries [37 §7; 7 §6]
NEEDED_CONTENT: Final = ("safety", "compulsory")
MISSING: Final = {
    "posts": ("未列技能岗位及用工人数", "no posts with their headcount"),
    "skills": ("未列技能要求", "no skills required"),
    "content": ("未列培训内容", "no content"),
    "content_common": ("培训内容缺安全或通用知识", "no safety or common content"),
    "assessment": ("未列技能评价方式", "no assessment of skills"),
    "services": ("未列就业服务", "no employment services"),
}


@dataclass(frozen=True)
class Post:
    """A post that a firm wants people for (技能岗位). demand_id: the firm's demand of the project."""

    name: str
    headcount: int
    demand_id: str
    skills: str


@dataclass(frozen=True)
class Part:
    """A part of the content. hours: class hours; kind: as of sessions."""

    title: str
    hours: int
    kind: str


@dataclass(frozen=True)
class SkillStandard:
    """The skill standard that is trained and tested by, by its edition. illustrative: not checked against one
    that is published.
    """

    name: str
    edition: str
    illustrative: bool


@dataclass(frozen=True)
class Card:
    """What is published of a project beside its plan. assessment: a code of ASSESSMENT_KINDS."""

    posts: tuple[Post, ...]
    skills: str | None
    content: tuple[Part, ...]
    assessment: str | None
    skill_standard: SkillStandard | None
    services: str | None


def check(card: Card, hours: int, demands: Sequence[Demand]) -> None:
    """Check a card against the plan and the demands.

    hours: of the plan. Raises Refusal `catalogue.card_hours` (the content's hours are not the plan's),
    `catalogue.post_demand` (a post names no firm's demand of the project), `catalogue.post_headcount`
    (posts of a demand are more than it asks for).
    """
    total = sum(part.hours for part in card.content)
    if card.content and total != hours:
        raise Refusal("catalogue.card_hours", field="content", content=total, hours=hours)
    firms = {demand.id: demand.headcount for demand in demands if demand.kind == "enterprise"}
    asked: dict[str, int] = {}
    for place, post in enumerate(card.posts):
        if post.demand_id not in firms:
            raise Refusal("catalogue.post_demand", field=f"posts.{place}.demand_id", demand_id=post.demand_id)
        asked[post.demand_id] = asked.get(post.demand_id, 0) + post.headcount
        if asked[post.demand_id] > firms[post.demand_id]:
            raise Refusal(
                "catalogue.post_headcount",
                field=f"posts.{place}.headcount",
                headcount=asked[post.demand_id],
                asked=firms[post.demand_id],
            )


def missing(card: Card | None, firms: int) -> list[str]:
    """Return what of 37 §1 and §5 a card does not say yet (codes of MISSING). firms: demands of firms."""
    if card is None:
        return [name for name in MISSING if name != "content_common" and (name != "posts" or firms)]
    found = [name for name in ("skills", "content", "assessment", "services") if not getattr(card, name)]
    if firms and not card.posts:
        found.append("posts")
    kinds = {part.kind for part in card.content}
    if card.content and not kinds.issuperset(NEEDED_CONTENT):
        found.append("content_common")
    return sorted(found)


def told_card(card: Card) -> dict[str, Any]:
    """Return a card as facts and documents have it."""
    plain = asdict(card)
    return {**plain, "posts": list(plain["posts"]), "content": list(plain["content"])}


def card_of(told: Mapping[str, Any]) -> Card:
    """Return the card in a request or a document."""
    standard = told["skill_standard"]
    return Card(
        posts=tuple(Post(**each) for each in told["posts"]),
        skills=told["skills"],
        content=tuple(Part(**each) for each in told["content"]),
        assessment=told["assessment"],
        skill_standard=SkillStandard(**standard) if standard else None,
        services=told["services"],
    )
