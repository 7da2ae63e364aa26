"""Secrets for tests, made as the local stack makes them."""

import tempfile
from pathlib import Path

from infra.local.settings import environment_of
from infra.local.state import State

OUTSIDE = {"WUDAN_REGISTRY_URL": "intake", "WUDAN_BANK_URL": "settlement"}


def sample_secrets() -> dict[str, str]:
    """Return fresh secrets by setting name, with the addresses of the world outside."""
    with tempfile.TemporaryDirectory() as folder:
        state = State(Path(folder))
        state.prepare("fixed")
        return state.secrets() | {name: environment_of(state, user)[name] for name, user in OUTSIDE.items()}
