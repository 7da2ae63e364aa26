"""A person's data told to the person, deleted at their wish, and what is kept apart of it."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.commands.intake_personal import IDENTITY
from contracts.personal import MOST
from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.personal import Section, plain_row
from services.chassis.unit import Unit
from services.intake import content, registration
from services.intake.domain import deletions as rules
from services.intake.domain.persons import Person
from services.intake.store import demands, kept, persons
from services.intake.store.vault import Forgotten, Vault
from services.policy.loader import rules_for

COPY: Final = "本人查阅、复制 / a copy for the person"
_AUDIT: Final = "补贴实名制审计 / audit of subsidies by real name"
_SEALED: Final = ("name", "id_number", "phone", "bank_account")
_WHY: Final = "办理培训、补贴与核查；注销时删除或封存 / training, subsidies, checks; then deleted"
_LOG: Final = "披露留痕 / whom your data were disclosed to"


def subject(reader: Reader, vault: Vault, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked for of a person in clear. Raises Refusal `not_found`."""
    person = persons.load(reader, body["person_ref"])
    if person is None or person.status == "forgotten":
        raise Refusal("not_found", what=f"persons/{body['person_ref']}")
    try:
        clear = vault.open(person.details.sealed, *body["fields_wanted"])
    except Forgotten:
        raise Refusal("not_found", what=f"persons/{body['person_ref']}") from None
    return {name: clear.get(name) for name in IDENTITY}


def effect(source: Unit | Reader, person: Person) -> dict[str, Any]:
    """Return what a deletion would do now."""
    years = _years(source, person)
    held = kept.held(source, person.id)
    listed = [demand.id for demand in demands.of_poster(source, person.id, "listed")]
    return {
        "asked_at": None,
        "done_at": None,
        "reason": None,
        "deleted": rules.deleted(),
        "kept": rules.kept(held, source.now, years),
        "hindrances": [{"code": "intake.demand_in_project", "demand_id": id} for id in listed],
    }


def delete(unit: Unit, vault: Vault, person: Person, reason: str) -> Person:
    """Delete a person; what must be kept is kept apart, and the statement says so.

    Raises Refusal `intake.demand_in_project`.
    """
    told = effect(unit, person)
    until = rules.identity_until(kept.held(unit, person.id), unit.now, _years(unit, person))
    if until is not None and person.details.sealed:
        kept.keep_apart(unit, vault, person, _AUDIT, until)
    forgotten = registration.forget_person(unit, person, reason)
    row = {**told, "asked_at": unit.now, "done_at": unit.now, "reason": reason, "person_ref": person.id}
    known = unit.get(kept.DELETIONS, unit.actor.account)
    if known is None:
        unit.insert(kept.DELETIONS, {"_id": unit.actor.account, **row})
    else:
        unit.save(kept.DELETIONS, {**known, **row})
    return forgotten


def kept_identity(reader: Reader, vault: Vault, person_ref: str) -> dict[str, Any]:
    """Return what was kept apart of a person, in clear. Raises Refusal `not_found`, `region.forbidden`."""
    row = kept.kept(reader, person_ref)
    if row is None:
        raise Refusal("not_found", what=f"kept-identities/{person_ref}")
    if reader.actor.region is not None:
        reader.actor.require_region(row["region"])
    clear = vault.open(row["sealed"], *IDENTITY)
    return {"person_ref": person_ref, "why": row["why"], "until": row["until"], **clear}


def export(reader: Reader, vault: Vault, person: Person) -> dict[str, Any]:
    """Return all that intake holds on a person, in clear."""
    clear = vault.open(person.details.sealed, *_SEALED)
    about = {"region": person.details.region, "groups": list(person.details.groups), "status": person.status}
    rest = {"draws_pension": person.draws_pension, "checked_at": person.checked_at, "reason": person.reason}
    mine = {"person_ref": person.id}
    identity = {
        "name": "identity",
        "zh": "身份信息",
        "why": _WHY,
        "items": [plain_row({"_id": person.id, **about, **rest, **clear})],
        "more": False,
    }
    found = (
        Section("demands", "培训需求", _WHY, "demands", {"poster_ref": person.id}),
        Section("mandates", "代办授权", _WHY, "mandates", {"principal_ref": person.id}),
        Section("employments", "就业核查", _WHY, "employments", mine),
        Section("certificates", "证书核查", _WHY, "certificates", mine),
        Section("registry_answers", "联网核查结果", _WHY, "registry_results", {"ref": person.id}),
        Section("disclosures", "披露记录", _LOG, persons.DISCLOSURES, {"payee_ref": person.id}),
    )
    sealed = [
        {"id": demand.id, **content.in_clear(vault, demand)}
        for demand in demands.private_of(reader, person.id)
    ]
    private = {
        "name": "demand_contacts",
        "zh": "需求联系方式与证明",
        "why": _WHY,
        "items": sealed[:MOST],
        "more": len(sealed) > MOST,
    }
    return {"service": "intake", "sections": [identity, private, *(each.told(reader) for each in found)]}


def _years(source: Unit | Reader, person: Person) -> Mapping[str, int]:
    found = rules_for(regions.province_of(person.details.region))
    values: Mapping[str, int] = found.one("personal_data_kept", today_in_shanghai(source.now)).values
    return values
