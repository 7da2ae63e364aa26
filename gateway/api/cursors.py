"""Cursors of lists as clients see them: signed, good for one list and its filters only."""

from collections.abc import Mapping
from typing import Any, Final

from flask import json
from itsdangerous import BadData, URLSafeSerializer

from contracts.vocabularies.errors import Refusal

FIELD: Final = "cursor"
_LIMIT: Final = "limit"


class Cursors:
    """Signs and opens cursors."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def sealed(self, inner: Any, name: str, filters: Mapping[str, Any]) -> str:
        """Return a list's own cursor in the form that leaves the gateway; name: of the call."""
        text = self._serializer(name, filters).dumps(inner)
        return text if isinstance(text, str) else text.decode()

    def opened(self, given: str, name: str, filters: Mapping[str, Any]) -> Any:
        """Return the list's own cursor. Raises Refusal `gateway.cursor`."""
        try:
            return self._serializer(name, filters).loads(given)
        except BadData:
            raise Refusal("gateway.cursor", field=FIELD) from None

    def _serializer(self, name: str, filters: Mapping[str, Any]) -> URLSafeSerializer:
        kept = {key: value for key, value in filters.items() if key not in (FIELD, _LIMIT)}
        return URLSafeSerializer(self._secret, salt=f"{name}|{json.dumps(kept, sort_keys=True)}")
