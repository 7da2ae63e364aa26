"""Structured logs: one JSON object a line on stdout, personal data and secrets masked.

Fields bound with `bound` belong to the running thread or greenlet (contextvars, which greenlet keeps
apart) and ride on every line that it writes, those of nameko, kombu and flask included.
"""

import json
import logging
import sys
from contextlib import AbstractContextManager
from typing import Any, Final, TextIO, cast

import structlog
from opentelemetry import trace
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.masking import mask

# Set by us, never by a caller's data: these keys are not masked by key.
_OWN: Final = ("timestamp", "level", "service", "logger", "trace_id", "span_id")
# Libraries that bring handlers of their own, or say too much below WARNING.
_OWN_HANDLERS: Final = ("gunicorn.error", "gunicorn.access", "werkzeug", "nameko", "kombu", "amqp")
_CHATTY: Final = ("amqp", "kombu", "pymongo", "urllib3", "werkzeug")


def configure(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Route structlog and the standard library's logging to JSON lines on stdout (or stream).

    service: written on every line; level: DEBUG, INFO, WARNING or ERROR. May be called again.
    """
    shared = _shared(service)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                masked,
                structlog.processors.JSONRenderer(serializer=_line),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def get(**initial: Any) -> structlog.stdlib.BoundLogger:
    """Return a logger; initial fields ride on each of its lines."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(**initial))


def bound(**fields: Any) -> AbstractContextManager[None]:
    """Bind fields to all lines of this thread or greenlet for the time of a `with` block."""
    return cast(AbstractContextManager[None], bound_contextvars(**fields))


def masked(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Processor that masks the whole line, event text and traceback included."""
    own = {key: event[key] for key in _OWN if key in event}
    rest = {key: mask(value, key) for key, value in event.items() if key not in own}
    return own | rest


def _shared(service: str) -> list[Processor]:
    return [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _stamp(service),
    ]


def _stamp(service: str) -> Processor:
    def stamp(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["service"] = service
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            event["trace_id"] = trace.format_trace_id(context.trace_id)
            event["span_id"] = trace.format_span_id(context.span_id)
        return event

    return stamp


def _line(event: EventDict, **_: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)
