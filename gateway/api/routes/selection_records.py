"""Routes of selection: records, consents, credentials, credits."""

from contracts.commands import selection_records as c
from contracts.commands import selection_sharing as s
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/records/me", c.GET_RECORD),
    Route("GET", "/records/me/credits", c.GET_CREDITS),
    Route("GET", "/records/me/three-ones", c.GET_THREE_ONES),
    Route("GET", "/records/me/readings", s.LIST_READINGS),
    Route("POST", "/records/me/entries/<entry_id>/corrections", c.ASK_CORRECTION, status=201),
    Route("GET", "/record-corrections", c.LIST_CORRECTIONS),
    Route("GET", "/record-corrections/<correction_id>", c.GET_CORRECTION),
    Route("POST", "/record-corrections/<correction_id>/answer", c.ANSWER_CORRECTION),
    Route("POST", "/practices", c.REPORT_PRACTICE, status=201),
    Route("GET", "/practices", c.LIST_PRACTICES),
    Route("POST", "/practices/<practice_id>/decision", c.DECIDE_PRACTICE),
    Route("GET", "/credit-table", c.CREDIT_TABLE),
    Route("GET", "/three-ones/figures", c.THREE_ONES_FIGURES),
    Route("POST", "/consents", s.GIVE_CONSENT, status=201),
    Route("GET", "/consents", s.LIST_CONSENTS),
    Route("POST", "/consents/<consent_id>/revocation", s.REVOKE_CONSENT),
    Route("GET", "/consents/<consent_id>/record", s.READ_RECORD),
    Route("POST", "/consents/<consent_id>/credit-recognitions", c.RECOGNISE_CREDITS, status=201),
    Route("POST", "/credentials", s.ISSUE_CREDENTIAL, status=201),
    Route("GET", "/credentials", s.LIST_CREDENTIALS),
    Route("GET", "/credentials/<credential_id>/document", s.CREDENTIAL_DOCUMENT),
    Route("POST", "/credentials/<credential_id>/revocation", s.REVOKE_CREDENTIAL),
]
