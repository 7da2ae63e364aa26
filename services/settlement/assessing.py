"""Registry checks and risk marks of a claim: opened with each calculation, looked at by a job.

What has to be asked goes to intake as one command; the answers come back as facts. An outage leaves checks
waiting, and a claim whose checks wait is neither accepted nor ordered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from contracts.commands.intake_checks import MOST_COMPARED, MOST_RECHECKED
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.settings import Mode
from services.chassis.unit import Unit
from services.policy import RuleSet
from services.settlement import reviewing, seeing, views
from services.settlement.domain import checks, review, risk
from services.settlement.domain.claims import Claim
from services.settlement.domain.files import check_whole
from services.settlement.guarding import guarded
from services.settlement.store import checks as store
from services.settlement.store import claims as claim_store
from services.settlement.store import files
from services.settlement.store.documents import Document, plain

Ask = Callable[[str, Mapping[str, Any], str], Any]
Transact = Callable[[Callable[[Unit], Any]], Any]
AT_ONCE: Final = 20
PURPOSE: Final = "补贴申请核查 / checks of a subsidy claim"
_AGAIN: Final = timedelta(seconds=5)
_WATCHED: Final = review.OPEN | {"sent_back"}
_TOPICS: Final = ("registry_fresh", "risk_shared_contact", "risk_sign_in", "risk_bulk_certificates")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """What looking at assessments needs from its process. ask: calls intake (target, body, key)."""

    reader: Reader
    transact: Transact
    ask: Ask
    mode: Mode


def begun(unit: Unit, doc: Document, mode: Mode) -> Document:
    """Open the checks of a claim that was just computed, and return its document."""
    _open(unit, claim_store.claim_of(doc), mode)
    return doc


def cleared(unit: Unit, doc: Document, mode: Mode) -> Document:
    """Return a claim's document when none of its checks waits or failed.

    Raises Refusal `settlement.checks_waiting` or `settlement.checks_failed`: then the step is not taken.
    """
    row = store.row(unit, doc["_id"])
    if row is None or row["attempt"] != doc["attempt"]:
        row = _open(unit, claim_store.claim_of(doc), mode)
    found = _checks(unit, row, unit.now)
    waiting, failed = (len(checks.in_state(found, state)) for state in ("waiting", "failed"))
    if failed:
        raise Refusal("settlement.checks_failed", count=failed)
    if waiting:
        raise Refusal("settlement.checks_waiting", count=waiting)
    return doc


def answered(unit: Unit, doc: Document) -> Document:
    """Return a claim's document when each of its marks has an answer.

    Raises Refusal `settlement.marks_waiting` or `settlement.marks_unanswered`: then the step is not taken.
    """
    row = store.row(unit, doc["_id"])
    if row is None or row["compared"] != doc["attempt"]:
        raise Refusal("settlement.marks_waiting")
    open = [mark["code"] for mark in row["marks"] if mark["id"] not in row["answers"]]
    if open:
        raise Refusal("settlement.marks_unanswered", count=len(open), codes=", ".join(sorted(set(open))))
    return doc


def whole(unit: Unit, doc: Document) -> Document:
    """Return a claim's document when no file was found edited since its first review, which answers marks.

    Raises Refusal `settlement.evidence_edited`: then the step is not taken.
    """
    row = store.row(unit, doc["_id"]) or {"marks": [], "answers": {}}
    answered = {
        mark["figures"]["file_id"]
        for mark in row["marks"]
        if mark["code"] == "evidence_edited" and mark["id"] in row["answers"]
    }
    check_whole(files.of_claim(unit, doc["_id"]), answered)
    return doc


def answer_mark(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Write a first reviewer's answer to a mark.

    Raises Refusal `out_of_order`, `settlement.mark_gone`, and those of a step of the first review.
    """
    claim = claim_store.load(unit, body["claim_id"])
    row = store.row(unit, body["claim_id"]) if claim else None
    if claim is None or row is None:
        raise Refusal("not_found", what=f"claim/{body['claim_id']}")
    unit.actor.require_region(claim.region)
    if claim.status not in ("computed", "accepted"):
        raise Refusal("out_of_order", status=claim.status, step="answer_mark")
    mark = next((each for each in row["marks"] if each["id"] == body["mark"]), None)
    if mark is None:
        raise Refusal("settlement.mark_gone", field="mark")
    reviewing.keep_to_duty(unit, claim, review.FIRST)
    answer = {"by": unit.actor.account, "at": unit.now, "reason": body["reason"]}
    row = store.put_row(unit, claim.id, {"answers": {**row["answers"], mark["id"]: answer}})
    told = {"mark": mark["id"], "code": mark["code"], "reason": body["reason"]}
    claim_store.save(unit, claim, [("mark_answered", told)])
    return _marks_shown(row)


