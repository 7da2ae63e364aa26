"""The error of set-up and local stack: one clear line and a way out, never a traceback."""


class Trouble(Exception):
    """Something on this machine stands in the way; `way_out` says what the reader can do about it."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(f"{what}\n  → {way_out}")
        self.what = what
        self.way_out = way_out
