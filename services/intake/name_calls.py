"""Masked names for public notices."""

from typing import Any

from contracts.commands import intake_names as c
from contracts.vocabularies.identifiers import mask_name
from services.chassis.service import Reader, Service, query
from services.intake import registration
from services.intake.store import persons
from services.intake.store.vault import Forgotten, Vault, vault_of


class NameCalls(Service):
    """What others may show of a person's name."""

    @query(c.MASKED_NAMES)
    def masked_names(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Tell names masked; nothing is disclosed in clear."""
        vault = vault_of(self.settings)
        refs = dict.fromkeys(body["person_refs"])
        return {"items": [{"person_ref": ref, "name": _masked(reader, vault, ref)} for ref in refs]}


def _masked(reader: Reader, vault: Vault, ref: str) -> str | None:
    person = persons.load(reader, ref)
    if person is None or person.status == "forgotten":
        return None
    try:
        return mask_name(registration.name_of(vault, person))
    except Forgotten:
        return None
