"""What acceptance knows of others' things, kept by their events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from contracts.vocabularies.errors import Refusal

CONFIRMED_ENROLMENTS = frozenset({"confirmed", "attending"})
USABLE_VOUCHERS = frozenset({"bound", "in_use"})
# providers, and enterprises that train people themselves [600 §3; 37 §6, §9]
TRAINERS = frozenset({"provider", "enterprise"})


@dataclass(frozen=True)
class Project:
    """A project as the catalogue tells it. standard_fen: the rate for one person that it is listed at."""

    id: str
    name: str
    region: str
    occupation: str
    level: str
    mode: str
    seats: int
    hours: int
    status: str
    sourcing_way: str | None = None
    standard_fen: int = 0


@dataclass(frozen=True)
class Body:
    """A provider, assessor, enterprise or agency as intake tells it.

    scope, checked_at: what the enterprise registry last said, and when; None: not known here.
    """

    id: str
    kind: str
    name: str
    region: str
    status: str
    scope: str = ""
    checked_at: datetime | None = None

    def require(self, kinds: Collection[str]) -> None:
        """Raise Refusal `acceptance.body_unverified` unless this is a verified body of one of the kinds."""
        if self.kind not in kinds or self.status != "verified":
            raise Refusal("acceptance.body_unverified", status=self.status)


@dataclass(frozen=True)
class Enrolment:
    """A seat taken or waited for, as selection tells it."""

    id: str
    class_id: str
    person_ref: str
    status: str


@dataclass(frozen=True)
class Voucher:
    """A training voucher as selection tells it.

    device_key: of the device that signs in with it; device_changes: how often another one was bound.
    """

    id: str
    person_ref: str
    class_id: str | None
    status: str
    device_key: str | None = None
    device_changes: int = 0

    def serves(self, person_ref: str, class_id: str) -> bool:
        """Return whether this person may use it for this class."""
        return self.person_ref == person_ref and self.class_id == class_id and self.status in USABLE_VOUCHERS


@dataclass(frozen=True)
class Person:
    """What the registries said of a person, as intake tells it. draws_pension: None when it is not known."""

    id: str
    draws_pension: bool | None = None
