"""A process in the Open Contracting Data Standard 1.1 (OCDS): releases and the compiled release [S10].

Each release is the whole process as it stood at a moment, derived from recorded facts, so that it never
changes once told. Money of the standard is in yuan with two places; ours is in fen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from contracts.vocabularies import occupations, regions, statuses
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.copies import Project
from services.acceptance.domain.records import Past
from services.acceptance.domain.sourcing import Candidate, Sourcing

Json = dict[str, Any]
VERSION: Final = "1.1"
# of the standard's codelist `method`: nobody is asked to compete in a filing
_METHODS: Final = {
    "open_challenge": "open", "selection": "selective", "tender": "open", "filing": "direct",
}  # fmt: skip
_PAPERS: Final = {
    "tender_notice": "tenderNotice", "bid_opening": "bidders", "evaluation": "evaluationReports",
    "award_notice": "awardNotice", "contract": "contractSigned", "other": "other",
}  # fmt: skip
_AWARD_ENDED: Final = {
    "withdrawn": "cancelled", "revoked": "cancelled", "objection": "unsuccessful", "barred": "unsuccessful",
}  # fmt: skip


@dataclass(frozen=True)
class Publisher:
    """Who publishes: prefix registered with the standard (ocds-xxxxxx), base address of this installation."""

    prefix: str
    base: str

    def ocid(self, sourcing_id: str) -> str:
        """Return the Open Contracting ID of a process."""
        return f"{self.prefix}-{sourcing_id}"

    def uri(self, sourcing_id: str, kind: str) -> str:
        """Return where a package is found."""
        return f"{self.base}/v1/sourcings/{sourcing_id}/ocds/{kind}"


def moments(it: Sourcing) -> list[tuple[datetime, list[str]]]:
    """Return when something was published, with the tags of the release, in the order of time."""
    found: dict[datetime, list[str]] = {}
    for at, tag in sorted(_tagged(it), key=lambda each: each[0]):
        tags = found.setdefault(at, [])
        if tag not in tags:
            tags.append(tag)
    return list(found.items())


def _tagged(it: Sourcing) -> Iterator[tuple[datetime, str]]:
    yield it.published_at, "tender"
    yield from ((each.answered_at, "tenderUpdate") for each in it.questions if each.answered_at)
    yield from ((each.at, "tenderAmendment") for each in it.postponements)
    yield from ((each.at, "tenderAmendment") for each in it.reinvitations)
    if it.opened_at and it.tender is None:
        yield it.opened_at, "tenderUpdate"
    for past in it.past:
        yield past.named_at, "award"
        if past.awarded_at:
            yield past.awarded_at, "awardUpdate"
        yield past.ended_at, "awardUpdate"
    if it.candidate and it.tender is None:
        yield it.candidate.named_at, "award"
    if it.awarded_at:
        yield it.awarded_at, "award" if it.tender else "awardUpdate"
    if it.contract and it.contract.confirmed_at:
        yield it.contract.confirmed_at, "contract"
    if it.failed_at:
        yield it.failed_at, "tenderUpdate"
    if it.cancelled_at:
        yield it.cancelled_at, "tenderCancellation"


def as_of(it: Sourcing, at: datetime) -> Sourcing:
    """Return the process as it stood at a moment: what was recorded later is not there."""
    known = [each for each in it.questions if each.answered_at and each.answered_at <= at]
    moved = [each for each in it.postponements if each.at > at]
    anew = [each for each in it.reinvitations if each.at > at]
    before = [(each.at, each.before) for each in moved] + [(each.at, each.bids_until) for each in anew]
    until = min(before)[1] if before else it.notice.bids_until
    return replace(
        it,
        notice=replace(it.notice, bids_until=until),
        questions=tuple(known),
        postponements=tuple(each for each in it.postponements if each.at <= at),
        reinvitations=tuple(each for each in it.reinvitations if each.at <= at),
        opened_at=_past(it.opened_at, at),
        past=tuple(_past_candidate(each, at) for each in it.past if each.named_at <= at),
        candidate=it.candidate if it.candidate and it.candidate.named_at <= at else None,
        awarded_at=_past(it.awarded_at, at),
        papers=tuple(each for each in it.papers if each.at <= at),
        contract=it.contract if it.contract and _past(it.contract.confirmed_at, at) else None,
        failed_at=_past(it.failed_at, at),
        cancelled_at=_past(it.cancelled_at, at),
    )


def _past(when: datetime | None, at: datetime) -> datetime | None:
    return when if when is not None and when <= at else None


def _past_candidate(it: Past, at: datetime) -> Past:
    """Return a former candidate as it stood: why is empty while it was one still."""
    awarded = _past(it.awarded_at, at)
    return replace(it, awarded_at=awarded, why=it.why if it.ended_at <= at else "")


def releases(it: Sourcing, bids: list[Bid], project: Project, by: Publisher) -> list[Json]:
    """Return all releases of a process, oldest first. bids: those opened, which are public."""
    ocid = by.ocid(it.id)
    found = []
    for place, (at, tags) in enumerate(moments(it), 1):
        found.append(
            {
                "ocid": ocid,
                "id": f"{ocid}-{place:03}",
                "date": moment(at),
                "tag": tags,
                "initiationType": "tender",
                "language": "zh",
                **_content(as_of(it, at), bids, project, by),
            }
        )
    return found


def _content(it: Sourcing, bids: list[Bid], project: Project, by: Publisher) -> Json:
    agency = _agency(it.region)
    tenderers = _tenderers(it, bids) if it.opened_at else []
    awards = _awards(it)
    content: Json = {
        "parties": _parties(agency, tenderers, awards),
        "buyer": agency,
        "tender": _tender(it, agency, tenderers, project, by),
    }
    if awards:
        content["awards"] = awards
    if it.contract:
        content["contracts"] = [_contract(it, project)]
    return content


def _agency(region: str) -> Json:
    return {"id": f"CN-REGION-{region}", "name": f"{regions.full_name(region)}人力资源和社会保障部门"}


def _tenderers(it: Sourcing, bids: list[Bid]) -> list[Json]:
    if it.tender is None:
        return [{"id": bid.provider_ref, "name": bid.provider_name} for bid in bids]
    return [
        {"id": each.provider_ref or f"name-{sha256(each.name.encode()).hexdigest()[:16]}", "name": each.name}
        for each in it.tender.bidders
    ]


def _parties(agency: Json, tenderers: list[Json], awards: list[Json]) -> list[Json]:
    roles: dict[str, list[str]] = {agency["id"]: ["buyer", "procuringEntity"]}
    names = {agency["id"]: agency["name"]}
    suppliers = [each for award in awards for each in award["suppliers"]]
    for role, found in (("tenderer", tenderers), ("supplier", suppliers)):
        for each in found:
            names.setdefault(each["id"], each["name"])
            held = roles.setdefault(each["id"], [])
            if role not in held:
                held.append(role)
    return [{"id": id, "name": names[id], "roles": held} for id, held in roles.items()]


def _tender(it: Sourcing, agency: Json, tenderers: list[Json], project: Project, by: Publisher) -> Json:
    notice, way = it.notice, it.way
    tender: Json = {
        "id": it.id,
        "title": it.name,
        "description": notice.goal,
        "status": _tender_status(it),
        "procuringEntity": agency,
        "items": [_item(it, project)],
        "value": money(notice.ceiling_fen * it.seats),
        "procurementMethod": _METHODS[way],
        "procurementMethodDetails": statuses.SOURCING_WAYS[way],
        "mainProcurementCategory": "services",
        "submissionMethod": ["electronicSubmission"],
        "tenderPeriod": {"startDate": moment(it.published_at), "endDate": moment(notice.bids_until)},
        "documents": _documents(it, by),
    }
    if it.tender is None:
        tender["enquiryPeriod"] = {
            "startDate": moment(it.published_at), "endDate": moment(notice.questions_until),
        }  # fmt: skip
        tender["hasEnquiries"] = bool(it.questions)
        tender["awardCriteria"] = "ratedCriteria" if it.sealed else "qualityOnly"
        tender["awardCriteriaDetails"] = _criteria(it)
    if it.opened_at:
        tender |= {"numberOfTenderers": len(tenderers), "tenderers": tenderers}
    amended = _amendments(it)
    if amended:
        tender["amendments"] = amended
    return tender


def _tender_status(it: Sourcing) -> str:
    if it.cancelled_at:
        return "cancelled"
    if it.failed_at:
        return "unsuccessful"
    won = it.awarded_at or any(each.awarded_at and not each.why for each in it.past)
    return "complete" if won else "active"


def _criteria(it: Sourcing) -> str:
    if not it.sealed:
        return "按收件先后审查 / examined in the order of receipt"
    listed = "；".join(f"{each.name} {each.weight}%" for each in it.notice.criteria)
    ties = "、".join(statuses.TIE_RULES.values())
    return f"{listed}。同分时依次：{ties}"


def _item(it: Sourcing, project: Project) -> Json:
    return {
        "id": project.id,
        "description": f"{it.name}（{it.hours} 学时）",
        "classification": {
            "scheme": "CN-OCCUPATION",
            "id": project.occupation,
            "description": occupations.name(project.occupation),
        },
        "quantity": it.seats,
        "unit": {"name": "人", "value": money(it.notice.ceiling_fen)},
    }


def _documents(it: Sourcing, by: Publisher) -> list[Json]:
    answers = [
        {
            "id": f"question-{each.id}",
            "documentType": "clarifications",
            "title": each.text[:120],
            "description": f"问 / Q: {each.text}\n答 / A: {each.answer}",
            "datePublished": moment(each.answered_at or it.published_at),
            "language": "zh",
        }
        for each in it.questions
    ]
    papers = [
        {
            "id": f"paper-{each.id}",
            "documentType": _PAPERS[each.kind],
            "title": each.name,
            "description": f"SHA-256 {each.sha256}",
            "datePublished": moment(each.at),
        }
        for each in it.papers
    ]
    return [
        {
            "id": "notice",
            "documentType": "tenderNotice",
            "title": it.name,
            "url": f"{by.base}/v1/sourcings/{it.id}",
            "datePublished": moment(it.published_at),
            "format": "application/json",
            "language": "zh",
        },
        *answers,
        *papers,
    ]


def _amendments(it: Sourcing) -> list[Json]:
    moved = [
        (each.at, each.reason, f"{moment(each.before)} → {moment(each.after)}") for each in it.postponements
    ]
    anew = [
        (each.at, each.reason, f"bids asked for anew, {each.set_aside} set aside")
        for each in it.reinvitations
    ]
    return [
        {"id": f"amendment-{place}", "date": moment(at), "rationale": reason, "description": text}
        for place, (at, reason, text) in enumerate(sorted(moved + anew), 1)
    ]


def _awards(it: Sourcing) -> list[Json]:
    found = []
    for past in it.past:
        status = _AWARD_ENDED[past.why] if past.why else ("active" if past.awarded_at else "pending")
        found.append(_award(it, past, status, past.reason if past.why else ""))
    if it.candidate and (it.tender is None or it.awarded_at):
        found.append(_award(it, it.candidate, "active" if it.awarded_at else "pending", ""))
    return found


def _award(it: Sourcing, won: Candidate | Past, status: str, reason: str) -> Json:
    award: Json = {
        "id": won.bid_id,
        "title": it.name,
        "status": status,
        "date": moment(won.named_at),
        "value": money(won.price_fen * it.seats),
        "suppliers": [{"id": won.provider_ref, "name": won.provider_name}],
    }
    return award | {"description": reason} if reason else award


def _contract(it: Sourcing, project: Project) -> Json:
    contract, candidate = it.contract, it.candidate
    assert contract is not None  # noqa: S101  (as_of keeps it only when it is there)
    return {
        "id": contract.number,
        "awardID": candidate.bid_id if candidate else "",
        "title": it.name,
        "status": "active",
        "period": {"startDate": day(contract.begins_on), "endDate": day(contract.ends_on)},
        "value": money(contract.value_fen),
        "items": [_item(it, project)],
        "dateSigned": day(contract.signed_on),
    }


def compiled(found: list[Json]) -> Json:
    """Return the compiled release: each release is whole, so the last one says what is known."""
    last = found[-1]
    return {**last, "id": f"{last['ocid']}-{last['date']}", "tag": ["compiled"]}


def release_package(it: Sourcing, found: list[Json], by: Publisher) -> Json:
    """Return the release package of a process."""
    return {**_package(it, found, by, "releases"), "releases": found}


def record_package(it: Sourcing, found: list[Json], by: Publisher) -> Json:
    """Return the record package of a process: its releases, and what they make together."""
    record = {"ocid": by.ocid(it.id), "releases": found, "compiledRelease": compiled(found)}
    return {**_package(it, found, by, "record"), "records": [record]}


def _package(it: Sourcing, found: list[Json], by: Publisher, kind: str) -> Json:
    agency = _agency(it.region)
    return {
        "uri": by.uri(it.id, kind),
        "version": VERSION,
        "publishedDate": found[-1]["date"],
        "publisher": {"name": agency["name"], "uid": it.region, "scheme": "GB/T 2260"},
    }


def money(fen: int) -> Json:
    """Return an amount as the standard has it."""
    return {"amount": fen / 100, "currency": "CNY"}


def moment(at: datetime) -> str:
    """Return a moment as the standard has it: UTC, seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(on: date) -> str:
    """Return the beginning of a day in Shanghai."""
    return f"{on.isoformat()}T00:00:00+08:00"
