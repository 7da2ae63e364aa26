"""The demonstration as a test runs it: a program of its own, whose printed lines tell how far it is."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from infra.local import Stack
from infra.local.settings import client_environment

ROOT = Path(__file__).parents[2]


class Demo:
    """One run. A context manager: what still runs at the end is ended."""

    def __init__(self, stack: Stack, *options: str) -> None:
        self.lines: list[str] = []
        environ = os.environ | client_environment(stack.state) | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.demo", *options],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Demo":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(30)
        self._reader.join(30)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip())

    @property
    def printed(self) -> str:
        """All that it has printed."""
        return "\n".join(self.lines)

    def await_line(self, count: int, seconds: float) -> None:
        """Wait until so many lines are printed. Raises AssertionError when it ends or stalls before."""
        end = time.monotonic() + seconds
        while len(self.lines) < count:
            assert self._process.poll() is None, f"it ended before its line {count}:\n{self.printed}"
            assert time.monotonic() < end, f"no line {count} within {seconds:.0f} s:\n{self.printed}"
            time.sleep(0.02)

    def finish(self, seconds: float) -> int:
        """Wait for its end and return the exit status."""
        status = self._process.wait(seconds)
        self._reader.join(30)
        return status


def run(stack: Stack, *options: str, seconds: float = 600) -> Demo:
    """Run it to its end. Raises AssertionError with all it printed when a figure is off."""
    with Demo(stack, *options) as demo:
        status = demo.finish(seconds)
    assert status == 0, demo.printed
    return demo