def shown(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checks of a claim that the actor may see."""
    views.visible_claim(reader, body["claim_id"])
    row = _row(reader, body["claim_id"])
    found = _checks(reader, row, reader.now)
    wanted = [each for each in found if body["state"] in (None, each.state)]
    counts = {state: len(checks.in_state(found, state)) for state in ("waiting", "clear", "failed")}
    items = [vars(each) for each in wanted]
    return {"claim_id": row["_id"], **counts, "fresh_days": row["most"]["fresh_days"], "items": items}


def marks_shown(reader: Reader, claim_id: str) -> dict[str, Any]:
    """Return the risk marks of a claim that the actor may see."""
    views.visible_claim(reader, claim_id)
    return _marks_shown(_row(reader, claim_id))


def look(desk: Desk) -> None:
    """Look at the assessments that are due: ask what waits, compare, and make the marks anew."""
    for row in store.due(desk.reader, desk.reader.now, AT_ONCE):
        guarded(f"checks of claim/{row['_id']}", partial(_look_at, desk, row))


def _look_at(desk: Desk, row: Document) -> None:
    claim = claim_store.load(desk.reader, row["_id"])
    if claim is None or claim.status not in _WATCHED:
        desk.transact(partial(_close, claim_id=row["_id"], attempt=row["attempt"]))
        return
    if row["attempt"] == store.UNOPENED:
        desk.transact(partial(_open_late, claim_id=row["_id"], mode=desk.mode))
        return
    clusters = _clusters(desk, row)
    asked = _ask_waiting(desk, row)
    desk.transact(partial(_looked, row=row, clusters=clusters, asked=asked))


def _open(unit: Unit, claim: Claim, mode: Mode) -> Document:
    kept = claim_store.calculation(unit, claim.id, claim.attempt)
    if kept is None:
        raise LookupError(f"calculation {claim.id}:{claim.attempt} is gone")
    facts, calculation = kept
    body = claim.claimant_ref if claim.claimant_kind != "person" else None
    about = checks.subjects(facts, calculation, body)
    people = dict.fromkeys(
        [line.person_ref for line in calculation.lines]
        + [each.person_ref for each in calculation.refusals if each.person_ref]
    )
    known = store.row(unit, claim.id)
    fields = {
        **store.subjects_written(about),
        "attempt": claim.attempt,
        "project_id": claim.project_id,
        "class_id": claim.class_id,
        "people": sorted(people),
        "bodies": [body] if body else [],
        "most": _most(reviewing.rules_of(claim.region, mode), unit.now),
        "opened_at": unit.now,
        "look_at": unit.now,
        "asked_at": None,
        "clusters": None,
        "compared": 0,
        "marks": [],
        # an answer stays with its mark: it is shown again when the same mark comes back
        "answers": known["answers"] if known else {},
    }
    return store.put_row(unit, claim.id, fields)


def _open_late(unit: Unit, claim_id: str, mode: Mode) -> None:
    claim, row = claim_store.load(unit, claim_id), store.row(unit, claim_id)
    if claim is not None and row is not None and row["attempt"] == store.UNOPENED:
        _open(unit, claim, mode)


def _most(rules: RuleSet, now: datetime) -> dict[str, int]:
    fresh, contact, sign_in, bulk = (rules.one(topic, today_in_shanghai(now)).values for topic in _TOPICS)
    return {
        "fresh_days": fresh["days"],
        "contact_people": contact["people"],
        "per_minute": sign_in["per_minute"],
        "percent_of_seats": sign_in["percent_of_seats"],
        "bulk_days": bulk["days"],
        "bulk_certificates": bulk["certificates"],
    }


def _checks(source: Unit | Reader, row: Document, now: datetime) -> list[checks.Check]:
    about = store.subjects_of(row)
    window = checks.window(now, row["most"]["fresh_days"], row["opened_at"])
    return checks.checks(about, store.known(source, about), window)


def _compared(row: Document) -> bool:
    return bool(row["compared"] == row["attempt"])


def _row(reader: Reader, claim_id: str) -> Document:
    row = store.row(reader, claim_id)
    if row is None:
        raise Refusal("not_found", what=f"checks of claim/{claim_id}")
    return row


def _marks_shown(row: Document) -> dict[str, Any]:
    items = [{**mark, "answer": row["answers"].get(mark["id"])} for mark in row["marks"]]
    return {"claim_id": row["_id"], "waiting": not _compared(row), "items": items}


def _clusters(desk: Desk, row: Document) -> list[Document] | None:
    """Ask who shares a phone or an account; None while intake cannot say."""
    people, least = row["people"], row["most"]["contact_people"]
    if row["clusters"] is not None or len(people) < 2:
        return row["clusters"] or []
    found: list[Document] = []
    for start in range(0, len(people), MOST_COMPARED):
        asked = {"person_refs": people[start : start + MOST_COMPARED], "people": least, "purpose": PURPOSE}
        try:
            said = desk.ask("intake.shared_contacts", asked, "")
        except Refusal as refusal:
            _log.warning("people were not compared; asking again", claim=row["_id"], code=refusal.code)
            return None
        if said["unread"]:
            return None
        found += said["clusters"]
    return found


def _ask_waiting(desk: Desk, row: Document) -> datetime | None:
    """Have intake ask again what waits; return since when its answers count, None when nothing waits."""
    waiting = checks.in_state(_checks(desk.reader, row, desk.reader.now), "waiting")
    if not waiting:
        return None
    since: datetime = row["asked_at"] or desk.reader.now
    refs = {each.ref for each in waiting}
    people = sorted({each.ref for each in waiting if each.kind in ("real_name", "death", "pension")})
    bodies = [each.ref for each in waiting if each.kind == "body"]
    certificates = [each for each in row["certificates"] if each["number"] in refs]
    for start in range(0, max(len(people), len(certificates), len(bodies)), MOST_RECHECKED):
        part = slice(start, start + MOST_RECHECKED)
        body = {
            "not_before": since.isoformat(),
            "purpose": PURPOSE,
            "person_refs": people[part],
            "body_refs": bodies[part],
            "certificates": certificates[part],
        }
        key = f"recheck:{row['_id']}:{desk.reader.now.timestamp()}:{start}"
        try:
            desk.ask("intake.recheck", body, key)
        except Refusal as refusal:
            _log.warning("checks were not asked for; asking again", claim=row["_id"], code=refusal.code)
            break
    return since


def _looked(unit: Unit, row: Document, clusters: list[Document] | None, asked: datetime | None) -> None:
    now_row = store.row(unit, row["_id"])
    if now_row is None or now_row["attempt"] != row["attempt"]:
        return
    most = risk.Thresholds(**{name: now_row["most"][name] for name in risk.Thresholds.__dataclass_fields__})
    found = risk.marks(seeing.seen(unit, now_row, clusters or [], most), most)
    due = _AGAIN if asked is not None or clusters is None else None
    later = checks.due_again(_checks(unit, now_row, unit.now), now_row["most"]["fresh_days"])
    fields = {
        "clusters": clusters,
        "compared": now_row["attempt"] if clusters is not None else 0,
        "marks": plain(found),
        "asked_at": asked,
        "look_at": unit.now + due if due else later,
    }
    store.put_row(unit, row["_id"], fields)


def _close(unit: Unit, claim_id: str, attempt: int) -> None:
    row = store.row(unit, claim_id)
    if row is not None and row["attempt"] == attempt:
        store.put_row(unit, claim_id, {"look_at": None})
