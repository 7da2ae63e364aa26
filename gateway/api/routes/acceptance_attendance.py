"""Routes of sign-in and supervision (签到与过程监督)."""

from contracts.commands import acceptance_attendance as c
from contracts.commands import acceptance_supervision as s
from gateway.api.route import One, Route

_SESSION = "/classes/<class_id>/sessions/<session_id>"

ROUTES = [
    Route("POST", f"{_SESSION}/opening", c.OPEN_SESSION),
    Route("GET", f"{_SESSION}/code", c.SESSION_CODE),
    Route("POST", "/classes/<class_id>/sign-ins", c.SIGN_IN, gathered=One(c.SignInRequest, c.SignIn)),
    Route("GET", f"{_SESSION}/sign-ins", c.SESSION_SIGN_INS),
    Route("POST", f"{_SESSION}/card-sign-ins", c.CARD_SIGN_IN),
    Route("POST", f"{_SESSION}/roll", c.RECORD_ROLL),
    Route("POST", "/classes/<class_id>/cards", c.ISSUE_CARDS, status=201),
    Route("POST", "/sign-ins/<sign_in_id>/decision", c.DECIDE_SIGN_IN),
    Route("GET", "/classes/<class_id>/attendance", c.CLASS_ATTENDANCE),
    Route("GET", "/running-sessions", c.RUNNING_SESSIONS),
    Route("POST", f"{_SESSION}/spot-checks", s.RECORD_SPOT_CHECK, status=201),
    Route("GET", "/classes/<class_id>/spot-checks", s.LIST_SPOT_CHECKS),
    Route("POST", "/classes/<class_id>/feedback", s.GIVE_FEEDBACK, status=201),
    Route("GET", "/classes/<class_id>/feedback", s.CLASS_FEEDBACK),
    Route("GET", "/providers/<provider_ref>/supervision", s.PROVIDER_RECORD),
]
