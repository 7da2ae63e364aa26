"""The gateway's own settings beside those of services/chassis/settings.py, all with defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from services.chassis.settings import SettingsError


@dataclass(frozen=True)
class Config:
    """How the gateway runs.

    workers, threads: of gunicorn; requests_a_minute: by account, or by address when not signed in;
    sign_ins_a_minute: sign-ins and sign-ups by address; 0 stands for no limit. trusted_proxies: how many
    proxies in front set X-Forwarded-For; https: cookies and headers for TLS; command_seconds, query_seconds:
    deadlines of calls; bench: the two routes that the benchmarks compare with.
    """

    workers: int
    threads: int
    requests_a_minute: int
    sign_ins_a_minute: int
    trusted_proxies: int
    https: bool
    command_seconds: int
    query_seconds: int
    bench: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read WUDAN_GATEWAY_* (and WUDAN_BENCH). Raises SettingsError when one is no whole number."""

        def number(name: str, default: int, least: int = 0) -> int:
            text = environ.get(name, "").strip() or str(default)
            if not (text.isascii() and text.isdigit() and int(text) >= least):
                raise SettingsError(f"{name} must be a whole number of at least {least} (docs/operations.md)")
            return int(text)

        return cls(
            workers=number("WUDAN_GATEWAY_WORKERS", 2, 1),
            threads=number("WUDAN_GATEWAY_THREADS", 32, 1),
            requests_a_minute=number("WUDAN_GATEWAY_REQUESTS_A_MINUTE", 1200),
            sign_ins_a_minute=number("WUDAN_GATEWAY_SIGN_INS_A_MINUTE", 60),
            trusted_proxies=number("WUDAN_GATEWAY_TRUSTED_PROXIES", 0),
            https=bool(number("WUDAN_GATEWAY_HTTPS", 0)),
            command_seconds=number("WUDAN_GATEWAY_COMMAND_SECONDS", 10, 1),
            query_seconds=number("WUDAN_GATEWAY_QUERY_SECONDS", 5, 1),
            bench=bool(number("WUDAN_BENCH", 0)),
        )
