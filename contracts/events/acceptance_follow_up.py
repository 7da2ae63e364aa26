"""Facts of acceptance about the follow-up of graduates (就业跟踪). What was said in words is not told."""

from contracts.fields import Contract, Count, Ref, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import GUIDANCE, VISIT_OUTCOMES


class GraduateTold(Contract):
    project_id = Ref(required=True)
    class_id = Ref(required=True)
    person_ref = Ref(required=True)


class VisitRecorded(GraduateTold):
    """month: months after the training that the plan names."""

    month = Count(low=1, high=60, required=True)
    outcome = one_of(VISIT_OUTCOMES, required=True)


class GuidanceRecorded(GraduateTold):
    kind = one_of(GUIDANCE, required=True)


VISIT_RECORDED = event("acceptance.visit.recorded", 1, VisitRecorded)
GUIDANCE_RECORDED = event("acceptance.guidance.recorded", 1, GuidanceRecorded)
