"""What selection holds on a person, told to that person, and what goes when the person is forgotten."""

from collections.abc import Sequence
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from services.chassis.personal import Section
from services.selection.choices import FORGOTTEN
from services.selection.records import issuing, rows

# what is deleted with the person; enrolments and vouchers stay under the opaque reference
_DELETED: Final = ("record_entries", "corrections", "practices", "consents", "recognitions")
_RECORD: Final = "电子档案，本人查询与授权；注销即删 / the learner record, deleted with the registration"
_LOG: Final = "查阅留痕；保存期限见删除说明 / who read the record, kept as the deletion statement says"
_PLACES: Final = "选班用券；注销后只留无名编号 / places and vouchers, under an opaque number after a deletion"


def forget(unit: Any, person_ref: str) -> None:
    """Delete the record and all that was made of it; credentials are revoked and stay so."""
    issuing.revoke_all(unit, person_ref, FORGOTTEN)
    for name in _DELETED:
        for doc in unit.find(name, {"person_ref": person_ref}, [("_id", 1)]):
            unit.delete(name, doc["_id"])
            if name == "corrections" and doc["status"] == "open":
                unit.delete("open_corrections", doc["entry_id"])
    if unit.get("three_ones", person_ref):
        unit.delete("three_ones", person_ref)


def sections(reader: Any) -> Sequence[Section]:
    """Return what selection holds on the person who asks."""
    ref = reader.actor.person_ref
    if not ref:
        raise Refusal("selection.person_unknown")
    mine = {"person_ref": ref}
    return (
        Section("profile", "选班资格信息", _PLACES, "people", {"_id": ref}),
        Section("enrolments", "选班记录", _PLACES, "enrolments", mine),
        Section("vouchers", "培训券", _PLACES, "vouchers", mine),
        Section("record", "电子档案", _RECORD, rows.COLLECTIONS[rows.Entry], mine),
        Section("corrections", "更正申请", _RECORD, "corrections", mine, {"answered_by"}),
        Section("practices", "实训申报", _RECORD, "practices", mine, {"decided_by"}),
        Section("consents", "授权", _RECORD, "consents", mine),
        Section("credentials", "凭证", _RECORD, "credentials", mine),
        Section("recognitions", "学分认定", _RECORD, "recognitions", mine),
        Section("readings", "查阅记录", _LOG, "readings", mine, {"account"}),
        Section("three_ones", "三个一", _RECORD, "three_ones", {"_id": ref}),
    )
