"""Classes (班次) as selection sees them, and whether the times of two of them overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class TrainingClass:
    """What a choice needs to know of a confirmed class.

    spans: start and end of each session, aware UTC; roster: the persons on it, once it is filed.
    """

    id: str
    project_id: str
    provider_ref: str
    name: str
    occupation: str
    level: str
    mode: str
    region: str
    capacity: int
    enrol_until: datetime
    spans: tuple[Span, ...]
    roster: tuple[str, ...] | None = None

    @property
    def starts(self) -> datetime:
        """The begin of the first session."""
        return min(start for start, _ in self.spans)

    @property
    def ends(self) -> datetime:
        """The end of the last session."""
        return max(end for _, end in self.spans)


def overlap(one: Iterable[Span], other: Iterable[Span]) -> datetime | None:
    """Return the first moment at which both have a session, or None. A session may begin as another ends."""
    clashes = [
        max(start, start_2)
        for start, end in one
        for start_2, end_2 in other
        if start < end_2 and start_2 < end
    ]
    return min(clashes, default=None)
