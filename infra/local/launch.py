"""`python -m infra.local.launch STATE NAME`: become one process of the stack (started by supervisord).

The environment is put together here, so that no secret stands in a command line or in supervisord's file.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from infra.local import broker, mongod
from infra.local.settings import PASSED_ON, ROOT, environment_of
from infra.local.state import State
from infra.procs import PROCESSES

# the demonstration signs everybody up from one address
DEFAULTS = {"WUDAN_GATEWAY_SIGN_INS_A_MINUTE": "600"}


def become(state: State, name: str) -> NoReturn:
    """Replace this process by the process `name` of the stack in `state`."""
    if name in ("epmd", "broker"):
        command = broker.epmd_command(state) if name == "epmd" else (str(broker.SERVER),)
        environ = broker.environment(state)
        os.chdir(broker.home(state))
        _step_down()
        os.execvpe(command[0], command, environ)
    if name == "mongod":
        os.chdir(state.folder)
        command = mongod.command(state)
        os.execve(command[0], command, {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    os.chdir(ROOT)
    command = PROCESSES[name].command
    os.execve(command[0], command, _base() | environment_of(state, name))


def _step_down() -> None:
    user = broker.account()
    if user is not None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def _base() -> dict[str, str]:
    """Return what a process needs besides its own settings, which go before these."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in ("PATH", "HOME", "TZ") or key.startswith(PASSED_ON)
    }
    return DEFAULTS | kept | {"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    become(State(Path(sys.argv[1])), sys.argv[2])
