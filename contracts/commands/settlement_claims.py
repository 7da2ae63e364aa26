"""What a claimant says (补贴申请): a kind of claim, what it is about, and the claimant's own list, if any."""

from collections.abc import Mapping
from typing import Final

from marshmallow import ValidationError, fields, validates_schema

from contracts.fields import Contract, Day, Fen, LongText, Month, Ref, listed, one_of
from contracts.vocabularies import statuses
from contracts.vocabularies.money import FUNDS

MOST_LINES: Final = 2000
_CLASS: Final = frozenset({"project_id", "class_id"})
# what each kind of claim is about; anything else is refused by name
SUBJECTS: Final[Mapping[str, frozenset[str]]] = {
    "project_advance": frozenset({"project_id"}),
    "project_balance": frozenset({"project_id"}),
    "living_cost": _CLASS,
    "transport": _CLASS,
    "class_training": _CLASS,
    "employment_uplift": _CLASS,
    "person_training": _CLASS,
    "certificate_batch": frozenset({"certificates"}),
    "wage_month": frozenset({"month", "payroll"}),
    "oriented_training": _CLASS,
}
_SCHOOLS_CLAIM: Final = frozenset({"class_training", "oriented_training"})
_ABOUT: Final = sorted(frozenset[str]().union(*SUBJECTS.values()))


class PayrollLine(Contract):
    """One line of a payroll (工资发放表): who, how much (fen), paid on which day."""

    person_ref = Ref(required=True)
    wage_fen = Fen(required=True)
    paid_on = Day(required=True)


class SubmitClaimRequest(Contract):
    """A claim. Projects are claimed as a whole; classes by project and class; an assessor lists certificate
    numbers; an enterprise gives the month and its payroll. as_school: a school collects the training subsidy
    on its learners' behalf (院校代领), with training plan, sign-in sheets and videos attached [107 §2].
    """

    kind = one_of(statuses.CLAIM_KINDS, required=True)
    project_id = Ref(load_default=None, allow_none=True)
    class_id = Ref(load_default=None, allow_none=True)
    certificates = listed(Ref(), low=1, high=MOST_LINES, load_default=None, allow_none=True)
    month = Month(load_default=None, allow_none=True)
    payroll = listed(fields.Nested(PayrollLine), low=1, high=MOST_LINES, load_default=None, allow_none=True)
    as_school = fields.Boolean(load_default=False)
    fund = one_of(FUNDS.codes, load_default="employment_subsidy")
    reason = LongText(load_default="申请补贴")

    @validates_schema
    def about_its_subject(self, data: dict[str, object], **_: object) -> None:
        """Refuse a claim without what its kind is about, or with what it is not."""
        needed = SUBJECTS[str(data["kind"])]
        wrong = [name for name in _ABOUT if (data.get(name) is not None) != (name in needed)]
        if wrong:
            raise ValidationError(
                {
                    name: "此类申请须填写 / needed for this kind of claim"
                    if name in needed
                    else "此类申请不填写 / not for this kind of claim"
                    for name in wrong
                }
            )
        if data.get("as_school") and data["kind"] not in _SCHOOLS_CLAIM:
            raise ValidationError("仅培训补贴可由院校代领 / for a class's training only", "as_school")


class ResubmitClaimRequest(Contract):
    """The claim again, with the facts of now; a list or payroll given here replaces the last one."""

    claim_id = Ref(required=True)
    reason = LongText(required=True)
    certificates = listed(Ref(), low=1, high=MOST_LINES, load_default=None, allow_none=True)
    payroll = listed(fields.Nested(PayrollLine), low=1, high=MOST_LINES, load_default=None, allow_none=True)
