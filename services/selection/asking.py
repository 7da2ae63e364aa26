"""What selection asks of intake, which owns personal data, in its own name."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from contracts.vocabularies.roles import service_role
from services.chassis.actor import Actor, SigningKey, sign
from services.chassis.rpc_client import RpcClients, envelope
from services.chassis.settings import Settings

_SELF: Final = Actor(service_role("selection"), frozenset({service_role("selection")}))
_SECONDS: Final = 4.0


@cache
def _clients(url: str) -> RpcClients:
    return RpcClients(url, "selection")


def subject(settings: Settings, purpose: str, person_ref: str, wanted: Sequence[str]) -> Mapping[str, str]:
    """Return the wanted of a person's name and id number, once intake has the disclosure on record.

    Raises Refusal `not_found` for who was forgotten, `unavailable`.
    """
    token = sign(_SELF, SigningKey(*settings.actor_signing_key()))
    body: dict[str, Any] = {"person_ref": person_ref, "fields_wanted": list(wanted), "purpose": purpose}
    told = _clients(settings.amqp_url()).call("intake.credential_subject", envelope(body, token, _SECONDS))
    return {name: told[name] for name in wanted}
