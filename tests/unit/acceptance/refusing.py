"""What is refused, and with which code."""

from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal


def refused(code: str, call: Any, *args: Any, **named: Any) -> Refusal:
    """Return the refusal of a call; fails when there is none, or another one."""
    with pytest.raises(Refusal) as caught:
        call(*args, **named)
    assert caught.value.code == code
    return caught.value
