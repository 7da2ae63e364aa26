"""What the benchmarks compare with, registered only when WUDAN_BENCH is set: bare JSON, and an empty call."""

from flask import Flask, Response, jsonify

from contracts.vocabularies.errors import Refusal
from gateway.api import schemas
from gateway.api.endpoint import Asked, Endpoint
from gateway.parts import parts


def _empty(asked: Asked) -> dict[str, object]:
    if asked.account is None:
        raise Refusal("gateway.unauthenticated")
    services = parts().services
    actor = services.actors.token(asked.account, "intake")
    return services.send("intake.ping", asked.body, actor, parts().config.command_seconds, asked.key)


def register_bare(app: Flask) -> None:
    """Add the bare JSON route, past the machinery of the API."""

    @app.get("/v1/bench/json")
    def bare() -> Response:
        return jsonify(status="ok")


ENDPOINTS = [
    Endpoint(
        "bench-empty",
        "POST",
        "/bench/empty",
        "bench",
        schemas.Nothing,
        None,
        frozenset(),
        _empty,
        changes=True,
    )
]
