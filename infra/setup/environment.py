"""The administrator's settings, as `infra.setup` and `infra.backup` read them."""

import os
from urllib.parse import unquote, urlsplit

from infra.errors import Trouble
from infra.procs import Administration, Place


def required(name: str) -> str:
    """Return an environment variable. Raises Trouble when it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise Trouble(
            f"{name} is not set.", "Set it in the environment; docs/operations.md lists the settings."
        )
    return value


def administration() -> tuple[Administration, Place]:
    """Return the administrator's way to broker and database, and where they are (WUDAN_ADMIN_*)."""
    admin = Administration(
        required("WUDAN_ADMIN_AMQP_URL"),
        required("WUDAN_ADMIN_MANAGEMENT_URL"),
        required("WUDAN_ADMIN_MONGO_URI"),
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
    return admin, place
