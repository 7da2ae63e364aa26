"""What a demand says: the wish itself, and what is kept sealed with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from services.intake.domain.persons import NOTHING


@dataclass(frozen=True)
class Post:
    """A post (岗位) that a firm wants people trained for; wages: fen a month."""

    title: str
    headcount: int
    skills: str | None = None
    wage_low_fen: int | None = None
    wage_high_fen: int | None = None


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    headcount: people; hours: class hours; wages: fen a month; share_percent: the firm's part; place: where;
    study_times: when there is time for it.
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
    posts: tuple[Post, ...] = ()
    study_times: tuple[str, ...] = ()
    place: str | None = None

    def differences(self, other: "Wish") -> list[str]:
        """Return the names of what differs."""
        return [each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name)]


@dataclass(frozen=True)
class Proof:
    """What shows that a worker is of the target group. sealed: its number; state: what an officer found."""

    kind: str
    number_tail: str
    issued_by: str | None = None
    issued_on: date | None = None
    state: str = "given"
    reason: str | None = None
    sealed: Mapping[str, bytes] = field(default_factory=lambda: NOTHING, repr=False)


@dataclass(frozen=True)
class Contact:
    """Whom to ask about a demand. sealed: name, phone, hours."""

    sealed: Mapping[str, bytes] = field(default_factory=lambda: NOTHING, repr=False)
