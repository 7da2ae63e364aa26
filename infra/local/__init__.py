"""The local stack: the whole system on one machine, on a real broker and a real database."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.local.sandbox import Sandbox
    from infra.local.stack import Stack

__all__ = ["Sandbox", "Stack"]


def __getattr__(name: str) -> Any:
    """Load what is asked for: each process of the stack starts through this package and needs neither."""
    if name == "Sandbox":
        from infra.local.sandbox import Sandbox

        return Sandbox
    if name == "Stack":
        from infra.local.stack import Stack

        return Stack
    raise AttributeError(name)
