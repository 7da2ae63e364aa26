"""One way from a request to an answer for the whole API: how often, who, what, where, then the work."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Response
from flask_smorest import Blueprint

from contracts.registry import Call
from contracts.vocabularies import regions, roles
from contracts.vocabularies.errors import Refusal
from gateway.accounts.store import Holder
from gateway.api import answering, documenting, reading
from gateway.api.cursors import FIELD
from gateway.api.endpoint import Answer, Asked, Endpoint, of_route
from gateway.api.route import PREFIX, Route
from gateway.parts import caller, identity, parts

_REGION: Final = "region"


def blueprint(name: str, title: str, endpoints: Iterable[Endpoint]) -> Blueprint:
    """Return the blueprint of a service's or of the gateway's own endpoints. title: shown in the document."""
    made = Blueprint(name, __name__, url_prefix=PREFIX, description=title)
    for endpoint in endpoints:
        made.add_url_rule(
            endpoint.rule,
            endpoint=endpoint.name,
            view_func=documenting.described(endpoint, _view(endpoint)),
            methods=[endpoint.method],
        )
    return made


def of_routes(name: str, title: str, routes: Iterable[Route]) -> Blueprint:
    """Return the blueprint of a service's route table."""
    return blueprint(name, title, [endpoint_of(route) for route in routes])


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**variables: str) -> Response:
        parts().requests.hit(caller())
        at_hand = endpoint.shortcut()
        if at_hand is not None:
            return at_hand
        account = _allowed(endpoint)
        body = reading.body_of(endpoint, variables)
        shown = dict(body)
        if endpoint.paged and body.get(FIELD) is not None:
            body[FIELD] = parts().cursors.opened(str(body[FIELD]), endpoint.name, shown)
        key = reading.idempotency_key() if endpoint.changes else ""
        version = reading.expected_version() if endpoint.changes else None
        response = _response(endpoint, _done(endpoint, Asked(body, account, key, version)), shown)
        if key:
            response.headers["Idempotency-Key"] = key
        return response

    view.__name__ = endpoint.name
    return view


def perform(endpoint: Endpoint, body: dict[str, Any], key: str = "", version: int | None = None) -> Answer:
    """Do for a page what the API does for a client. Raises Refusal and Invalid, as there."""
    return _done(endpoint, Asked(body, _allowed(endpoint), key, version))


def endpoint_of(route: Route) -> Endpoint:
    """Return the endpoint of a service's route."""
    return of_route(route, _gathered if route.gathered else _call)


def _done(endpoint: Endpoint, asked: Asked) -> Answer:
    reading.check_contract(endpoint, asked.body)
    _check_region(endpoint, asked.account, asked.body)
    return endpoint.run(asked)


def _allowed(endpoint: Endpoint) -> Holder | None:
    """Return who asks. Raises `gateway.unauthenticated` or `role.forbidden`."""
    who = identity()
    if who is None:
        if endpoint.open:
            return None
        raise Refusal("gateway.unauthenticated")
    if endpoint.roles and not endpoint.roles & who.account.roles:
        raise Refusal("role.forbidden", roles=", ".join(sorted(endpoint.roles)))
    return who.account


def _check_region(endpoint: Endpoint, account: Holder | None, body: dict[str, Any]) -> None:
    """An officer who acts as one names a region that is theirs; the service checks what it knows besides."""
    region = body.get(_REGION)
    acting = account.roles & endpoint.roles & roles.OFFICERS if account else frozenset()
    if account is None or not acting or account.region is None or not isinstance(region, str):
        return
    if not regions.covers(account.region, region):
        raise Refusal("region.forbidden", field=_REGION, region=region)


def _call(call: Call, asked: Asked) -> Answer:
    return parts().services.call(call, asked.body, asked.account, asked.key, asked.expected_version)


def _gathered(call: Call, asked: Asked) -> Answer:
    return parts().gathered.call(call, asked.body, asked.account, asked.key)


def _response(endpoint: Endpoint, answer: Answer, shown: dict[str, Any]) -> Response:
    if isinstance(answer, Response):
        return answering.conditional(answer) if endpoint.method == "GET" else answer
    if endpoint.paged:
        response = answering.with_cursor(answer, parts().cursors, endpoint.name, shown)
    else:
        response = answering.of_result(answer, endpoint.status)
    return answering.conditional(response) if endpoint.method == "GET" else response
