"""The world outside, which the demonstration has to set up: registries, the bank's own statement."""

from typing import Any, Final

from infra.demo.client import Client

PAYER: Final = "370600000001"


class Outside:
    """The stand-in's administration and, as its customer would, the bank. url: the stand-in's address."""

    def __init__(self, url: str, admin_token: str, bank_token: str, patience: float) -> None:
        self._admin = Client(f"{url}/admin", patience, admin_token)
        self._bank = Client(f"{url}/bank", patience, bank_token)

    def load(self, kind: str, rows: list[dict[str, Any]]) -> None:
        """Load enterprises, employments or certificates."""
        self._admin.post(f"/{kind}", {kind: rows})

    def bookings(self, since: str, until: str) -> list[dict[str, Any]]:
        """Return the bookings on the payer's account over some days (ISO), as the bank has them."""
        asked = {"account": PAYER, "from": since, "to": until}
        found: list[dict[str, Any]] = self._bank.post("/statements", asked)["lines"]
        return found
