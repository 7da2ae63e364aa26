"""Bodies as directories list them: name, code and place by intake, their admission by acceptance."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Body:
    """kind, name, region: as told last; verified: its registration was found in order.

    admitted: on the register of training bodies; entered and left: why it is, or is no more.
    """

    id: str
    kind: str
    name: str
    region: str
    credit_code: str | None = None
    verified: bool = False
    admitted: bool = False
    occupations: tuple[str, ...] = ()
    grade: str | None = None
    entered: str | None = None
    left: str | None = None


def provider_item(body: Body) -> dict[str, Any]:
    """Return its line in the provider catalogue."""
    return body_item(body) | {"grade": body.grade, "occupations": list(body.occupations)}


def body_item(body: Body) -> dict[str, Any]:
    """Return its line in the directory of training and assessment bodies."""
    return {
        "code": body.id, "name": body.name, "region": body.region, "body_kind": body.kind,
        "credit_code": body.credit_code,
    }  # fmt: skip


def listed(body: Body, kind: str) -> bool:
    """Whether a directory lists it: those admitted, in that of all bodies verified assessors too."""
    return body.admitted or (kind == "bodies" and body.kind == "assessor" and body.verified)
