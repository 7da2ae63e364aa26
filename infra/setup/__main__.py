"""`python -m infra.setup`: settings from the environment, as in docs/operations.md."""

import os
import sys
from urllib.parse import unquote, urlsplit

from infra.errors import Trouble
from infra.procs import ACCOUNTS, Place
from infra.setup.run import Administration, prepare, wait_until_ready


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise Trouble(
            f"{name} is not set.", "Set it in the environment; docs/operations.md lists the settings."
        )
    return value


def main() -> int:
    """Run the set-up; return the exit status."""
    try:
        admin = Administration(
            _required("WUDAN_ADMIN_AMQP_URL"),
            _required("WUDAN_ADMIN_MANAGEMENT_URL"),
            _required("WUDAN_ADMIN_MONGO_URI"),
        )
        amqp, management, mongo = (
            urlsplit(url) for url in (admin.amqp_url, admin.management_url, admin.mongo_uri)
        )
        place = Place(
            broker=amqp.netloc.rpartition("@")[2],
            management=management.netloc.rpartition("@")[2],
            database=mongo.netloc.rpartition("@")[2],
            vhost=unquote(amqp.path.removeprefix("/")),
        )
        passwords = {name: _required(f"WUDAN_PASSWORD_{name.upper()}") for name in ACCOUNTS}
        wait_until_ready(admin)
        prepare(admin, place, passwords)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print("set-up done: vhost, users, rights, topology, databases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
