"""Risk marks (风险提示) of a claim: what looks unusual, with its figures. A mark refuses nothing by itself.

37 §19 and 600 §7 ask for checks against fraud; the thresholds are dated parameters of the platform.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.dates import today_in_shanghai

MOST_PEOPLE: Final = 5000
# 共用电话, 共用账号, 签到过快, 签到过密, 一人同时两处, 新机构集中发证, 领取养老金, 登记休眠, 材料被改动,
# 材料有威胁
CODES: Final = (
    "same_phone",
    "same_account",
    "sign_ins_too_fast",
    "sign_ins_too_dense",
    "two_places",
    "bulk_certificates",
    "draws_pension",
    "body_dormant",
    "evidence_edited",
    "evidence_infected",
)
_CONTACTS: Final = {"phone": "same_phone", "bank_account": "same_account"}


@dataclass(frozen=True)
class Thresholds:
    """From when on something is marked; of the rules of the day of the claim."""

    contact_people: int
    per_minute: int
    percent_of_seats: int
    bulk_days: int
    bulk_certificates: int


@dataclass(frozen=True)
class Mark:
    """One thing to look into. id: of code, subject and people: an answer holds while these are the same."""

    id: str
    code: str
    people: tuple[str, ...]
    figures: Mapping[str, Any]
    zh: str
    en: str


@dataclass(frozen=True)
class Cluster:
    """People of a claim who share a phone or an account. people: all who share it, others included."""

    kind: str
    person_refs: tuple[str, ...]
    people: int


@dataclass(frozen=True)
class SessionHeld:
    """One session of a class, with its sign-ins where they were told."""

    class_id: str
    session_id: str
    seats: int
    place: str
    starts: datetime
    ends: datetime
    people: int | None = None
    busiest_minute: int | None = None


@dataclass(frozen=True)
class Issuer:
    """A body that issued certificates of the claim. certificates: within the days after its admission."""

    ref: str
    name: str
    state: str
    certificates: int = 0


@dataclass(frozen=True)
class Evidence:
    """A file of the claim that is not as it should be. fault: edited or infected."""

    file_id: str
    name: str
    fault: str


@dataclass(frozen=True)
class Seen:
    """What the marks of one claim are made of. attended: sessions by person, of any class."""

    clusters: Sequence[Cluster] = ()
    sessions: Sequence[SessionHeld] = ()
    attended: Mapping[str, Sequence[SessionHeld]] = field(default_factory=dict)
    issuers: Sequence[Issuer] = ()
    pensioners: Sequence[str] = ()
    bodies: Sequence[Issuer] = ()
    evidence: Sequence[Evidence] = ()


def marks(seen: Seen, most: Thresholds) -> list[Mark]:
    """Return the marks of a claim, in the order of CODES."""
    found = [
        *_shared(seen.clusters, most),
        *_sign_ins(seen.sessions, most),
        *_two_places(seen.attended),
        *_bulk(seen.issuers, most),
        *_pensions(seen.pensioners),
        *_dormant(seen.bodies),
        *_evidence(seen.evidence),
    ]
    return sorted(found, key=lambda mark: (CODES.index(mark.code), mark.id))


def _mark(code: str, subject: str, people: Iterable[str], zh: str, en: str, figures: dict[str, Any]) -> Mark:
    named = tuple(sorted(people))[:MOST_PEOPLE]
    text = "\n".join((code, subject, *named))
    id = f"{code}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return Mark(id, code, named, figures, zh, en)


def _shared(clusters: Iterable[Cluster], most: Thresholds) -> list[Mark]:
    found = []
    for each in clusters:
        if each.people < most.contact_people:
            continue
        zh_what, en_what = ("电话", "phone") if each.kind == "phone" else ("银行账号", "bank account")
        here = len(each.person_refs)
        zh = f"{each.people}人共用同一{zh_what}，其中本申请{here}人"
        en = f"{each.people} people share one {en_what}, {here} of them in this claim"
        figures = {"people": each.people, "here": here, "threshold": most.contact_people}
        found.append(_mark(_CONTACTS[each.kind], "", each.person_refs, zh, en, figures))
    return found


def _sign_ins(sessions: Iterable[SessionHeld], most: Thresholds) -> list[Mark]:
    found = []
    for each in sessions:
        subject = f"{each.class_id}:{each.session_id}"
        if each.busiest_minute is not None and each.busiest_minute > most.per_minute:
            zh = f"一分钟内签到{each.busiest_minute}人，上限{most.per_minute}人（{each.place}）"
            en = f"{each.busiest_minute} sign-ins within a minute, at most {most.per_minute} are expected"
            figures = {"session_id": each.session_id, "busiest_minute": each.busiest_minute}
            found.append(_mark("sign_ins_too_fast", subject, (), zh, en, {**figures, "seats": each.seats}))
        if each.people is not None and each.people * 100 > each.seats * most.percent_of_seats:
            zh = f"一次课签到{each.people}人，座位{each.seats}个（{each.place}）"
            en = f"{each.people} people signed in to one session, the place has {each.seats} seats"
            figures = {"session_id": each.session_id, "people": each.people, "seats": each.seats}
            found.append(_mark("sign_ins_too_dense", subject, (), zh, en, figures))
    return found


def _two_places(attended: Mapping[str, Sequence[SessionHeld]]) -> list[Mark]:
    """Mark pairs of classes in whose sessions somebody was at the same time, at two places."""
    pairs: dict[tuple[str, str], set[str]] = {}
    for person_ref, sessions in attended.items():
        held = sorted(sessions, key=lambda each: (each.starts, each.session_id))
        for number, one in enumerate(held):
            for other in held[number + 1 :]:
                if other.starts >= one.ends:
                    break
                if other.class_id != one.class_id and other.place != one.place:
                    pair = (min(one.class_id, other.class_id), max(one.class_id, other.class_id))
                    pairs.setdefault(pair, set()).add(person_ref)
    found = []
    for (one_id, other_id), people in pairs.items():
        zh = f"{len(people)}人在同一时间出现在两个班次的不同地点"
        en = f"{len(people)} people were at two places at the same time, in two classes"
        figures = {"classes": [one_id, other_id], "people": len(people)}
        found.append(_mark("two_places", f"{one_id}:{other_id}", people, zh, en, figures))
    return found


def _bulk(issuers: Iterable[Issuer], most: Thresholds) -> list[Mark]:
    found = []
    for each in issuers:
        if each.certificates < most.bulk_certificates:
            continue
        zh = f"评价机构“{each.name}”登记后{most.bulk_days}日内发证{each.certificates}本"
        en = f"the body issued {each.certificates} certificates within {most.bulk_days} days of its admission"
        figures = {"body_ref": each.ref, "certificates": each.certificates, "days": most.bulk_days}
        found.append(_mark("bulk_certificates", each.ref, (), zh, en, figures))
    return found


def _pensions(people: Sequence[str]) -> list[Mark]:
    if not people:
        return []
    zh, en = f"{len(people)}人已领取养老金", f"{len(people)} people draw a pension"
    return [_mark("draws_pension", "", people, zh, en, {"people": len(people)})]


def _dormant(bodies: Iterable[Issuer]) -> list[Mark]:
    en = "the body's registration is dormant"
    return [
        _mark("body_dormant", each.ref, (), f"机构“{each.name}”登记状态为休眠", en, {"body_ref": each.ref})
        for each in bodies
        if each.state == "dormant"
    ]


def _evidence(files: Iterable[Evidence]) -> list[Mark]:
    words = {
        "edited": ("evidence_edited", "材料内容与摘要不符", "a file's content differs from its hash"),
        "infected": ("evidence_infected", "材料经扫描发现威胁", "the scanner found a threat in a file"),
    }
    found = []
    for each in files:
        code, zh, en = words[each.fault]
        found.append(_mark(code, each.file_id, (), f"{zh}：{each.name}", en, {"file_id": each.file_id}))
    return found


def admitted_within(admitted_at: datetime, days: int) -> tuple[str, str]:
    """Return the first and the last day (ISO, Asia/Shanghai as on certificates) after an admission."""
    first = today_in_shanghai(admitted_at)
    return first.isoformat(), (first + timedelta(days=days)).isoformat()
