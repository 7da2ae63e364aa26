"""Routes of settlement (买单): notices, objections, prepared reviews, recovery, sanctions."""

from contracts.commands import settlement_recovery as recovery
from contracts.commands import settlement_review as review
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/notices", review.LIST_NOTICES),
    Route("GET", "/notices/<claim_id>", review.GET_NOTICE),
    Route("POST", "/claims/<claim_id>/objections", review.OBJECT_TO_CLAIM, status=201),
    Route("GET", "/claim-objections", review.LIST_OBJECTIONS),
    Route("GET", "/claim-objections/<objection_id>", review.GET_OBJECTION),
    Route("POST", "/claim-objections/<objection_id>/answer", review.ANSWER_OBJECTION),
    Route("POST", "/claims/<claim_id>/commission", review.COMMISSION_REVIEW, status=201),
    Route("POST", "/claims/<claim_id>/commission/end", review.CALL_OFF_REVIEW),
    Route("GET", "/claims/<claim_id>/review-material", review.REVIEW_MATERIAL),
    Route("POST", "/claims/<claim_id>/prepared-review", review.PREPARE_REVIEW),
    Route("POST", "/claims/<claim_id>/prepared-review/reading", review.READ_REVIEW),
    Route("GET", "/prepared-reviews", review.LIST_REVIEWS),
    Route("POST", "/claims/<claim_id>/decision", review.DECIDE_BALANCE),
    Route("POST", "/payments/<payment_id>/stop", recovery.STOP_PAYMENT),
    Route("POST", "/claims/<claim_id>/recoveries", recovery.ORDER_RECOVERY, status=201),
    Route("GET", "/recoveries", recovery.LIST_RECOVERIES),
    Route("GET", "/recoveries/<recovery_id>", recovery.GET_RECOVERY),
    Route("POST", "/recoveries/<recovery_id>/plan", recovery.PLAN_RECOVERY),
    Route("POST", "/recoveries/<recovery_id>/receipts", recovery.RECORD_RECEIPT),
    Route("POST", "/recoveries/<recovery_id>/receipts/correction", recovery.CORRECT_RECEIPT),
    Route("GET", "/bank-credits", recovery.LIST_CREDITS),
    Route("POST", "/recoveries/<recovery_id>/write-off", recovery.WRITE_OFF),
    Route("POST", "/sanctions", recovery.RECORD_SANCTION, status=201),
    Route("GET", "/sanctions", recovery.LIST_SANCTIONS),
    Route("POST", "/sanctions/<sanction_id>/lifting", recovery.LIFT_SANCTION),
]
