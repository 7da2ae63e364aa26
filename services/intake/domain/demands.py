"""A training demand (需求单): submitted → verified | returned → listed → met | lapsed | withdrawn.

What it says is in content.py, how doubles are dealt with in duplicates.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.intake.domain.content import Contact, Proof, Wish
from services.intake.domain.facts import Fact, require
from services.intake.domain.terms import Terms

OPEN: Final = ("submitted", "verified", "listed")
CHANGEABLE: Final = ("submitted", "verified", "returned")
DUPLICATE: Final = (
    "本人同一职业同一等级已有在办需求单 / this person has an open demand of the same occupation and level"
)
LAPSED: Final = "期望开始日期后逾期未安排 / nobody served it in time after its wanted start"


@dataclass(frozen=True)
class Demand:
    """A demand.

    poster_ref: whose it is; posted_by_ref, mandate, mandate_id: the agency that entered it, and on what
    ground; agent_active: whether that agency still acts in it. lapses_on: the last day on which it stands;
    warns_on: when its poster is told so; warned: that this was done. suspected_of: an open demand that it
    may double.
    """

    id: str
    status: str
    wish: Wish
    poster_ref: str
    posted_at: datetime
    posted_by_ref: str | None = None
    mandate: str | None = None
    mandate_id: str | None = None
    agent_active: bool = True
    project_id: str | None = None
    duplicate_of: str | None = None
    suspected_of: str | None = None
    suspect_ground: str | None = None
    told_apart: tuple[str, ...] = ()
    merged_into: str | None = None
    merged_ids: tuple[str, ...] = ()
    reason: str | None = None
    lapses_on: date | None = None
    warns_on: date | None = None
    warned: bool = False
    proof: Proof | None = None
    contact: Contact | None = None

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

    @property
    def alike_key(self) -> str:
        """What open demands share that an officer should compare: a person's of one occupation, a firm's of
        one occupation and level.
        """
        level = "" if self.wish.kind == "worker" else f":{self.wish.level}"
        return f"alike:{self.poster_ref}:{self.wish.occupation}{level}"


Decision = tuple[Demand, list[Fact]]


def fact(demand: Demand, verb: str, **told: Any) -> Fact:
    """Return a fact that says whose demand it is and of what."""
    about = {
        "poster_ref": demand.poster_ref,
        "posted_by_ref": demand.posted_by_ref if demand.agent_active else None,
        "occupation": demand.wish.occupation,
        "level": demand.wish.level,
    }
    return f"intake.demand.{verb}", {**about, **told}


def post(
    demand: Demand, earlier_id: str | None, poster_checked_at: datetime | None, terms: Terms
) -> Decision:
    """Take in a new demand (→ submitted, → verified when the poster's check stands, → returned when doubled).

    earlier_id: the open demand with the same unique key, if there is one: the new one is kept, marked and
    told of, never dropped. Raises Refusal `intake.wanted_from`.
    """
    _check_wanted_from(demand.wish.wanted_from, demand.posted_at, terms)
    dated = _dated(demand, terms)
    told: list[Fact] = [("intake.demand.posted", posted_data(dated))]
    return _await_check(dated, earlier_id, poster_checked_at, told)


def change(
    demand: Demand,
    wish: Wish,
    now: datetime,
    earlier_id: str | None,
    poster_checked_at: datetime | None,
    terms: Terms,
    also: Sequence[str] = (),
) -> Decision:
    """Take in what the poster wants from now on (submitted, verified, returned → as a new one).

    earlier_id: another open demand with the key that it now has; also: what else was changed (proof,
    contact). Raises Refusal `intake.demand_listed`, `intake.nothing_changed`, `intake.kind_fixed`,
    `intake.wanted_from`, `out_of_order`.
    """
    if demand.status == "listed":
        raise Refusal("intake.demand_listed")
    require(demand.status, CHANGEABLE, "change")
    if wish.kind != demand.wish.kind:
        raise Refusal("intake.kind_fixed", field="kind")
    changed = [*wish.differences(demand.wish), *also]
    if not changed and demand.status != "returned":
        raise Refusal("intake.nothing_changed")
    if "wanted_from" in changed or demand.status == "returned":
        _check_wanted_from(wish.wanted_from, now, terms)
    again = _dated(
        replace(demand, status="submitted", wish=wish, reason=None, duplicate_of=None, warned=False), terms
    )
    told: list[Fact] = [("intake.demand.changed", {**posted_data(again), "changed": changed or ["status"]})]
    return _await_check(again, earlier_id, poster_checked_at, told)


def verify(demand: Demand, checked_at: datetime) -> Decision:
    """The poster's registry check has passed (submitted → verified)."""
    if demand.status != "submitted":
        return demand, []
    return replace(demand, status="verified"), [fact(demand, "verified", checked_at=checked_at)]


def send_back(demand: Demand, reason: str) -> Decision:
    """Return a demand to its poster (submitted → returned)."""
    if demand.status != "submitted":
        return demand, []
    return _returned(demand, reason)


def send_back_by_officer(demand: Demand, reason: str) -> Decision:
    """An officer returns a demand to its poster (submitted, verified → returned). Raises `out_of_order`."""
    require(demand.status, ("submitted", "verified"), "return")
    return _returned(demand, reason)


def doubt(demand: Demand, reason: str) -> Decision:
    """The registries, asked again, confirm its poster no more (submitted, verified → returned)."""
    if demand.status not in ("submitted", "verified"):
        return demand, []
    return _returned(demand, reason)


def list_in(demand: Demand, project_id: str) -> Decision:
    """A project took it in (verified → listed). From listed too: news of two projects may come crossed."""
    if demand.status not in ("verified", "listed") or demand.project_id == project_id:
        return demand, []
    listed = replace(demand, status="listed", project_id=project_id)
    return listed, [fact(demand, "listed", project_id=project_id)]


def set_free(demand: Demand, project_id: str, now: datetime) -> Decision:
    """The project that took it in was withdrawn (listed → verified)."""
    if demand.status != "listed" or demand.project_id != project_id:
        return demand, []
    free = replace(demand, status="verified", project_id=None)
    return free, [fact(demand, "verified", checked_at=now)]


def meet(demand: Demand, project_id: str) -> Decision:
    """The project that took it in was closed (listed → met)."""
    if demand.status != "listed" or demand.project_id != project_id:
        return demand, []
    return replace(demand, status="met"), [fact(demand, "met", project_id=project_id)]


def withdraw(demand: Demand, reason: str) -> Decision:
    """The poster gives it up (submitted, verified, listed → withdrawn). Raises Refusal `out_of_order`."""
    require(demand.status, OPEN, "withdraw")
    return replace(demand, status="withdrawn", reason=reason), [fact(demand, "withdrawn", reason=reason)]


def lapse(demand: Demand, now: datetime) -> Decision:
    """A demand that nobody served in time after its wanted start ends (submitted, verified → lapsed)."""
    if not _waits_past(demand, demand.lapses_on, now):
        return demand, []
    return replace(demand, status="lapsed", reason=LAPSED), [fact(demand, "lapsed", reason=LAPSED)]


def warn(demand: Demand, now: datetime) -> Decision:
    """Its poster is told once that it will lapse, while there is time to say that it still stands."""
    if demand.warned or demand.warns_on is None or demand.lapses_on is None:
        return demand, []
    today = today_in_shanghai(now)
    if demand.status not in ("submitted", "verified") or not demand.warns_on <= today <= demand.lapses_on:
        return demand, []
    return replace(demand, warned=True), [fact(demand, "lapsing", lapses_on=demand.lapses_on)]


def decide_proof(demand: Demand, accepted: bool, reason: str | None) -> Decision:
    """An officer says whether the proof shows what it should.

    Raises Refusal `intake.no_proof`, `invalid` for a refusal without a reason.
    """
    if demand.proof is None or demand.wish.group is None:
        raise Refusal("intake.no_proof")
    if not accepted and reason is None:
        raise Refusal("invalid", field="reason", reason="不予认可须说明理由 / say why it is not accepted")
    proof = replace(demand.proof, state="accepted" if accepted else "refused", reason=reason)
    told = fact(demand, "proof_decided", group=demand.wish.group, accepted=accepted, reason=reason)
    return replace(demand, proof=proof), [told]


def end_agency(demand: Demand) -> Demand:
    """The mandate under which it was entered has ended: the agency acts in it no more."""
    return replace(demand, agent_active=False)


def posted_data(demand: Demand) -> dict[str, object]:
    """Return what `posted` tells of a demand."""
    wish = demand.wish
    names = ("kind", "region", "occupation", "level", "headcount", "mode", "group", "wanted_from")
    told = {name: getattr(wish, name) for name in names}
    return {**told, "poster_ref": demand.poster_ref, "posted_by_ref": demand.posted_by_ref}


def _await_check(
    demand: Demand, earlier_id: str | None, poster_checked_at: datetime | None, told: list[Fact]
) -> Decision:
    if earlier_id is not None:
        returned, facts = send_back(replace(demand, duplicate_of=earlier_id), DUPLICATE)
        return returned, told + facts
    if poster_checked_at is not None:
        verified, facts = verify(demand, poster_checked_at)
        return verified, told + facts
    return demand, told


def _returned(demand: Demand, reason: str) -> Decision:
    told = fact(demand, "returned", reason=reason, duplicate_of=demand.duplicate_of)
    return replace(demand, status="returned", reason=reason), [told]


def _dated(demand: Demand, terms: Terms) -> Demand:
    wanted = demand.wish.wanted_from
    return replace(demand, lapses_on=terms.lapses_on(wanted), warns_on=terms.warns_on(wanted))


def _waits_past(demand: Demand, last: date | None, now: datetime) -> bool:
    waits = demand.status in ("submitted", "verified")
    return waits and last is not None and last < today_in_shanghai(now)


def _check_wanted_from(wanted: date, now: datetime, terms: Terms) -> None:
    first = today_in_shanghai(now)
    last = terms.last_wanted(first)
    if not first <= wanted <= last:
        raise Refusal(
            "intake.wanted_from", field="wanted_from", first=first.isoformat(), last=last.isoformat()
        )
