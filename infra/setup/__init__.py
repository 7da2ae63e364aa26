"""One-shot, idempotent set-up of broker and database, before any other process starts."""

from infra.setup.run import prepare, wait_until_ready

__all__ = ["prepare", "wait_until_ready"]
