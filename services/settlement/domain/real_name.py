"""What a person's real-name record lacks (实名制, 凡补必进、不进不补; S20: 37 §14, 107 §2, 600 §7).

A claim pays for nobody whose record is not complete; here an officer is told what is missing, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabularies.statuses import REAL_NAME_GAPS

ENGLISH: Final[Mapping[str, str]] = {
    "not_registered": "the person is not registered",
    "forgotten": "the record was deleted at the person's wish",
    "not_verified": "the registries have not answered yet",
    "refused": "the registries do not know number and name so",
    "not_alive": "the registries know of a death",
    "pension_unknown": "pension entitlement is not known",
    "no_group": "no group is given",
    "not_on_roster": "not on the filed roster or verified payroll",
}
assert ENGLISH.keys() == REAL_NAME_GAPS.keys()  # noqa: S101


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, by its code and in both languages."""

    code: str

    @property
    def zh(self) -> str:
        """In Chinese."""
        return REAL_NAME_GAPS[self.code]

    @property
    def en(self) -> str:
        """In English."""
        return ENGLISH[self.code]


def gaps(told: Mapping[str, Any] | None, *, on_roster: bool = True) -> list[Gap]:
    """Return what a record lacks. told: what other services said of the person.

    Whether a bank account was given intake alone knows; it says so when a payment is made.
    """
    if told is None or "region" not in told:
        codes = ["not_registered"]
    elif told.get("forgotten"):
        codes = ["forgotten"]
    else:
        codes = [*_of_check(told), *([] if told.get("groups") else ["no_group"])]
    return [Gap(code) for code in (codes if on_roster else [*codes, "not_on_roster"])]


def _of_check(told: Mapping[str, Any]) -> list[str]:
    if told.get("alive") is False:
        return ["not_alive"]
    if not told.get("verified"):
        # no answer is not a no
        return ["refused" if told.get("verified") is False else "not_verified"]
    return ["pension_unknown"] if told.get("draws_pension") is None else []
