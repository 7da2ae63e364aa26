"""Prometheus metrics that every process shares; `exposition` writes them out."""

from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)

COMMANDS: Final = Counter(
    "wudan_commands_total", "Commands and queries answered", ["service", "name", "outcome"]
)
COMMAND_SECONDS: Final = Histogram(
    "wudan_command_seconds", "Time of a command or query", ["service", "name"], buckets=_SECONDS
)
EVENTS: Final = Counter("wudan_events_total", "Events handled", ["service", "type", "outcome"])
EVENT_SECONDS: Final = Histogram(
    "wudan_event_seconds", "From publication to committed effect", ["service"], buckets=_SECONDS
)
RETRIES: Final = Counter("wudan_event_retries_total", "Events sent to a retry queue", ["service", "delay_ms"])
DEAD_LETTERS: Final = Counter(
    "wudan_dead_letters_total", "Messages sent to the dead letters", ["service", "reason"]
)
PARKED: Final = Gauge(
    "wudan_events_parked", "Events that wait for an earlier one", ["service"], multiprocess_mode="livemax"
)
OUTBOX_PENDING: Final = Gauge(
    "wudan_outbox_pending", "Events committed and not yet confirmed", ["service"], multiprocess_mode="livemax"
)
RELAY_BATCH: Final = Histogram(
    "wudan_relay_batch_size", "Events in one relay batch", ["service"], buckets=_SIZES
)
GROUP_SIZE: Final = Histogram("wudan_group_size", "Commands in one group commit", ["service"], buckets=_SIZES)
JOBS: Final = Counter("wudan_jobs_total", "Scheduled jobs run", ["service", "name", "outcome"])
OUTSIDE_SECONDS: Final = Histogram(
    "wudan_outside_call_seconds",
    "Calls to an outside system",
    ["system", "operation", "outcome"],
    buckets=_SECONDS,
)
OUTSIDE_OPEN: Final = Gauge(
    "wudan_outside_breaker_open",
    "1 while an outside system is given a rest",
    ["system"],
    multiprocess_mode="livemax",
)


def exposition(multiprocess_directory: str | None = None) -> tuple[bytes, str]:
    """Return (body, content type) of /metrics.

    multiprocess_directory: PROMETHEUS_MULTIPROC_DIR of a process with several workers (gunicorn).
    """
    registry: CollectorRegistry = REGISTRY
    if multiprocess_directory:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=multiprocess_directory)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
