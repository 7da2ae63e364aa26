"""Traces over RPC and events: OpenTelemetry with the W3C trace context.

Without OTEL_EXPORTER_OTLP_ENDPOINT no SDK is loaded; spans then carry valid ids onward and record nothing.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

from opentelemetry import context as current
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from services.chassis.masking import mask_text

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attribute = str | int | float | bool

_FORMAT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", re.ASCII)
_KINDS: Final[Mapping[Kind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_tracer: trace.Tracer | None = None
_flush: Callable[[], bool] | None = None


def configure(service: str, endpoint: str | None = None) -> None:
    """Export spans over OTLP/HTTP when an endpoint or OTEL_EXPORTER_OTLP_ENDPOINT is given; else nothing.

    The libraries are loaded only then: they cost some 15 MB.
    """
    global _tracer, _flush
    endpoint = endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.name": service, "service.namespace": "wudan"})
    )
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer, _flush = provider.get_tracer("wudan"), provider.force_flush


def flush() -> None:
    """Send what is waiting to be exported (before a process ends)."""
    if _flush is not None:
        _flush()


def inject() -> str:
    """Return the `traceparent` of the running span, or `` when none runs."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return ""
    trace_id, span_id = trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)
    return f"00-{trace_id}-{span_id}-{int(context.trace_flags):02x}"


@contextmanager
def span(
    name: str, traceparent: str | None = None, kind: Kind = "internal", **attributes: Attribute
) -> Iterator[Span]:
    """Run a block as a span; traceparent: what came with the message (a malformed one is ignored).

    An exception marks the span as failed by its type alone, because its text may hold personal data.
    """
    parent = _remote(traceparent) or trace.get_current_span().get_span_context()
    running = _start(name, parent, kind, attributes)
    token = current.attach(trace.set_span_in_context(running))
    try:
        yield running
    except Exception as problem:
        running.set_status(Status(StatusCode.ERROR, type(problem).__name__))
        raise
    finally:
        current.detach(token)
        running.end()


def _remote(traceparent: str | None) -> SpanContext | None:
    found = _FORMAT.fullmatch(traceparent or "")
    if not found:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None


def _start(name: str, parent: SpanContext, kind: Kind, attributes: Mapping[str, Attribute]) -> Span:
    if _tracer is None:
        return NonRecordingSpan(
            SpanContext(
                parent.trace_id if parent.is_valid else secrets.randbits(128) or 1,
                secrets.randbits(64) or 1,
                is_remote=False,
                trace_flags=parent.trace_flags,
            )
        )
    context = trace.set_span_in_context(NonRecordingSpan(parent)) if parent.is_valid else None
    clean = {key: mask_text(value) if isinstance(value, str) else value for key, value in attributes.items()}
    return _tracer.start_span(name, context=context, kind=_KINDS[kind], attributes=clean)
