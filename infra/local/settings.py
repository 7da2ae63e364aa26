"""The settings of each process of a local stack, from its ports and secrets."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from infra.local.state import ADMIN, HOST, State
from infra.procs import ACCOUNTS, PROCESSES, Administration, Place, environment

ROOT: Final = Path(__file__).resolve().parents[2]
# settings that go from the caller's environment to every process as they are
PASSED_ON: Final = ("OTEL_", "WUDAN_GATEWAY_", "WUDAN_STANDIN_", "WUDAN_BENCH", "WUDAN_LOG_LEVEL")


def place_of(state: State) -> Place:
    """Return where the stack's broker and database are."""
    ports = state.ports()
    return Place(
        broker=f"{HOST}:{ports['amqp']}",
        management=f"{HOST}:{ports['management']}",
        database=f"{HOST}:{ports['mongod']}",
    )


def administration_of(state: State) -> Administration:
    """Return the administrator's way to the stack's broker and database."""
    place, secrets = place_of(state), state.secrets()
    broker, database = secrets["broker_administrator"], secrets["database_administrator"]
    return Administration(
        place.amqp_url(ADMIN, broker),
        place.management_url(ADMIN, broker),
        place.mongo_uri(ADMIN, database, "admin"),
    )


def passwords_of(state: State) -> dict[str, str]:
    """Return the password of each account, on broker and database alike."""
    secrets = state.secrets()
    return {name: secrets[f"WUDAN_PASSWORD_{name.upper()}"] for name in ACCOUNTS}


def environment_of(state: State, name: str, place: Place | None = None) -> dict[str, str]:
    """Return the WUDAN_* settings of one process; `place` is another vhost and prefix (a sandbox).

    In a sandbox no port is given away: 0 stands for any (health and metrics are then off).
    """
    ports, secrets = state.ports(), state.secrets()
    outside = {
        "WUDAN_REGISTRY_URL": f"http://{HOST}:{ports['standin']}/registry",
        "WUDAN_BANK_URL": f"http://{HOST}:{ports['standin']}/bank",
    }
    # addresses are numbers here: without a resolver of its own eventlet starts in a quarter of the time
    shared = {"WUDAN_MODE": "demonstration", "EVENTLET_NO_GREENDNS": "yes"}
    if name == "gateway":
        shared["WUDAN_GATEWAY_BIND"] = f"{HOST}:{ports['gateway']}"
    elif name == "standin":
        shared |= {
            "WUDAN_STANDIN_BIND": f"{HOST}:{ports['standin']}",
            "WUDAN_STANDIN_STATE": str(state.folder / "standin.sqlite"),
            "WUDAN_REGISTRY_TOKEN": secrets["WUDAN_REGISTRY_TOKEN"],
            "WUDAN_BANK_TOKEN": secrets["WUDAN_BANK_TOKEN"],
            "WUDAN_STANDIN_ADMIN_TOKEN": secrets["WUDAN_STANDIN_ADMIN_TOKEN"],
        }
    else:
        shared["WUDAN_HTTP_PORT"] = str(ports[name])
    values = environment(PROCESSES[name], place or place_of(state), secrets | outside, shared)
    if place is not None:
        values |= {key: "0" for key in ("WUDAN_HTTP_PORT",) if key in values}
    return values


def client_environment(state: State) -> dict[str, str]:
    """Return what programs get that use the stack from outside (seed, demonstration, benchmarks)."""
    ports, secrets = state.ports(), state.secrets()
    kept = ("WUDAN_ADMIN_PASSWORD", "WUDAN_STANDIN_ADMIN_TOKEN", "WUDAN_REGISTRY_TOKEN", "WUDAN_BANK_TOKEN")
    return {name: secrets[name] for name in kept} | {
        "WUDAN_GATEWAY_URL": f"http://{HOST}:{ports['gateway']}",
        "WUDAN_STANDIN_URL": f"http://{HOST}:{ports['standin']}",
        "WUDAN_STATE_DIR": str(state.folder),
    }


def operator_environment(state: State) -> dict[str, str]:
    """Return the administrator's settings: for set-up, backup, dead letters and replay."""
    admin, secrets = administration_of(state), state.secrets()
    return {
        "WUDAN_ADMIN_AMQP_URL": admin.amqp_url,
        "WUDAN_ADMIN_MANAGEMENT_URL": admin.management_url,
        "WUDAN_ADMIN_MONGO_URI": admin.mongo_uri,
        **{name: secrets[name] for name in (f"WUDAN_PASSWORD_{one.upper()}" for one in ACCOUNTS)},
    }


def sandbox_place(state: State, mark: str) -> Place:
    """Return a place of its own on the same servers, named by `mark`."""
    return replace(place_of(state), vhost=mark, prefix=f"{mark}_")
