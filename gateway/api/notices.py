"""The inbox (消息) of a person or body: /v1/inbox."""

from typing import Any, Final

from marshmallow import fields

from contracts.fields import Contract, Count, Moment, Ref, listed, moment_text
from contracts.paging import Page
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from gateway.api.cursors import FIELD
from gateway.api.endpoint import Asked, Endpoint
from gateway.notices.table import said
from gateway.parts import parts


class NoticesAsked(Page):
    """One's own notices, the latest first."""

    unread_only = fields.Boolean(load_default=False)


class Words(Contract):
    zh = fields.String(required=True)
    en = fields.String(required=True)


class NoticeShown(Contract):
    """type: of the fact that is told; subject: the id of what it is about; read_at: null while unread."""

    id = Ref(required=True)
    type = fields.String(required=True)
    subject = Ref(required=True)
    recipient = Ref(required=True)
    text = fields.Nested(Words, required=True)
    at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)


class Notices(Contract):
    """unread: how many in all were not read yet; next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(NoticeShown), high=100, required=True)
    unread = Count(required=True)
    next = Ref(required=True, allow_none=True)


class NoticeRead(Contract):
    notice_id = Ref(required=True)


class Nothing(Contract):
    pass


class Unread(Contract):
    unread = Count(required=True)


def _own(asked: Asked) -> list[str]:
    """Return the references that the account stands for."""
    if asked.account is None:
        raise Refusal("gateway.unauthenticated")
    return [ref for ref in parts().services.actors.asked(asked.account) if ref]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    text = {language: said(row["type"], row["facts"], language) for language in ("zh", "en")}
    return {
        **{name: row[name] for name in ("type", "subject", "recipient")},
        "id": row["_id"],
        "text": text,
        "at": moment_text(row["at"]),
        "read_at": moment_text(row["read_at"]) if row["read_at"] else None,
    }


def _list(asked: Asked) -> dict[str, Any]:
    mine = _own(asked)
    body = asked.body
    found, following = parts().notices.page(
        mine, body.get("unread_only", False), body.get(FIELD), body.get("limit", 20)
    )
    return {
        "items": [_shown(row) for row in found],
        "unread": parts().notices.unread(mine),
        "next": following,
    }


def _read(asked: Asked) -> dict[str, Any]:
    mine = _own(asked)
    if not parts().notices.mark_read(mine, parts().clock.now(), asked.body["notice_id"]):
        raise Refusal("not_found", what="notices")
    return {"unread": parts().notices.unread(mine)}


def _read_all(asked: Asked) -> dict[str, Any]:
    mine = _own(asked)
    parts().notices.mark_read(mine, parts().clock.now())
    return {"unread": parts().notices.unread(mine)}


_WHO: Final = roles.SELF_REGISTERED
ENDPOINTS = [
    Endpoint(
        "notices", "GET", "/inbox", "notices", NoticesAsked, Notices, _WHO, _list,
        summary="我的消息 / notices",
    ),
    Endpoint(
        "read-notice", "POST", "/inbox/<notice_id>/reading", "notices", NoticeRead, Unread, _WHO, _read,
        summary="标为已读 / mark read",
    ),
    Endpoint(
        "read-notices", "POST", "/inbox/reading", "notices", Nothing, Unread, _WHO, _read_all,
        summary="全部标为已读 / mark all read",
    ),
]  # fmt: skip
