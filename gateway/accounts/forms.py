"""Tokens that tie a form to the browser that it was shown to (against cross-site requests)."""

import hashlib
import hmac

from contracts.vocabularies.errors import Refusal


class FormTokens:
    """HMAC-SHA256 of the browser's cookie under the secret of sessions."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"form|{secret}".encode()).digest()

    def token(self, cookie: str) -> str:
        """Return the token for the forms of the browser that has this cookie."""
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    def check(self, cookie: str, given: str) -> None:
        """Raise Refusal `gateway.form` unless the token is the cookie's."""
        if not cookie or not hmac.compare_digest(self.token(cookie).encode(), given.encode()):
            raise Refusal("gateway.form")
