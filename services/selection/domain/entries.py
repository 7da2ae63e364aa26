"""A person's record (电子档案): entries as they were told, and what was corrected in them [37 §12]."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from contracts.vocabularies.errors import Refusal

# what an officer of the source may put in the place of what was told, by kind of entry
CORRECTABLE: Final[Mapping[str, frozenset[str]]] = {
    "training": frozenset({"hours", "passed", "occupation", "level"}),
    "assessment": frozenset({"passed"}),
    "certificate": frozenset({"occupation", "level", "issued_on"}),
    "employment": frozenset({"since"}),
    "subsidy": frozenset(),
    "startup_training": frozenset(),
    "practice": frozenset(),
}
_LONGEST: Final = 80


@dataclass(frozen=True)
class Entry:
    """source: the service that told it; source_ref: of what; body_ref: the body it came from; at: when told.

    values: as told; corrected: what stands in their place; struck: it is not the person's.
    """

    id: str
    person_ref: str
    kind: str
    source: str
    source_ref: str
    body_ref: str | None
    region: str | None
    at: datetime
    values: Mapping[str, Any]
    corrected: Mapping[str, Any] = field(default_factory=dict)
    struck: bool = False

    @property
    def now(self) -> Mapping[str, Any]:
        """The values that hold now."""
        return {**self.values, **self.corrected}


def entry_id(kind: str, *parts: str) -> str:
    """Return the id of what a source told: the same fact told again is the same entry."""
    plain = ":".join((kind, *parts))
    if len(plain) <= _LONGEST and re.fullmatch(r"[A-Za-z0-9:_-]+", plain):
        return plain
    return f"{kind}:{hashlib.sha256(plain.encode()).hexdigest()[:48]}"


def told_again(known: Entry | None, told: Entry) -> Entry:
    """Return an entry with what was told of it now: values are added to, corrections stay."""
    if known is None:
        return told
    return replace(known, at=told.at, values={**known.values, **told.values})


def corrected(entry: Entry, values: Mapping[str, Any], strike: bool) -> Entry:
    """Return an entry with an officer's correction. Raises Refusal `selection.correction_field`."""
    for name in values:
        if name not in CORRECTABLE[entry.kind]:
            raise Refusal("selection.correction_field", f"values.{name}", kind=entry.kind, name=name)
    return replace(entry, corrected={**entry.corrected, **values}, struck=entry.struck or strike)
