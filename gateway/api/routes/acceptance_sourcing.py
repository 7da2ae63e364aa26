"""Routes of sourcing: questions, panel, scores, filings, tenders, papers, contract."""

from contracts.commands import acceptance_ocds as ocds
from contracts.commands import acceptance_panel as panel
from contracts.commands import acceptance_sourcing as c
from contracts.commands import acceptance_ways as ways
from gateway.api.route import MEGABYTE, Route

_ONE = "/sourcings/<sourcing_id>"

ROUTES = [
    Route("POST", f"{_ONE}/questions", c.ASK_QUESTION, status=201),
    Route("POST", f"{_ONE}/questions/<question_id>/answer", c.ANSWER_QUESTION),
    Route("POST", f"{_ONE}/postponement", c.POSTPONE_DEADLINE),
    Route("POST", f"{_ONE}/cancellation", c.CANCEL_SOURCING),
    Route("POST", f"{_ONE}/withdrawal", c.WITHDRAW_WINNER),
    Route("POST", f"{_ONE}/award/revocation", c.REVOKE_AWARD),
    Route("POST", f"{_ONE}/contract", c.RECORD_CONTRACT, status=201),
    Route("POST", f"{_ONE}/contract/confirmation", c.CONFIRM_CONTRACT),
    Route("GET", f"{_ONE}/scores", c.SCORE_SHEET),
    Route("GET", f"{_ONE}/ocds/releases", ocds.OCDS_RELEASES),
    Route("GET", f"{_ONE}/ocds/record", ocds.OCDS_RECORD),
    Route("POST", "/experts", panel.REGISTER_EXPERT, status=201),
    Route("GET", "/experts", panel.LIST_EXPERTS),
    Route("POST", "/experts/<account>/removal", panel.REMOVE_EXPERT),
    Route("GET", f"{_ONE}/panel", panel.GET_PANEL),
    Route("POST", f"{_ONE}/panel", panel.DRAW_PANEL),
    Route("POST", f"{_ONE}/panel/declaration", panel.DECLARE_CONFLICT),
    Route("POST", f"{_ONE}/panel/excusal", panel.EXCUSE_MEMBER),
    Route("POST", f"{_ONE}/filings", ways.FILE_PLAN, status=201),
    Route("GET", f"{_ONE}/filings", ways.LIST_FILINGS),
    Route("GET", f"{_ONE}/filings/mine", ways.MY_FILING),
    Route("POST", f"{_ONE}/filings/withdrawal", ways.WITHDRAW_FILING),
    Route("POST", f"{_ONE}/filings/decision", ways.DECIDE_FILING),
    Route("POST", "/tenders", ways.RECORD_TENDER, status=201),
    Route("POST", f"{_ONE}/tender/confirmation", ways.CONFIRM_TENDER),
    # base64 makes a third more of a paper's 5 MB
    Route("POST", f"{_ONE}/papers", ways.ADD_PAPER, status=201, max_bytes=7 * MEGABYTE),
    Route("GET", f"{_ONE}/papers/<paper_id>", ways.GET_PAPER),
]
