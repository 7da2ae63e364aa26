"""One-shot, idempotent set-up of broker and database, before any other process starts."""

from infra.setup.run import Administration, prepare, wait_until_ready

__all__ = ["Administration", "prepare", "wait_until_ready"]
