"""Runs one process: `python -m services.chassis.run NAME`. Ends gracefully on SIGTERM."""

import eventlet

eventlet.monkey_patch()

import gc  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from typing import Any, Final  # noqa: E402

import structlog  # noqa: E402
from kombu import Connection, serialization  # noqa: E402
from kombu.utils.json import dumps, loads  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from contracts.envelope import CONTENT_TYPE  # noqa: E402
from services.chassis import health, logs, telemetry  # noqa: E402
from services.chassis.mongo import database  # noqa: E402
from services.chassis.processes import service_class  # noqa: E402
from services.chassis.settings import Settings, SettingsError  # noqa: E402

MAX_WORKERS: Final = 110
_log = structlog.get_logger(__name__)


def main(name: str, service: Any = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit code. service: another class than the name's own."""
    try:
        settings = Settings.from_env()
        logs.configure(name, settings.log_level)
        telemetry.configure(name, settings.otlp_endpoint)
        amqp, mongo = settings.amqp_url(), database(settings.mongo_uri(), settings.mongo_db())
    except SettingsError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    checks = {"broker": lambda: _check_broker(amqp), "database": lambda: _check_database(mongo)}
    server = health.serve(settings.http_host, settings.http_port, checks)
    stopping = eventlet.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_after(0, _once, stopping))
    if _wait_for_parts(checks, stopping):
        _run(service or service_class(name), settings, amqp, stopping)
    server.stop()
    telemetry.flush()
    return 0


def _run(service: Any, settings: Settings, amqp: str, stopping: Any) -> None:
    serialization.register("cloudevents", dumps, loads, content_type=CONTENT_TYPE, content_encoding="utf-8")
    runner = ServiceRunner(
        config={
            "AMQP_URI": amqp,
            "SETTINGS": settings,
            "max_workers": MAX_WORKERS,
            "ACCEPT": ["json", "cloudevents"],
            "HEARTBEAT": 20,
        }
    )
    runner.add_service(service)
    runner.start()
    # what was loaded stays: the collector need not look at it again and again
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    _log.info("started", process=service.name)

    def stop_when_told() -> None:
        stopping.wait()
        _log.info("stopping", process=service.name)
        runner.stop()

    eventlet.spawn(stop_when_told)
    runner.wait()
    _log.info("stopped", process=service.name)


def _wait_for_parts(checks: Any, stopping: Any) -> bool:
    """Wait until broker and database answer (readiness says so meanwhile); False when told to stop first."""
    while not stopping.ready():
        try:
            for check in checks.values():
                check()
            return True
        except Exception as problem:
            _log.warning("waiting for broker and database", error=repr(problem)[:200])
            eventlet.sleep(0.5)
    return False


def _check_broker(amqp: str) -> None:
    with Connection(amqp, connect_timeout=2) as connection:
        connection.ensure_connection(max_retries=1, timeout=2)


def _check_database(mongo: Any) -> None:
    mongo.client.admin.command("ping")


def _once(event: Any) -> None:
    if not event.ready():
        event.send(True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m services.chassis.run NAME (intake, catalogue, … oversight, projector)")
    sys.exit(main(sys.argv[1]))
