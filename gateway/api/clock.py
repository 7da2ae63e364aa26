"""The demonstration's clock: /v1/demonstration/clock."""

from contracts.vocabularies import roles
from gateway.api import schemas
from gateway.api.endpoint import Asked, Endpoint
from gateway.map.cards import plain
from gateway.parts import parts


def _now(_asked: Asked) -> dict[str, object]:
    return {"moment": plain(parts().clock.now())}


def _move(asked: Asked) -> dict[str, object]:
    moment = schemas.ClockMoment().load(asked.body)["moment"]
    return {"moment": plain(parts().clock.advance_to(moment))}


_ADMINISTRATOR = frozenset({roles.ADMINISTRATOR})
_RULE = "/demonstration/clock"
_MOMENT = schemas.ClockMoment
ENDPOINTS = [
    Endpoint(
        "get-clock", "GET", _RULE, "gateway", schemas.Nothing, _MOMENT, frozenset(), _now, open=True,
        summary="业务时间 / business time",
    ),
    Endpoint(
        "move-clock", "POST", _RULE, "gateway", _MOMENT, _MOMENT, _ADMINISTRATOR, _move,
        summary="调整业务时间（仅演示） / move business time (demonstration only)",
    ),
]  # fmt: skip
