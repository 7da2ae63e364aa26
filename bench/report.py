"""The table that a run prints."""

import sys

from bench.load import Measured


def kept(met: bool) -> str:
    """Return the word for a target that was met or not."""
    return "kept" if met else "MISSED"


class Table:
    """Rows of figures, printed as they come and once more together."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str]] = []

    def add(self, name: str, measured: Measured, remark: str) -> None:
        """Add a measured row."""
        failed = f" {measured.failures} FAILED" if measured.failures else ""
        figures = f"{measured.rate:8.0f}/s  p50 {measured.p50:7.1f} ms  p99 {measured.p99:7.1f} ms{failed}"
        self._row(name, figures, remark)

    def note(self, name: str, remark: str) -> None:
        """Add a row without rates."""
        self._row(name, "", remark)

    def markdown(self) -> str:
        """Return the table for the documents."""
        lines = ["| what | figures (median of five) | beside |", "|---|---|---|"]
        return "\n".join(
            [
                *lines,
                *(
                    f"| {name} | {' '.join(figures.split())} | {remark} |"
                    for name, figures, remark in self._rows
                ),
            ]
        )

    def _row(self, name: str, figures: str, remark: str) -> None:
        self._rows.append((name, figures, remark))
        sys.stdout.write(f"{name:72} {figures:48} {remark}\n")
        sys.stdout.flush()
