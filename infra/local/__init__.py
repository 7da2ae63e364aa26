"""The local stack: the whole system on one machine, on a real broker and a real database."""

from infra.local.sandbox import Sandbox
from infra.local.stack import Stack

__all__ = ["Sandbox", "Stack"]
