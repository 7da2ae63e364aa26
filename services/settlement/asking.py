"""What settlement asks of intake, which owns personal data, in its own name."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from contracts.vocabularies.roles import service_role
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.settings import Settings

_SELF: Final = Actor(service_role("settlement"), frozenset({service_role("settlement")}))
_SECONDS: Final = 5.0


@cache
def _clients(url: str) -> RpcClients:
    return RpcClients(url, "settlement")


def ask(
    settings: Settings, target: str, body: Mapping[str, Any], seconds: float = _SECONDS, key: str = ""
) -> Any:
    """Call intake as settlement itself; key: of a command. Raises the callee's Refusal, or `unavailable`."""
    token = sign(_SELF, SigningKey(*settings.actor_signing_key()))
    return _clients(settings.amqp_url()).call(target, envelope(dict(body), token, seconds, key))


def masked_names(settings: Settings, person_refs: Sequence[str]) -> dict[str, str | None]:
    """Return the masked name of each person, None of who is unknown or forgotten."""
    found = ask(settings, "intake.masked_names", {"person_refs": list(person_refs)})
    return {each["person_ref"]: each["name"] for each in found["items"]}
