"""More facts of classes (班次): changed plans, the assessor appointed, online platforms."""

from marshmallow import fields

from contracts.events.acceptance import ClassFiled
from contracts.fields import Contract, Day, LongText, Moment, Name, Ref, RegionCode, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import ASSESSMENT_KINDS


class ClassChangeFiled(Contract):
    project_id = Ref(required=True)
    reason = LongText(required=True)


class ClassChanged(ClassFiled):
    """The whole class with its new plan, so that a follower needs no other fact."""

    reason = LongText(required=True)


class AssessorAppointed(Contract):
    """Who tests the class; examiners are told to nobody here."""

    project_id = Ref(required=True)
    assessor_ref = Ref(required=True)
    kind = one_of(ASSESSMENT_KINDS, required=True)
    held_on = Day(required=True)


class PlatformAdmitted(Contract):
    name = Name(required=True)
    region = RegionCode(required=True)
    admitted_at = Moment(required=True)


class PlatformEvaluated(Contract):
    passed = fields.Boolean(required=True)
    findings = LongText(required=True)


class PlatformRemoved(Contract):
    reason = LongText(required=True)


CLASS_CHANGE_FILED = event("acceptance.class.change_filed", 1, ClassChangeFiled)
CLASS_CHANGED = event("acceptance.class.changed", 1, ClassChanged)
CLASS_CHANGE_REFUSED = event("acceptance.class.change_refused", 1, ClassChangeFiled)
ASSESSOR_APPOINTED = event("acceptance.class.assessor_appointed", 1, AssessorAppointed)
PLATFORM_ADMITTED = event("acceptance.platform.admitted", 1, PlatformAdmitted)
PLATFORM_EVALUATED = event("acceptance.platform.evaluated", 1, PlatformEvaluated)
PLATFORM_REMOVED = event("acceptance.platform.removed", 1, PlatformRemoved)
