"""Writes the OpenAPI document: `python -m gateway.api.document > docs/openapi.json`."""

import sys

from gateway.api.pages import written
from gateway.app import documented_app


def main() -> None:
    """Print the document of the API as the code has it."""
    app = documented_app()
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    sys.stdout.write(written(api))


if __name__ == "__main__":
    main()
