"""What the steps share: the cast, the officers, business time, what came of each step."""

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from contracts.vocabularies.dates import SHANGHAI, today_in_shanghai
from infra.demo import cast as casting
from infra.demo.cast import Body, Cast, Worker
from infra.demo.client import Client, Refused, until
from infra.demo.figures import Learner, Table
from infra.demo.officers import administrator, ensure_officers
from infra.demo.outside import Outside
from infra.errors import Trouble

_NEEDED: Final = (
    "WUDAN_STANDIN_URL",
    "WUDAN_ADMIN_PASSWORD",
    "WUDAN_STANDIN_ADMIN_TOKEN",
    "WUDAN_BANK_TOKEN",
)
T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """How to run. url: the gateway's; patience: seconds that a step may take; map_seconds: until a class is
    on the map.
    """

    url: str
    seed: int | None
    patience: float
    map_seconds: float


class Clock:
    """Business time, moved forward by the administrator."""

    def __init__(self, admin: Client) -> None:
        self._admin = admin

    def now(self) -> datetime:
        """Return business time."""
        return datetime.fromisoformat(self._admin.get("/demonstration/clock")["moment"])

    def today(self) -> date:
        """Return the day in Asia/Shanghai."""
        return today_in_shanghai(self.now())

    def to(self, moment: datetime) -> None:
        """Move to a moment; nothing happens when it is past already."""
        while self.now() < moment:
            try:
                self._admin.post("/demonstration/clock", {"moment": iso(moment)})
            except Refused as refused:
                if refused.code != "clock.backwards":
                    raise


@dataclass
class Trained:
    """One of the two classes. roster: in order of arrival; learners: what becomes of each."""

    number: int
    id: str
    doc: dict[str, Any]
    roster: list[Worker] = field(default_factory=list)
    learners: list[Learner] = field(default_factory=list)


@dataclass
class Story:
    """One run."""

    options: Options
    nobody: Client
    officers: Mapping[str, Client]
    outside: Outside
    clock: Clock
    cast: Cast
    figures: Table = field(default_factory=Table)
    demand_ids: list[str] = field(default_factory=list)
    project_id: str = ""
    sourcing_id: str = ""
    winner: Body = field(default=None)  # type: ignore[assignment]
    classes: list[Trained] = field(default_factory=list)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    since: date = date.min

    def officer(self, username: str) -> Client:
        """Return an officer's client by the end of the user name."""
        return self.officers[f"demo.{username}"]

    @property
    def learners(self) -> list[Learner]:
        """Everybody on a roster."""
        return [learner for each in self.classes for learner in each.learners]

    def until(self, what: str, read: Callable[[], T], true: Callable[[T], bool]) -> T:
        """Wait for something within the patience of the run."""
        return until(what, read, true, self.options.patience)


def begin(options: Options, environ: Mapping[str, str] = os.environ) -> Story:
    """Sign the officers in and make up a cast. Raises Trouble when something is not set or not there."""
    missing = [name for name in _NEEDED if not environ.get(name)]
    if missing:
        raise Trouble(f"{', '.join(missing)} is not set.", "Run it with: make demo")
    password = environ["WUDAN_ADMIN_PASSWORD"]
    nobody = Client(f"{options.url}/v1", options.patience)
    admin = administrator(nobody, password)
    officers = ensure_officers(nobody, admin, password)
    outside = Outside(
        environ["WUDAN_STANDIN_URL"],
        environ["WUDAN_STANDIN_ADMIN_TOKEN"],
        environ["WUDAN_BANK_TOKEN"],
        options.patience,
    )
    chance = random.Random(secrets.randbits(64) if options.seed is None else options.seed)  # noqa: S311
    clock = Clock(admin)
    return Story(options, nobody, officers, outside, clock, casting.make(chance), since=clock.today())


def sign_up(nobody: Client, username: str, role: str) -> Client:
    """Make an account of one's own and sign in."""
    password = secrets.token_urlsafe(12)
    own = Client(nobody.base, nobody.patience)
    own.post("/accounts", {"username": username, "password": password, "role": role})
    return own.signed_in(username, password)


def iso(moment: datetime) -> str:
    """Return a moment as the API takes it, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an hour of a day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def later(day: date, days: int) -> date:
    """Return the day some days later."""
    return day + timedelta(days=days)


def measured(began: float) -> float:
    """Return the seconds since a reading of time.monotonic()."""
    return time.monotonic() - began
