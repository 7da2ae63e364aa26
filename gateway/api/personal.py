"""A copy of all that is held on the person who asks, gathered from every service: /v1/persons/me/data."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Response, json
from marshmallow import fields

from contracts.commands import (
    acceptance_personal,
    intake_personal,
    selection_records,
    settlement_personal,
)
from contracts.fields import Contract, Moment, listed, moment_text
from contracts.personal import DataSection, PersonalData
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from gateway.accounts.store import Holder
from gateway.api.endpoint import Asked, Endpoint
from gateway.parts import parts

_TAG: Final = "intake"
_CALLS: Final = (
    intake_personal.EXPORT_PERSON,
    selection_records.EXPORT_PERSON,
    acceptance_personal.EXPORT_PERSON,
    settlement_personal.EXPORT_PERSON,
)
_MOST: Final = 1000


class AllData(Contract):
    """Every service's part, and the gateway's own (account, notices). Whole, or not at all."""

    made_at = Moment(required=True)
    services = listed(fields.Nested(PersonalData), required=True)


class _Nothing(Contract):
    """Nothing is asked for."""


def _copy(asked: Asked) -> Response:
    account = asked.account
    if account is None:
        raise Refusal("gateway.unauthenticated")
    # intake first: who has no person registered is told so, and it has the copy on record
    told = [parts().services.call(call, {}, account) for call in _CALLS]
    content = {
        "made_at": moment_text(parts().clock.now()),
        "services": [*told, {"service": "gateway", "sections": list(_own(account))}],
    }
    raw = json.dumps(content, ensure_ascii=False).encode()
    response = Response(raw, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(account: Holder) -> Iterable[dict[str, Any]]:
    item = {"id": account.id, "username": account.username, "roles": sorted(account.roles)}
    why = "登录与权限；口令只存散列 / sign-in and roles; of the password a hash only"
    yield DataSection().dump({"name": "account", "zh": "账号", "why": why, "items": [item], "more": False})
    person, _body = parts().services.actors.stands_for(account)
    found, after = parts().notices.page([person or account.id], False, None, _MOST)
    items = [
        {
            "id": str(row["_id"]),
            **{
                name: moment_text(value) if hasattr(value, "isoformat") else value
                for name, value in row.items()
                if name not in ("_id", "order")
            },
        }
        for row in found
    ]
    why = "办理进度通知 / notices of what happened"
    yield DataSection().dump(
        {"name": "notices", "zh": "消息", "why": why, "items": items, "more": after is not None}
    )


ENDPOINTS = [
    Endpoint(
        "my-data", "GET", "/persons/me/data", _TAG, _Nothing, AllData, frozenset({roles.WORKER}), _copy,
        summary="我的全部个人信息 / a copy of all that is held on me",
    ),
]  # fmt: skip
