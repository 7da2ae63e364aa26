"""A training demand (需求单): submitted → verified | returned → listed → met | lapsed | withdrawn."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.intake.domain.facts import Fact, require

OPEN: Final = ("submitted", "verified", "listed")
# Parameters of ours; the documents name no limits.
WANTED_WITHIN: Final = timedelta(days=730)
LAPSES_AFTER: Final = timedelta(days=365)
DUPLICATE: Final = (
    "本人同一职业同一等级已有在办需求单 / this person has an open demand of the same occupation and level"
)
LAPSED: Final = "期望开始日期已过一年 / a year has passed since the wanted start"


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    headcount: people; hours: class hours; wages: fen a month; share_percent: the firm's part.
    """

    kind: str
    region: str
    occupation: str
    level: str
    mode: str
    wanted_from: date
    headcount: int = 1
    hours: int | None = None
    group: str | None = None
    skills: str | None = None
    wage_low_fen: int | None = None
    wage_high_fen: int | None = None
    training_kind: str | None = None
    share_percent: int | None = None


@dataclass(frozen=True)
class Demand:
    """A demand.

    poster_ref: whose it is; posted_by_ref and mandate: the agency that entered it, and on what ground.
    """

    id: str
    status: str
    wish: Wish
    poster_ref: str
    posted_at: datetime
    posted_by_ref: str | None = None
    mandate: str | None = None
    project_id: str | None = None
    duplicate_of: str | None = None
    reason: str | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits for training or is being served."""
        return self.status in OPEN

    @property
    def unique_key(self) -> str | None:
        """What one person may have open once: person, occupation, level.

        None for firms, which may ask again.
        """
        if self.wish.kind != "worker":
            return None
        return f"{self.poster_ref}:{self.wish.occupation}:{self.wish.level}"


Decision = tuple[Demand, list[Fact]]


def post(demand: Demand, earlier_id: str | None, poster_checked_at: datetime | None) -> Decision:
    """Take in a new demand (→ submitted, → verified when the poster's check stands, → returned when doubled).

    earlier_id: the open demand with the same unique key, if there is one: the new one is kept, marked and
    told
    of, never dropped. Raises Refusal `intake.wanted_from`.
    """
    _check_wanted_from(demand.wish.wanted_from, demand.posted_at)
    told = [("intake.demand.posted", _posted(demand))]
    if earlier_id is not None:
        doubled = replace(demand, duplicate_of=earlier_id)
        returned, facts = send_back(doubled, DUPLICATE)
        return returned, told + facts
    if poster_checked_at is not None:
        verified, facts = verify(demand, poster_checked_at)
        return verified, told + facts
    return demand, told


def verify(demand: Demand, checked_at: datetime) -> Decision:
    """The poster's registry check has passed (submitted → verified)."""
    if demand.status != "submitted":
        return demand, []
    return replace(demand, status="verified"), [("intake.demand.verified", {"checked_at": checked_at})]


def send_back(demand: Demand, reason: str) -> Decision:
    """Return a demand to its poster (submitted → returned)."""
    if demand.status != "submitted":
        return demand, []
    told = {"reason": reason, "duplicate_of": demand.duplicate_of}
    return replace(demand, status="returned", reason=reason), [("intake.demand.returned", told)]


def list_in(demand: Demand, project_id: str) -> Decision:
    """A project took it in (verified → listed). From listed too: news of two projects may come crossed."""
    if demand.status not in ("verified", "listed") or demand.project_id == project_id:
        return demand, []
    listed = replace(demand, status="listed", project_id=project_id)
    return listed, [("intake.demand.listed", {"project_id": project_id})]


def set_free(demand: Demand, project_id: str, now: datetime) -> Decision:
    """The project that took it in was withdrawn (listed → verified)."""
    if demand.status != "listed" or demand.project_id != project_id:
        return demand, []
    free = replace(demand, status="verified", project_id=None)
    return free, [("intake.demand.verified", {"checked_at": now})]


def meet(demand: Demand, project_id: str) -> Decision:
    """The project that took it in was closed (listed → met)."""
    if demand.status != "listed" or demand.project_id != project_id:
        return demand, []
    return replace(demand, status="met"), [("intake.demand.met", {"project_id": project_id})]


def withdraw(demand: Demand, reason: str) -> Decision:
    """The poster gives it up (submitted, verified, listed → withdrawn). Raises Refusal `out_of_order`."""
    require(demand.status, OPEN, "withdraw")
    return replace(demand, status="withdrawn", reason=reason), [
        ("intake.demand.withdrawn", {"reason": reason})
    ]


def lapse(demand: Demand, now: datetime) -> Decision:
    """A demand that nobody served within a year of its wanted start ends (submitted, verified → lapsed)."""
    due = demand.wish.wanted_from + LAPSES_AFTER < today_in_shanghai(now)
    if demand.status not in ("submitted", "verified") or not due:
        return demand, []
    return replace(demand, status="lapsed", reason=LAPSED), [("intake.demand.lapsed", {"reason": LAPSED})]


def _check_wanted_from(wanted: date, now: datetime) -> None:
    first = today_in_shanghai(now)
    last = first + WANTED_WITHIN
    if not first <= wanted <= last:
        raise Refusal(
            "intake.wanted_from", field="wanted_from", first=first.isoformat(), last=last.isoformat()
        )


def _posted(demand: Demand) -> dict[str, object]:
    wish = demand.wish
    names = ("kind", "region", "occupation", "level", "headcount", "mode", "group", "wanted_from")
    told = {name: getattr(wish, name) for name in names}
    return {**told, "poster_ref": demand.poster_ref, "posted_by_ref": demand.posted_by_ref}
