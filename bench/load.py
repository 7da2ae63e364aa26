"""A load of keep-alive HTTP clients, light enough to leave the machine to what is measured."""

import json
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Measured:
    """One run: answers a second, the latencies' median and 99th percentile in milliseconds, and how many
    answers there were, of which `failures` were not what was expected.
    """

    rate: float
    p50: float
    p99: float
    failures: int
    answers: int = 0


class Connection:
    """One keep-alive connection that sends prepared requests and reads answers with a Content-Length."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname, parts.port)
        self._socket: socket.socket | None = None
        self._buffer = b""

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Return (status, body). Raises OSError when the server ends the connection twice."""
        for attempt in (1, 2):
            try:
                return self._exchange(request)
            except OSError:
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, b""

    def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._receive()
        head = self._buffer[:end].lower()
        status = int(head[9:12])
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
        while len(self._buffer) < end + 4 + length:
            self._receive()
        body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
        return status, body

    def _receive(self) -> None:
        assert self._socket is not None
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionResetError("the server closed the connection")
        self._buffer += data


def request(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> bytes:
    """Return the bytes of a request."""
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = {
        "Host": "bench",
        "Accept": "application/json",
        "Content-Length": str(len(data)),
        **(headers or {}),
    }
    if body is not None:
        lines["Content-Type"] = "application/json"
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data


def run(
    url: str,
    makers: Sequence[Callable[[], bytes]],
    seconds: float,
    rate: float | None = None,
    expected: Sequence[int] = (200, 201),
) -> Measured:
    """Let each maker's client send as fast as answers come, or all together at `rate` a second."""
    end = time.perf_counter() + seconds
    latencies: list[list[float]] = [[] for _ in makers]
    failures = [0] * len(makers)

    def client(index: int) -> None:
        connection, make = Connection(url), makers[index]
        for due in _pace(index, len(makers), rate, end):
            data = make()
            began = max(due, time.perf_counter()) if rate is None else due
            status, _body = connection.send(data)
            latencies[index].append(time.perf_counter() - began)
            failures[index] += status not in expected
        connection.close()

    threads = [threading.Thread(target=client, args=(index,)) for index in range(len(makers))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    ordered = sorted(value for values in latencies for value in values)
    return Measured(len(ordered) / took, *percentiles(ordered), sum(failures), len(ordered))


def percentiles(ordered: Sequence[float]) -> tuple[float, float]:
    """Return median and 99th percentile of sorted seconds, in milliseconds."""
    return 1000 * statistics.median(ordered), 1000 * ordered[int(len(ordered) * 0.99)]


def _pace(index: int, clients: int, rate: float | None, end: float) -> Iterator[float]:
    """Yield the moment each request is due, until the end; latencies are counted from it (no omission)."""
    due = time.perf_counter() + (index / rate if rate else 0.0)
    while (now := time.perf_counter()) < end:
        if rate:
            time.sleep(max(0.0, due - now))
        yield due if rate else now
        due += clients / rate if rate else 0.0


def median(results: Sequence[Measured]) -> Measured:
    """Return the medians of several runs (failures: their sum)."""
    return Measured(
        statistics.median(result.rate for result in results),
        statistics.median(result.p50 for result in results),
        statistics.median(result.p99 for result in results),
        sum(result.failures for result in results),
    )
