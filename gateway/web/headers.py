"""Security headers of every response."""

from typing import Final

from flask import Flask, Response, current_app, g

_PAGE: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
}


def secure(app: Flask) -> None:
    """Put the headers on every response of the app."""

    @app.after_request
    def put(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", g.get("policy") or _PAGE)
        parts = current_app.extensions.get("wudan")
        if parts is not None and parts.config.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response


def with_inline_styles() -> str:
    """Return the policy of the one page whose library (Swagger UI) sets styles inline."""
    return _PAGE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
