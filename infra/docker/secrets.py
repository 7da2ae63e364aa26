"""`python -m infra.docker.secrets [FILE]`: write the secrets that docker-compose.yml needs into .env.

FILE `-` prints them instead, for a machine that has nothing but Docker (docs/operations.md).
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from infra.errors import Trouble
from infra.local.state import State

HEAD: Final = "# Secrets of this installation. Never commit them; without them its data cannot be read.\n"
NAMES: Final = {
    "broker_administrator": "WUDAN_ADMIN_BROKER_PASSWORD",
    "database_administrator": "WUDAN_ADMIN_DATABASE_PASSWORD",
    "database_keyfile": "WUDAN_DATABASE_KEYFILE",
}


def make() -> str:
    """Return the content of a fresh .env: one random secret for each account and key."""
    with tempfile.TemporaryDirectory() as folder:
        state = State(Path(folder))
        state.prepare("fixed")
        values = state.secrets()
    del values["broker_cookie"]  # the broker's image makes its own
    return HEAD + "".join(f"{NAMES.get(name, name)}={value}\n" for name, value in sorted(values.items()))


def write(path: Path) -> None:
    """Write a fresh .env for its owner only. Raises Trouble when there is one already."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
    except FileExistsError:
        raise Trouble(
            f"{path} is there already.", "Keep it: the data that was written with it needs it."
        ) from None
    except OSError as error:
        raise Trouble(
            f"{path} cannot be written: {error.strerror}.", "Name another file as argument."
        ) from error


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit status."""
    target = arguments[0] if arguments else ".env"
    if target == "-":
        sys.stdout.write(make())
        return 0
    try:
        write(Path(target))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"secrets written to {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
