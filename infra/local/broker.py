"""A private RabbitMQ from the distribution's package: own node, ports, directories and user.

Nothing of it touches a broker that the package itself may run.
"""

import hashlib
import os
import pwd
import shutil
from pathlib import Path
from typing import Final

from infra.errors import Trouble
from infra.local.state import ADMIN, HOST, State

# the script in sbin insists on being root or the user rabbitmq; this one does not
SERVER: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
INSTALL: Final = "sudo apt-get update && sudo apt-get install --no-install-recommends rabbitmq-server"
PLUGINS: Final = ("rabbitmq_management", "rabbitmq_prometheus")
MEMORY: Final = "768MB"


def check() -> None:
    """Raise Trouble when the broker or its Erlang is not installed."""
    if not SERVER.exists() or not shutil.which("epmd"):
        raise Trouble("RabbitMQ is not installed (rabbitmq-server).", INSTALL)


def home(state: State) -> Path:
    """Return the broker's own directory.

    Root runs the broker as an unprivileged user, who may not be able to enter the state directory.
    """
    inside = state.folder / "broker"
    if os.getuid() == 0 and not all(folder.stat().st_mode & 0o001 for folder in state.folder.parents):
        mark = hashlib.sha256(str(state.folder).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"wudan-broker-{mark}"  # noqa: S108
    return inside


def account() -> pwd.struct_passwd | None:
    """Return the user that the broker runs as when we are root, else None."""
    if os.getuid() != 0:
        return None
    for name in ("rabbitmq", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble("There is no unprivileged user for the broker.", "adduser --system rabbitmq")


def prepare(state: State) -> None:
    """Write the configuration; data of an earlier start stays."""
    folder = home(state)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ports, secrets = state.ports(), state.secrets()
    (folder / "enabled_plugins").write_text(f"[{','.join(PLUGINS)}].\n")
    (folder / "advanced.config").write_text("[].\n")
    config = {
        "log.console": "true",
        "log.console.level": "info",
        "log.file": "false",
        "default_user": ADMIN,
        "default_pass": secrets["broker_administrator"],
        "vm_memory_high_watermark.absolute": MEMORY,
        "disk_free_limit.absolute": "200MB",
        "management.tcp.ip": HOST,
        "management.tcp.port": ports["management"],
        "prometheus.tcp.ip": HOST,
        "prometheus.tcp.port": ports["metrics"],
        "raft.wal_max_size_bytes": 64 * 1024 * 1024,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in config.items())
    _write_private(folder / "rabbitmq.conf", lines)
    cookie = folder / ".erlang.cookie"
    if not cookie.exists():
        _write_private(cookie, secrets["broker_cookie"])
        cookie.chmod(0o400)
    _give_to_account(folder)


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _give_to_account(folder: Path) -> None:
    user = account()
    if user is None:
        return
    os.chown(folder, user.pw_uid, user.pw_gid)
    for path in folder.rglob("*"):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def environment(state: State) -> dict[str, str]:
    """Return the complete environment of broker, epmd and the broker's command-line tools."""
    folder, ports = home(state), state.ports()
    return {
        "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_NODENAME": "wudan@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(ports["amqp"]),
        "RABBITMQ_DIST_PORT": str(ports["dist"]),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(pid_file(state)),
        "ERL_EPMD_PORT": str(ports["epmd"]),
        "ERL_EPMD_ADDRESS": HOST,
        # two schedulers that sleep instead of spinning: the machine is shared with everything else
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
        ),
    }


def pid_file(state: State) -> Path:
    """Return the file that names the Erlang machine's process (the server itself, not its start script)."""
    return home(state) / "beam.pid"


def epmd_command(state: State) -> tuple[str, ...]:
    """Return the command of the port mapper; started by Erlang itself it would outlive the broker."""
    return ("epmd", "-port", str(state.ports()["epmd"]), "-address", HOST)
