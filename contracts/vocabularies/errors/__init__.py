"""Every refusal the platform can give: its code, HTTP status, and words in Chinese and English.

A refusal names what is wrong and the way out. Services add theirs in a module of their own beside this file.
"""

from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from contracts.vocabularies.errors.text import ErrorText

_MODULES: Final = (
    "common",
    "intake",
    "intake_imports",
    "intake_demands",
    "catalogue",
    "catalogue_editions",
    "catalogue_projects",
    "catalogue_pools",
    "selection",
    "selection_records",
    "acceptance",
    "acceptance_classes",
    "acceptance_attendance",
    "acceptance_bids",
    "acceptance_sourcing",
    "acceptance_follow_up",
    "acceptance_providers",
    "settlement",
    "settlement_claims",
    "settlement_bank",
    "settlement_books",
    "settlement_checks",
    "settlement_files",
    "settlement_estimates",
    "settlement_review",
    "settlement_suspense",
    "settlement_recovery",
    "gateway",
    "gateway_sheets",
    "gateway_imports",
)


def _collect() -> dict[str, ErrorText]:
    catalogue: dict[str, ErrorText] = {}
    for name in _MODULES:
        for code, text in import_module(f"{__name__}.{name}").ERRORS.items():
            if code in catalogue:
                raise ValueError(f"error code {code!r} is declared twice")
            catalogue[code] = text
    return catalogue


class Refusal(Exception):
    """A typed refusal: nothing was changed, and the caller is told why.

    code: a code of CATALOGUE; field: dotted path of the field at fault, if one is;
    facts: values the words mention (never personal data).
    Raises KeyError when the code is not in the catalogue.
    """

    def __init__(self, code: str, field: str | None = None, **facts: Any) -> None:
        text = CATALOGUE[code]
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts
        self.status = text.status

    def as_dict(self) -> dict[str, Any]:
        """Return the form that crosses a process boundary."""
        return {"code": self.code, "field": self.field, "facts": self.facts}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Refusal":
        """Rebuild a refusal from as_dict()."""
        return cls(data["code"], data.get("field"), **data.get("facts", {}))

    def __str__(self) -> str:
        where = f" at {self.field}" if self.field else ""
        return f"{self.code}{where}: {CATALOGUE[self.code].say('en', self.facts)}"


CATALOGUE: Final = MappingProxyType(_collect())

__all__ = ["CATALOGUE", "ErrorText", "Refusal"]
