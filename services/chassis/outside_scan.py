"""A scanner of files outside: clamd over its socket, or a command.

Without one nothing is scanned, and every reader is told so.
A scanner that cannot be reached is an outage: the file waits, it never passes.
"""

import socket
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from services.chassis.outside import OutsideUnavailable

SECONDS: Final = 60.0
_CLEAN: Final = 0
_INFECTED: Final = 1
_CHUNK: Final = 65536
_LONGEST_ANSWER: Final = 4096
_NAME: Final = 200


@dataclass(frozen=True)
class Scanned:
    """found: the scanner's name of what it found, None for a clean file."""

    found: str | None


class Scanner(Protocol):
    """What looks at a content."""

    def scan(self, content: Iterable[bytes]) -> Scanned:
        """Return what was found. Raises OutsideUnavailable."""


class CommandScanner:
    """A command that reads the content on standard input: status 0 clean, 1 found (as clamdscan has it)."""

    def __init__(self, command: tuple[str, ...], seconds: float = SECONDS) -> None:
        self._command = command
        self._seconds = seconds

    def scan(self, content: Iterable[bytes]) -> Scanned:
        """Run the command. Raises OutsideUnavailable for any other status, or when it takes too long."""
        try:
            done = subprocess.run(
                self._command,
                input=b"".join(content),
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as problem:
            raise OutsideUnavailable("scanner", type(problem).__name__) from None
        if done.returncode == _CLEAN:
            return Scanned(None)
        if done.returncode == _INFECTED:
            words = done.stdout.decode("utf-8", "replace").strip().splitlines()
            return Scanned(words[0][:_NAME] if words else "?")
        raise OutsideUnavailable("scanner", f"status {done.returncode}")


class SocketScanner:
    """clamd's INSTREAM over a Unix socket (a path) or TCP (host:port)."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, content: Iterable[bytes]) -> Scanned:
        """Send the content and read the verdict. Raises OutsideUnavailable."""
        try:
            with self._connected() as link:
                link.sendall(b"zINSTREAM\0")
                for part in content:
                    for start in range(0, len(part), _CHUNK):
                        piece = part[start : start + _CHUNK]
                        link.sendall(struct.pack(">I", len(piece)) + piece)
                link.sendall(struct.pack(">I", 0))
                return _verdict(_answer(link))
        except OSError as problem:
            raise OutsideUnavailable("scanner", type(problem).__name__) from None

    def _connected(self) -> socket.socket:
        if "/" in self._address:
            link = socket.socket(socket.AF_UNIX)
            link.settimeout(self._seconds)
            link.connect(self._address)
            return link
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host, int(port)), self._seconds)


def scanner_of(command: str, address: str) -> Scanner | None:
    """Return the scanner that the settings name: a command line, else a socket's address, else none."""
    if command:
        return CommandScanner(tuple(command.split()))
    return SocketScanner(address) if address else None


def _answer(link: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = link.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Scanned:
    """Read clamd's answer, `stream: OK` or `stream: NAME FOUND`."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Scanned(None)
    if said.endswith(" FOUND"):
        return Scanned(said.removesuffix(" FOUND")[:_NAME])
    raise OutsideUnavailable("scanner", "no verdict")
