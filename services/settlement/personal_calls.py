"""What settlement holds on a person, told to the person."""

from typing import Any, Final

from contracts.commands import settlement_personal as c
from contracts.vocabularies.errors import Refusal
from services.chassis.personal import Section
from services.chassis.service import Reader, Service, query

_WHY: Final = "补贴审核、支付与会计档案 / review and payment of subsidies, and their accounts"
# what others did in the review, and what only the books need
_INNER: Final = ("steps", "rules_hash", "open_objections", "corrected_by", "batch_id", "account_changes")


class PersonalCalls(Service):
    """A person's right to a copy."""

    @query(c.EXPORT_PERSON)
    def export_person(self, reader: Reader, body: Any) -> dict[str, Any]:
        """Tell the person all that settlement holds on them. Claims of bodies stay theirs."""
        ref = reader.actor.person_ref
        if not ref:
            raise Refusal("not_found", what="persons/me")
        sections = (
            Section("profile", "补贴资格信息", _WHY, "people", {"_id": ref}),
            Section("claims", "本人补贴申请", _WHY, "claims", {"claimant_ref": ref}, _INNER),
            Section("payments", "支付", _WHY, "payments", {"payee_ref": ref}, _INNER),
            Section("recoveries", "追回", _WHY, "recoveries", {"payee_ref": ref}, ("by", "ordered_by")),
            Section("employments", "就业核实", _WHY, "employments", {"person_ref": ref}),
        )
        return {"service": "settlement", "sections": [each.told(reader) for each in sections]}
