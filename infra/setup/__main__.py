"""`python -m infra.setup`: settings from the environment, as in docs/operations.md."""

import sys

from infra.errors import Trouble
from infra.procs import ACCOUNTS
from infra.setup.environment import administration, required
from infra.setup.run import prepare, wait_until_ready


def main() -> int:
    """Run the set-up; return the exit status."""
    try:
        admin, place = administration()
        passwords = {name: required(f"WUDAN_PASSWORD_{name.upper()}") for name in ACCOUNTS}
        wait_until_ready(admin)
        prepare(admin, place, passwords)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print("set-up done: vhost, users, rights, topology, databases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
