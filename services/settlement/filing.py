"""Files of a claim: taken in whole or not at all, read only while their bytes are those of their hash."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog

from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.clock import real_now
from services.chassis.content_types import type_of
from services.chassis.outside import OutsideUnavailable
from services.chassis.outside_scan import Scanned, Scanner
from services.chassis.unit import Unit
from services.settlement import reviewing, views
from services.settlement.domain import files as rules
from services.settlement.domain.claims import Claim
from services.settlement.domain.files import ClaimFile
from services.settlement.store import checks, claims, files

Transact = Callable[[Callable[[Unit], Any]], Any]
ABANDONED: Final = timedelta(hours=1)
_SCANS: Final = 20
_log = structlog.get_logger(__name__)


def put_part(unit: Unit, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take one part of an upload to an own claim. Raises Refusal `owner.forbidden` and those of a file."""
    claim = _own_open(unit, body["claim_id"])
    files.put_part(unit, claim.id, body["upload_id"], body["number"], body["content"])
    return {"upload_id": body["upload_id"], "number": body["number"]}


def attach(unit: Unit, reader: Reader, body: Mapping[str, Any], scanned: bool) -> dict[str, Any]:
    """Make a file of an upload's parts, once they are what was said of them.

    reader: parts are read beside the unit; they are never changed once written. scanned: whether a scanner
    is set. Raises Refusal `owner.forbidden` and those of a file.
    """
    claim = _own_open(unit, body["claim_id"])
    known = files.load(unit, body["upload_id"])
    if known is not None and known.claim_id == claim.id and known.sha256 == body["sha256"]:
        return vars(known)
    rules.check_size(body["kind"], body["size"])
    rules.check_new(files.of_claim(unit, claim.id), body["sha256"])
    files.end_upload(unit, claim.id, body["upload_id"])
    content = b"".join(files.parts(reader.database, body["upload_id"]))
    if len(content) != body["size"] or hashlib.sha256(content).hexdigest() != body["sha256"]:
        raise Refusal("settlement.file_incomplete", field="file")
    found = ClaimFile(
        id=body["upload_id"],
        claim_id=claim.id,
        kind=body["kind"],
        name=body["name"],
        sha256=body["sha256"],
        size=body["size"],
        content_type=rules.check_type(body["kind"], body["name"], type_of(content)),
        scan="waiting" if scanned else "not_scanned",
        added_by=unit.actor.account,
        added_at=unit.now,
    )
    files.save(unit, found)
    claims.save(unit, claim, [("file_added", rules.told(found))])
    return vars(found)


def listed(reader: Reader, claim_id: str) -> dict[str, Any]:
    """List the files of a claim that the actor may see."""
    views.visible_claim(reader, claim_id)
    return {"items": [vars(each) for each in files.of_claim(reader, claim_id)]}


def open_file(reader: Reader, transact: Transact, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's row when its bytes are those of its hash; bytes that are not mark the file.

    Raises Refusal `not_found`, `settlement.evidence_edited` or `settlement.file_infected`.
    """
    found = _visible(reader, body)
    if found.scan == "infected":
        raise Refusal("settlement.file_infected", found=found.scan_found or "?")
    if not _whole(reader, found):
        transact(lambda unit: _mark_edited(unit, found.id))
        raise Refusal("settlement.evidence_edited", file_id=found.id)
    return vars(found)


def read_part(reader: Reader, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return one part of a file. Who puts them together checks the hash again."""
    found = _visible(reader, body)
    if found.scan == "infected":
        raise Refusal("settlement.file_infected", found=found.scan_found or "?")
    raw = files.part(reader, found.id, body["number"])
    if raw is None:
        raise Refusal("not_found", what=f"file/{found.id}/{body['number']}")
    return {"content": raw}


def scan_waiting(reader: Reader, transact: Transact, scanner: Scanner | None) -> None:
    """Have the scanner look at what waits; an outage leaves it waiting."""
    for file in files.to_scan(reader, _SCANS) if scanner else ():
        try:
            verdict = _scanned(reader, scanner, file)
        except OutsideUnavailable as problem:
            _log.warning("the scanner gave no answer; files wait", reason=problem.reason)
            return
        transact(partial(_take_verdict, file_id=file.id, verdict=verdict))


def sweep(reader: Reader, transact: Transact) -> None:
    """Delete what was sent and never became a file."""
    for id in files.abandoned(reader, real_now() - ABANDONED):
        if transact(partial(_give_up, upload_id=id)):
            files.delete_parts(reader.database, id)


def _give_up(unit: Unit, upload_id: str) -> bool:
    upload = unit.get(files.UPLOADS, upload_id)
    if upload is None or files.load(unit, upload_id) is not None:
        return False
    unit.delete(files.UPLOADS, upload_id)
    return True


def _own_open(unit: Unit, claim_id: str) -> Claim:
    claim = claims.load(unit, claim_id)
    if claim is None:
        raise Refusal("not_found", field="claim_id", what=f"claim/{claim_id}")
    reviewing.require_claimant(unit, claim)
    rules.check_open(claim.status)
    return claim


def _visible(reader: Reader, body: Mapping[str, Any]) -> ClaimFile:
    views.visible_claim(reader, body["claim_id"])
    found = files.load(reader, body["file_id"])
    if found is None or found.claim_id != body["claim_id"]:
        raise Refusal("not_found", what=f"file/{body['file_id']}")
    return found


def _whole(reader: Reader, file: ClaimFile) -> bool:
    made, size = hashlib.sha256(), 0
    for raw in files.parts(reader.database, file.id):
        made.update(raw)
        size += len(raw)
    return (made.hexdigest(), size) == (file.sha256, file.size)


def _mark_edited(unit: Unit, file_id: str) -> None:
    file = files.load(unit, file_id)
    claim = claims.load(unit, file.claim_id) if file else None
    if file is None or claim is None or file.edited_at is not None:
        return
    files.save(unit, replace(file, edited_at=unit.now))
    claims.save(unit, claim, [("file_edited", {"file_id": file.id, "sha256": file.sha256})])
    checks.touch_claim(unit, claim.id)


def _scanned(reader: Reader, scanner: Scanner | None, file: ClaimFile) -> Scanned:
    content: Iterable[bytes] = files.parts(reader.database, file.id)
    return scanner.scan(content) if scanner else Scanned(None)


def _take_verdict(unit: Unit, file_id: str, verdict: Scanned) -> None:
    file = files.load(unit, file_id)
    if file is None or file.scan != "waiting":
        return
    scan = "clean" if verdict.found is None else "infected"
    files.save(unit, replace(file, scan=scan, scan_found=verdict.found, scanned_at=unit.now))
    if scan == "infected":
        checks.touch_claim(unit, file.claim_id)
