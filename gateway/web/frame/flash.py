"""What is said once on the next page: done, and what comes next. It travels signed in a cookie of its own."""

from typing import Any, Final

from flask import Response, g, request

from contracts.vocabularies.errors import Refusal
from gateway.parts import parts
from gateway.web.language import Text

COOKIE: Final = "wudan_said"
_SALT: Final = "said"
_SECONDS: Final = 60


def say(response: Any, text: Text) -> None:
    """Have the next page say it."""
    sealed = parts().cursors.sealed([text.zh[:400], text.en[:400]], _SALT, {})
    response.set_cookie(
        COOKIE, sealed, max_age=_SECONDS, httponly=True, samesite="Lax", secure=parts().config.https
    )


def said() -> Text | None:
    """Return what the page before wants said, and have the browser forget it."""
    sealed = request.cookies.get(COOKIE)
    if not sealed:
        return None
    g.said = True
    try:
        zh, en = parts().cursors.opened(sealed, _SALT, {})
    except (Refusal, TypeError, ValueError):
        return None
    return Text(str(zh), str(en))


def forget(response: Response) -> Response:
    """Take the cookie away once it was read."""
    if g.get("said"):
        response.delete_cookie(COOKIE, path="/")
    return response
