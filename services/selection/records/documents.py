"""What a credential says: an Open Badge 3.0 or a credential of the W3C model, and an SD-JWT VC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from contracts.fields import moment_text
from contracts.vocabularies import levels, occupations
from contracts.vocabularies.statuses import RECORD_ENTRY
from services.selection.domain.credentials import LIST_BITS, Credential
from services.selection.domain.entries import Entry
from services.selection.records import signing
from services.selection.records.signing import Issuer

CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
UNDEFINED: Final = "https://www.w3.org/ns/credentials/undefined-terms/v2"
NAME: Final = "五单职业技能培训平台 Wudan"
STATUS_SECONDS: Final = 86_400
CERTIFICATE_TYPE: Final = "urn:wudan:credential:certificate:1"
RECORD_TYPE: Final = "urn:wudan:credential:record:1"
Document = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a credential is made of: its entries, its certificate's credits, the person as intake told."""

    credential: Credential
    entries: Sequence[Entry]
    credits: int | None
    person: Mapping[str, str]


def badge(said: Said, issuer: Issuer) -> str:
    """Return the credential as `vc+jwt`: an Open Badge for a certificate, else one of the W3C model."""
    made = said.credential
    certificate = made.kind == "certificate"
    more = [BADGES] if certificate else [UNDEFINED]
    types = ["OpenBadgeCredential"] if certificate else ["LearnerRecordCredential"]
    title = _title(said.entries[0]) if certificate else "劳动者职业培训电子档案"
    document = {
        "@context": [CONTEXT, *more],
        "id": _urn(made.id),
        "type": ["VerifiableCredential", *types],
        "issuer": {"id": issuer.id, "type": ["Profile"], "name": NAME},
        "name": title,
        "validFrom": moment_text(made.issued_at),
        "validUntil": moment_text(made.until),
        "credentialSubject": _achievement(said) if certificate else _record(said),
        "credentialStatus": _bit(made, issuer),
    }
    times = {"nbf": _seconds(made.issued_at), "exp": _seconds(made.until)}
    names = {"iss": issuer.id, "jti": document["id"], "sub": _urn(made.subject)}
    return issuer.signed({**document, **names, **times}, signing.VC_JWT)


def selective(said: Said, issuer: Issuer) -> str:
    """Return the credential as `dc+sd-jwt`: what identifies the person may be left out when it is shown."""
    made = said.credential
    certificate = made.kind == "certificate"
    shown: Document = {
        "iss": issuer.id,
        "vct": CERTIFICATE_TYPE if certificate else RECORD_TYPE,
        "iat": _seconds(made.issued_at),
        "nbf": _seconds(made.issued_at),
        "exp": _seconds(made.until),
        "status": {
            "status_list": {
                "idx": made.status_index,
                "uri": f"{issuer.base}/token-status-lists/{made.status_list}",
            }
        },
    }
    hidden: Document = dict(said.person)
    if certificate:
        values = said.entries[0].now
        shown |= {name: values[name] for name in ("occupation", "level", "issued_on")}
        shown |= {"title": _title(said.entries[0])}
        hidden |= {"number": values["number"], "ability": values["ability"], "credits": said.credits}
    else:
        for kind in made.scope:
            hidden[kind] = [_line(entry) for entry in said.entries if entry.kind == kind]
    return issuer.selectively(shown, {k: v for k, v in hidden.items() if v is not None}, made.holder_key)


def status_list(number: int, revoked: Sequence[int], now: datetime, issuer: Issuer) -> str:
    """Return a list of the W3C form as a signed credential."""
    url = f"{issuer.base}/status-lists/{number}"
    document = {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": moment_text(now),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": signing.bitstring(revoked, LIST_BITS),
        },
    }
    times = {"iat": _seconds(now), "exp": _seconds(now) + STATUS_SECONDS}
    return issuer.signed({**document, "iss": issuer.id, "jti": url, **times}, signing.VC_JWT)


def token_status_list(number: int, revoked: Sequence[int], now: datetime, issuer: Issuer) -> str:
    """Return a list of the IETF form."""
    claims = {
        "iss": issuer.id,
        "sub": f"{issuer.base}/token-status-lists/{number}",
        "iat": _seconds(now),
        "exp": _seconds(now) + STATUS_SECONDS,
        "status_list": {"bits": 1, "lst": signing.token_list(revoked, LIST_BITS)},
    }
    return issuer.signed(claims, signing.STATUS_JWT)


def _achievement(said: Said) -> Document:
    entry = said.entries[0]
    values = entry.now
    subject: Document = {
        "id": _urn(said.credential.subject),
        "type": ["AchievementSubject"],
        "activityEndDate": f"{values['issued_on']}T00:00:00+08:00",
        "licenseNumber": values["number"],
        "achievement": {
            "id": f"urn:wudan:occupation:{values['occupation']}:{values['level']}",
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": _title(entry),
            "description": _title(entry),
            "humanCode": values["occupation"],
            "criteria": {
                "narrative": "按国家职业标准考核合格 / assessed by the national occupational standard"
            },
        },
    }
    if said.credits is not None:
        subject["creditsEarned"] = said.credits
    if "name" in said.person:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "identityHash": said.person["name"],
                "identityType": "name",
                "hashed": False,
            }
        ]
    return subject


def _record(said: Said) -> Document:
    entries = {
        kind: [_line(entry) for entry in said.entries if entry.kind == kind] for kind in said.credential.scope
    }
    name = {"name": said.person["name"]} if "name" in said.person else {}
    return {"id": _urn(said.credential.subject), **name, "record": entries}


def _line(entry: Entry) -> Document:
    """Return an entry with its source and time, under words that stand alone outside."""
    return {
        "kind": entry.kind,
        "kind_zh": RECORD_ENTRY[entry.kind],
        "source": entry.source,
        "told_at": moment_text(entry.at),
        **{name: value for name, value in entry.now.items() if value is not None},
    }


def _title(entry: Entry) -> str:
    values = entry.now
    what = values.get("ability") or occupations.name(values["occupation"])
    return f"{what} {levels.written(values['level'])}"


def _bit(made: Credential, issuer: Issuer) -> Document:
    url = f"{issuer.base}/status-lists/{made.status_list}"
    return {
        "id": f"{url}#{made.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(made.status_index),
        "statusListCredential": url,
    }


def _urn(id: str) -> str:
    return f"urn:uuid:{UUID(id)}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
