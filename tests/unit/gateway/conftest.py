"""The whole API without its working parts: addresses, checks and the document."""

import pytest
from flask import Flask

from gateway.app import documented_app


@pytest.fixture(scope="session")
def app() -> Flask:
    return documented_app()
