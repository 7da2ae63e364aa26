"""Secrets for tests, made as the local stack makes them."""

import tempfile
from pathlib import Path

from infra.local.settings import environment_of
from infra.local.state import State

OUTSIDE = ("WUDAN_REGISTRY_URL", "WUDAN_BANK_URL")


def sample_secrets() -> dict[str, str]:
    """Return fresh secrets by setting name, with the addresses of the world outside."""
    with tempfile.TemporaryDirectory() as folder:
        state = State(Path(folder))
        state.prepare("fixed")
        settlement = environment_of(state, "settlement")
        return state.secrets() | {name: settlement[name] for name in OUTSIDE}
