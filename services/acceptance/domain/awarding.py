"""From the order of merit to the contract: candidate, public notice, objection, award, end [S10]."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from contracts.vocabularies.calendar import CalendarEnds, add_working_days
from contracts.vocabularies.dates import day_ends, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import scoring
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.records import Past, SourcingContract
from services.acceptance.domain.sourcing import (
    OPEN,
    Answer,
    Candidate,
    Objection,
    Ranked,
    Sourcing,
)

_SHOWS_FEW_BIDDERS: Final = frozenset(
    {"no_bids", "too_few_bids", "none_valid", "nobody_left", "winner_withdrew"}
)


def name_candidate(
    sourcing: Sourcing, by: str, now: datetime, *, estimates: bool
) -> tuple[Sourcing, list[Fact]]:
    """The first of the ranking that is not struck goes to public notice: scored → public_notice.

    estimates: whether estimated calendars may be used (the demonstration only).
    Raises Refusal `out_of_order`, `acceptance.nobody_left`, `acceptance.calendar_ends`.
    """
    require(sourcing.status(now), ("scored",), "name_candidate")
    left = still_in(sourcing)
    if not left:
        raise Refusal("acceptance.nobody_left", least=sourcing.rules.pass_points)
    first = left[0]
    until = notice_end(now, sourcing.rules.working_days, estimates=estimates)
    candidate = Candidate(
        first.bid_id, first.provider_ref, first.provider_name, first.price_fen, by, now, until
    )
    return named(sourcing, candidate)


def named(sourcing: Sourcing, candidate: Candidate) -> tuple[Sourcing, list[Fact]]:
    """Return the sourcing with its candidate on public notice, and the fact of it."""
    data = {
        "provider_ref": candidate.provider_ref, "provider_name": candidate.provider_name,
        "notice_until": candidate.notice_until,
    }  # fmt: skip
    return replace(sourcing, candidate=candidate), [("acceptance.sourcing.candidate_named", data)]


def still_in(sourcing: Sourcing) -> list[Ranked]:
    """Return those of the ranking who are not struck and reach the points that a candidate needs."""
    left = [each for each in sourcing.ranking if each.bid_id not in sourcing.struck]
    return [each for each in left if scoring.reaches(sourcing, each, sourcing.rules.pass_points)]


def notice_end(now: datetime, working_days: int, *, estimates: bool) -> datetime:
    """Return when a public notice that begins now is over: the end of its last working day after today.

    Raises Refusal `acceptance.calendar_ends` past the published calendars.
    """
    today = today_in_shanghai(now)
    try:
        return day_ends(add_working_days(today, working_days, estimates=estimates))
    except CalendarEnds as end:
        raise Refusal("acceptance.calendar_ends", year=end.year) from end


def raise_objection(
    sourcing: Sourcing, id: str, provider_ref: str, reason: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A provider objects during the public notice; it holds the award until it is answered."""
    require(sourcing.status(now), ("public_notice",), "object")
    if sourcing.candidate is None or now >= sourcing.candidate.notice_until:
        raise Refusal("acceptance.objection_late")
    if any(each.provider_ref == provider_ref for each in sourcing.open_objections()):
        raise Refusal("acceptance.objection_open")
    new = Objection(id, provider_ref, reason, now)
    data = {"objection_id": id, "provider_ref": provider_ref, "reason": reason}
    return replace(sourcing, objections=(*sourcing.objections, new)), [
        ("acceptance.sourcing.objection_raised", data)
    ]


def answer_objection(sourcing: Sourcing, objection_id: str, answer: Answer) -> tuple[Sourcing, list[Fact]]:
    """A supervisor answers; when upheld the candidate is struck: public_notice → scored.

    Raises Refusal `not_found`, `out_of_order`, `acceptance.own_work` (the one who named the candidate).
    """
    if objection_id not in {each.id for each in sourcing.open_objections()}:
        raise Refusal("not_found", field="objection_id", what="objection")
    candidate = sourcing.candidate
    if candidate is None:
        raise Refusal("out_of_order", status=sourcing.status(answer.at), step="answer_objection")
    if answer.by in (candidate.named_by, sourcing.published_by):
        raise Refusal("acceptance.own_work")
    # an upheld objection ends this candidacy, and with it what else was said against it
    objections = tuple(
        replace(each, answer=answer)
        if each.id == objection_id or (answer.upheld and not each.answer)
        else each
        for each in sourcing.objections
    )
    new = replace(sourcing, objections=objections)
    if answer.upheld:
        new = without_candidate(new, candidate, "objection", answer.text, answer.at)
    data = {"objection_id": objection_id, "upheld": answer.upheld, "answer": answer.text}
    return new, [("acceptance.sourcing.objection_answered", data)]


