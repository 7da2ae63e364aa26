"""`python -m infra.local up | stop | status | clean | exec`: the stack of WUDAN_STATE_DIR (.local/stack)."""

import importlib.util
import logging
import os
import signal
import subprocess
import sys
import warnings
from typing import Final

import click
import structlog

from infra.errors import Trouble
from infra.local.settings import ROOT, client_environment, operator_environment
from infra.local.stack import Stack
from infra.procs import PROCESSES

WATCH_SECONDS: Final = 2.0
ENDING: Final = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def _stack(ports: str = "fixed") -> Stack:
    folder = os.environ.get("WUDAN_STATE_DIR") or ROOT / ".local" / "stack"
    return Stack(folder, ports="free" if ports == "free" else "fixed")


@click.group()
def main() -> None:
    """The whole system on this machine: RabbitMQ, MongoDB, the stand-in outside world, services, gateway."""


@main.command()
@click.option("--detach", is_flag=True, help="Return when all is ready; end with `stop`.")
@click.option(
    "--free-ports", is_flag=True, help="At the first start, take free ports instead of 8000 and so on."
)
def up(detach: bool, free_ports: bool) -> None:
    """Start everything; without --detach stay, and end everything at Ctrl-C."""
    stack = _stack("free" if free_ports else "fixed")
    for number in ENDING:
        signal.signal(number, _interrupted)
    stack.up(lambda line: click.echo(f"· {line}"))
    if detach:
        _tell_where(stack)
        return
    # blocked from here on, and taken by _watch: an interrupt may not cut the ending short
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        _seed(stack)
        _tell_where(stack)
        click.echo("\nCtrl-C ends all.")
        _watch(stack)
    finally:
        click.echo("\nending …")
        stack.down()


def _running(stack: Stack) -> Stack:
    """Return the stack. Raises Trouble when it does not run."""
    if not stack.alive():
        raise Trouble(f"No stack runs in {stack.state.folder}.", "make run")
    return stack


def _interrupted(number: int, frame: object) -> None:
    # the ending that follows is not cut short by a second one
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _watch(stack: Stack) -> None:
    while signal.sigtimedwait(ENDING, WATCH_SECONDS) is None:
        if not stack.alive():
            return


def _seed(stack: Stack) -> None:
    """Load the demonstration data, through the public API as anybody would."""
    if importlib.util.find_spec("infra.seed") is None:
        return
    click.echo("· loading demonstration data")
    environ = os.environ | client_environment(stack.state)
    if subprocess.run([sys.executable, "-m", "infra.seed"], env=environ, cwd=ROOT, check=False).returncode:
        raise Trouble("The demonstration data could not be loaded.", f"See above, and {stack.state.logs}")


def _tell_where(stack: Stack) -> None:
    password = stack.state.secrets()["WUDAN_ADMIN_PASSWORD"]
    ports = stack.state.ports()
    click.echo(
        f"\n  五单 Wudan          {stack.gateway_url}/\n"
        f"  administrator       administrator / {password}\n"
        f"  RabbitMQ            http://127.0.0.1:{ports['management']}/ (password in secrets.json)\n"
        f"  logs, data, secrets {stack.state.folder}\n"
        f"  main job            make demo (in another terminal)"
    )


@main.command()
@click.argument("name", required=False, type=click.Choice(list(PROCESSES)))
def stop(name: str | None) -> None:
    """End everything, or only the process NAME until it is started again; the data stays."""
    stack = _stack()
    if name is not None:
        _running(stack).stop(name)
        click.echo(f"{name} is stopped")
        return
    running = stack.alive()
    stack.down()
    click.echo("ended" if running else "nothing was running")


@main.command()
@click.argument("name", type=click.Choice(list(PROCESSES)))
def start(name: str) -> None:
    """Start the process NAME again, after `stop NAME`."""
    stack = _running(_stack())
    stack.start(name)
    stack.await_ready(name)
    click.echo(f"{name} is ready")


@main.command()
def status() -> None:
    """Tell what runs; exit status 1 when something does not."""
    stack = _stack()
    if not stack.alive():
        click.echo(f"no stack runs in {stack.state.folder}")
        sys.exit(1)
    states = stack.states()
    for name, state in states.items():
        click.echo(f"{name:<12} {state.lower():<10} {stack.pid(name) or ''}")
    sys.exit(any(state != "RUNNING" for state in states.values()))


@main.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def clean(yes: bool) -> None:
    """End everything and delete data, secrets and logs."""
    stack = _stack()
    if not yes:
        click.confirm(f"Delete {stack.state.folder} with all data?", abort=True)
    stack.clean()
    click.echo("deleted")


@main.command(name="exec", context_settings={"ignore_unknown_options": True})
@click.argument("name", type=click.Choice([*PROCESSES, "client", "operator"]))
@click.argument("command", nargs=-1, required=True)
def execute(name: str, command: tuple[str, ...]) -> None:
    """Run COMMAND with the settings of the process NAME.

    "client" stands for a program that uses the stack from outside: gateway's address and sample passwords.
    "operator" has the administrator's way to broker and database: dead letters, replay, backup.
    """
    stack = _stack()
    outsiders = {"client": client_environment, "operator": operator_environment}
    settings = outsiders[name](stack.state) if name in outsiders else stack.env(name)
    path = os.pathsep.join((str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])))
    os.execvpe(command[0], command, os.environ | settings | {"PYTHONPATH": path})


def run() -> None:
    """Run the command line; a Trouble is told without a traceback."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        main(prog_name="python -m infra.local")
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
