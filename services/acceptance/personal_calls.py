"""What acceptance holds on a person, told to the person."""

from typing import Any, Final

from contracts.commands import acceptance_personal as c
from contracts.vocabularies.errors import Refusal
from services.chassis.personal import Section
from services.chassis.service import Reader, Service, query

_WHY: Final = "名册、签到、考核与就业跟踪 / rosters, sign-in, assessment, follow-up"
# of each class: what, its word, and who of others stands in it
_OF_CLASSES: Final = (
    ("enrolments", "班次", ()),
    ("vouchers", "班次所用培训券", ()),
    ("sign_ins", "签到记录", ("decided_by", "taken_by", "nonce")),
    ("sign_in_risks", "签到异常", ()),
    ("certificates", "证书", ()),
    ("visits", "回访", ("by",)),
    ("guidance", "职业指导与岗位推荐", ("by",)),
)


class PersonalCalls(Service):
    """A person's right to a copy."""

    @query(c.EXPORT_PERSON)
    def export_person(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Tell the person all that acceptance holds on them. Marks given to a class name nobody."""
        ref = reader.actor.person_ref
        if not ref:
            raise Refusal("not_found", what="persons/me")
        classes = [doc["class_id"] for doc in reader.find("enrolments", {"person_ref": ref})]
        of_classes = {"class_id": {"$in": sorted(set(classes))}}
        mine = {**of_classes, "person_ref": ref}
        found = [Section(name, word, _WHY, name, mine, hidden) for name, word, hidden in _OF_CLASSES]
        reported = {**of_classes, "report.person_ref": ref}
        found.append(
            Section("employments", "就业申报", _WHY, "employments", reported, ("decided_by", "reported_by"))
        )
        return {"service": "acceptance", "sections": [each.told(reader) for each in found]}