def award(sourcing: Sourcing, by: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """After the notice, without open objection: public_notice → awarded.

    Raises Refusal `out_of_order`, `acceptance.notice_running`, `acceptance.objection_open`.
    """
    require(sourcing.status(now), ("public_notice",), "award")
    candidate = sourcing.candidate
    if candidate is None or now < candidate.notice_until:
        until = candidate.notice_until.isoformat() if candidate else "?"
        raise Refusal("acceptance.notice_running", until=until)
    if sourcing.open_objections():
        raise Refusal("acceptance.objection_open")
    data = {
        "project_id": sourcing.project_id, "provider_ref": candidate.provider_ref,
        "provider_name": candidate.provider_name, "price_fen": candidate.price_fen,
    }  # fmt: skip
    return replace(sourcing, awarded_by=by, awarded_at=now), [("acceptance.sourcing.awarded", data)]


def bar_candidate(sourcing: Sourcing, reason: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """The candidate may no longer act by the register: it is struck, the next one follows.

    Raises Refusal `out_of_order` unless one is on public notice.
    """
    require(sourcing.status(now), ("public_notice",), "award")
    candidate = sourcing.candidate
    if candidate is None:
        return sourcing, []
    told = {"project_id": sourcing.project_id, "provider_ref": candidate.provider_ref, "reason": reason}
    gone = without_candidate(sourcing, candidate, "barred", reason, now)
    return gone, [("acceptance.sourcing.candidate_withdrawn", told)]


def without_candidate(
    sourcing: Sourcing, candidate: Candidate, why: str, reason: str, now: datetime
) -> Sourcing:
    """Return the sourcing with its candidate struck and kept among the past ones."""
    past = Past(
        candidate.bid_id, candidate.provider_ref, candidate.provider_name, candidate.price_fen,
        candidate.named_at, now, why, reason, sourcing.awarded_at,
    )  # fmt: skip
    return replace(
        sourcing,
        candidate=None,
        awarded_at=None,
        awarded_by=None,
        contract=None,
        struck=(*sourcing.struck, candidate.bid_id),
        past=(*sourcing.past, past),
    )


def withdraw_winner(
    sourcing: Sourcing, provider_ref: str, reason: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """The candidate or the awarded provider steps back before the contract; the next one follows.

    A tender's result ends with it. Raises Refusal `out_of_order`, `acceptance.not_awarded`,
    `acceptance.contract_concluded`.
    """
    status, candidate = sourcing.status(now), sourcing.candidate
    require(status, ("public_notice", "awarded"), "withdraw_winner")
    if candidate is None or candidate.provider_ref != provider_ref:
        raise Refusal("acceptance.not_awarded", field="sourcing_id")
    _require_no_contract(sourcing)
    moot = Answer(False, f"候选机构已退出，异议终止 / the candidate stepped back: {reason}", "", now)
    objections = tuple(each if each.answer else replace(each, answer=moot) for each in sourcing.objections)
    new = replace(sourcing, objections=objections)
    if status == "awarded":
        return _award_ended(new, candidate, ("withdrawn", "winner_withdrew"), reason, now)
    told = {"project_id": sourcing.project_id, "provider_ref": provider_ref, "reason": reason}
    gone = without_candidate(new, candidate, "withdrawn", reason, now)
    return gone, [("acceptance.sourcing.candidate_withdrawn", told)]


def revoke_award(sourcing: Sourcing, by: str, reason: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """A supervisor takes an award back before the contract: awarded → scored; a tender's result ends.

    Raises Refusal `out_of_order`, `acceptance.contract_concluded`, `acceptance.own_work` (who published the
    notice, named the candidate or awarded).
    """
    candidate = sourcing.candidate
    if sourcing.status(now) != "awarded" or candidate is None:
        raise Refusal("out_of_order", status=sourcing.status(now), step="revoke_award")
    if by in (sourcing.published_by, candidate.named_by, sourcing.awarded_by):
        raise Refusal("acceptance.own_work")
    _require_no_contract(sourcing)
    return _award_ended(sourcing, candidate, ("revoked", "award_revoked"), reason, now)


def _require_no_contract(sourcing: Sourcing) -> None:
    if sourcing.contract is not None and sourcing.contract.confirmed_at is not None:
        raise Refusal("acceptance.contract_concluded", number=sourcing.contract.number)


def _award_ended(
    sourcing: Sourcing, candidate: Candidate, why: tuple[str, str], reason: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """Return the sourcing without its winner. why: of the candidacy's end, of the failure of a tender."""
    ended, ground = why
    new = without_candidate(sourcing, candidate, ended, reason, now)
    told = {"project_id": new.project_id, "provider_ref": candidate.provider_ref, "reason": reason}
    facts: list[Fact] = [("acceptance.sourcing.award_withdrawn", told)]
    if sourcing.tender is not None:
        new = replace(new, failed_at=now, failure=reason, ground=ground)
        data = {"project_id": new.project_id, "reason": reason, "ground": ground}
        facts.append(("acceptance.sourcing.failed", data))
    return new, facts


def attempt_after(ended: Iterable[Sourcing]) -> int:
    """Return which attempt the next notice of a project is: 1 + those that show bids to be hard to get.

    A process that was cancelled, was never opened or found no panel says nothing of the bidders.
    """
    return 1 + sum(each.ground in _SHOWS_FEW_BIDDERS for each in ended)


@dataclass(frozen=True)
class Findings:
    """What the records show when a process is to fail.

    valid_bids: opened bids, or filings not refused, that are not excluded; key_retired: a key that the notice
    names is out of use; pool_short: a draw of the panel is refused now, or leaves seats empty.
    """

    valid_bids: int = 0
    key_retired: bool = False
    pool_short: bool = False


def ground_of(sourcing: Sourcing, found: Findings, now: datetime) -> str | None:
    """Return why the process cannot go on (words of statuses.FAILURE_GROUNDS), None when it can."""
    status = sourcing.status(now)
    if status == "sealed":
        if sourcing.sealed_bids == 0:
            return "no_bids"
        if sourcing.sealed_bids < sourcing.rules.least_bids(sourcing.attempt):
            return "too_few_bids"
        # officers have as many days to open bids as a public notice has
        overdue = now >= sourcing.notice.bids_until + timedelta(days=sourcing.rules.working_days)
        return "not_opened" if found.key_retired or overdue else None
    if status == "opened":
        if sourcing.sealed_bids == 0:
            return "no_bids"
        if found.valid_bids == 0:
            return "none_valid"
        return "no_panel" if sourcing.sealed and found.pool_short else None
    return "nobody_left" if status == "scored" and not still_in(sourcing) else None


def fail(sourcing: Sourcing, found: Findings, reason: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """The process ends without an award (流标), for a ground that the records show.

    Raises Refusal `out_of_order`, `acceptance.no_ground` (an officer who gives up a process cancels it).
    """
    require(sourcing.status(now), ("sealed", "opened", "scored"), "fail_sourcing")
    ground = ground_of(sourcing, found, now)
    if ground is None:
        raise Refusal("acceptance.no_ground")
    data = {"project_id": sourcing.project_id, "reason": reason, "ground": ground}
    return replace(sourcing, failed_at=now, failure=reason, ground=ground), [
        ("acceptance.sourcing.failed", data)
    ]


def cancel(sourcing: Sourcing, reason: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """An officer gives the process up before its award (取消); raises Refusal `out_of_order`."""
    before = (*OPEN, "sealed", "opened", "scored", "candidate", "public_notice")
    require(sourcing.status(now), before, "cancel_sourcing")
    data = {"project_id": sourcing.project_id, "reason": reason}
    return replace(sourcing, cancelled_at=now, failure=reason), [("acceptance.sourcing.cancelled", data)]


def record_contract(
    sourcing: Sourcing, number: str, days: tuple[date, date, date], paper_id: str, by: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """An officer records the contract; the provider has to confirm it. days: signed on, begins on, ends on.

    Raises Refusal `out_of_order`, `acceptance.contract_concluded`, `acceptance.contract_dates`,
    `acceptance.paper_unknown`.
    """
    require(sourcing.status(now), ("awarded",), "record_contract")
    candidate, signed, begins, ends = sourcing.candidate, *days
    _require_no_contract(sourcing)
    # a tender was won on the statutory platform, before its result was confirmed here
    won_at = sourcing.tender.notice_until if sourcing.tender else sourcing.awarded_at
    awarded = today_in_shanghai(won_at or now)
    if not awarded <= signed <= today_in_shanghai(now) or not signed <= begins <= ends:
        raise Refusal("acceptance.contract_dates", field="signed_on", awarded=awarded.isoformat())
    if not any(each.id == paper_id and each.kind == "contract" for each in sourcing.papers):
        raise Refusal("acceptance.paper_unknown", field="paper_id", kind="contract")
    value = (candidate.price_fen if candidate else 0) * sourcing.seats
    contract = SourcingContract(number, signed, begins, ends, value, paper_id, by, now)
    return replace(sourcing, contract=contract), []


def confirm_contract(
    sourcing: Sourcing, provider_ref: str, by: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """The awarded provider confirms the recorded contract: concluded.

    Raises Refusal `out_of_order`, `acceptance.not_awarded`, `acceptance.contract_concluded`.
    """
    require(sourcing.status(now), ("awarded",), "confirm_contract")
    contract, candidate = sourcing.contract, sourcing.candidate
    if contract is None:
        raise Refusal("out_of_order", status="no_contract", step="confirm_contract")
    if candidate is None or candidate.provider_ref != provider_ref:
        raise Refusal("acceptance.not_awarded", field="sourcing_id")
    if contract.confirmed_at is not None:
        raise Refusal("acceptance.contract_concluded", number=contract.number)
    data = {
        "project_id": sourcing.project_id, "provider_ref": provider_ref, "number": contract.number,
        "signed_on": contract.signed_on, "value_fen": contract.value_fen,
    }  # fmt: skip
    done = replace(contract, confirmed_by=by, confirmed_at=now)
    return replace(sourcing, contract=done), [("acceptance.sourcing.contract_concluded", data)]
