"""The officers' accounts of the demonstration: made by the administrator, the same ones in every run."""

import base64
import hashlib
import hmac
from typing import Final, NamedTuple

from contracts.vocabularies import roles
from infra.demo.client import Client, Refused
from infra.errors import Trouble

ADMINISTRATOR: Final = "administrator"
CITY: Final = "370600"


class Officer(NamedTuple):
    """An officer of 烟台市: user name and the one role it has."""

    username: str
    role: str


OFFICERS: Final = (
    Officer("demo.catalogue", roles.CATALOGUE_OFFICER),
    Officer("demo.supervisor", roles.SUPERVISOR),
    Officer("demo.opening.1", roles.OPENING_OFFICER),
    Officer("demo.opening.2", roles.OPENING_OFFICER),
    Officer("demo.panel.1", roles.PANEL_MEMBER),
    Officer("demo.panel.2", roles.PANEL_MEMBER),
    Officer("demo.panel.3", roles.PANEL_MEMBER),
    Officer("demo.panel.4", roles.PANEL_MEMBER),
    Officer("demo.panel.5", roles.PANEL_MEMBER),
    Officer("demo.panel.6", roles.PANEL_MEMBER),
    Officer("demo.first-review", roles.FIRST_REVIEWER),
    Officer("demo.second-review", roles.SECOND_REVIEWER),
    Officer("demo.finance", roles.FINANCE_OFFICER),
    Officer("demo.payment", roles.PAYMENT_OFFICER),
    Officer("demo.auditor", roles.AUDITOR),
)


def password_of(username: str, admin_password: str) -> str:
    """Return the password of a demonstration account, which only follows from the administrator's."""
    mac = hmac.new(admin_password.encode(), f"wudan-demo|{username}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac)[:16].decode().lower()


def administrator(nobody: Client, password: str) -> Client:
    """Return the administrator's client. Raises Trouble when the password is not the right one."""
    try:
        return nobody.signed_in(ADMINISTRATOR, password)
    except Refused as refused:
        raise Trouble(
            f"The administrator cannot sign in ({refused.code}).", "Check WUDAN_ADMIN_PASSWORD."
        ) from None


def ensure_officers(nobody: Client, admin: Client, password: str) -> dict[str, Client]:
    """Make the officers' accounts where they are missing, sign all in, and return their clients by user name.

    Raises Trouble when a user name is taken with another password.
    """
    clients = {}
    for username, role in OFFICERS:
        own = password_of(username, password)
        body = {"username": username, "password": own, "roles": [role], "region": CITY}
        try:
            # one key for the account: the second run is answered with what the first one made
            admin.post("/officers", body, key=f"demo-{username}")
            clients[username] = nobody.signed_in(username, own)
        except Refused as refused:
            raise Trouble(
                f"The account {username} cannot be used ({refused.code}).",
                "Somebody made or changed it by hand; begin with empty data, or delete it.",
            ) from None
    return clients
