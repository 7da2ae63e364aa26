"""python -m infra.standin: serve the stand-in on WUDAN_STANDIN_BIND."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from werkzeug.serving import WSGIRequestHandler, make_server

from infra.standin.app import create_app
from infra.standin.web import Options


def read_options(environ: Mapping[str, str]) -> Options:
    """Return the options from the environment; ends the process with one line when one is missing."""

    def required(name: str) -> str:
        return environ.get(name) or sys.exit(f"standin: {name} is not set (infra/standin/README.md)")

    return Options(
        state=Path(required("WUDAN_STANDIN_STATE")),
        registry_token=required("WUDAN_REGISTRY_TOKEN"),
        bank_token=required("WUDAN_BANK_TOKEN"),
        admin_token=environ.get("WUDAN_STANDIN_ADMIN_TOKEN", ""),
        accept_unknown=environ.get("WUDAN_STANDIN_ACCEPT_UNKNOWN", "true").lower() == "true",
        settle_seconds=float(environ.get("WUDAN_STANDIN_SETTLE_SECONDS", "1")),
    )


class _Quiet(WSGIRequestHandler):
    """Keeps connections open and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def main() -> None:
    """Serve until SIGTERM or SIGINT; a SIGKILL loses nothing that was answered."""
    app = create_app(read_options(os.environ))
    host, _, port = os.environ.get("WUDAN_STANDIN_BIND", "127.0.0.1:8900").rpartition(":")
    if not port.isdigit():
        sys.exit("standin: WUDAN_STANDIN_BIND must be host:port")
    server = make_server(host or "127.0.0.1", int(port), app, threaded=True, request_handler=_Quiet)

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"standin: registries and bank on http://{host}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
