"""Cursors are good for the list and the filters that they were given for, and nobody can make one."""

import pytest

from contracts.vocabularies.errors import Refusal
from gateway.api.cursors import Cursors

CURSORS = Cursors("a secret")


def test_a_cursor_opens_again_with_another_page_size():
    sealed = CURSORS.sealed("2026|x", "get-demands", {"region": "370600", "limit": 20})
    assert (
        CURSORS.opened(sealed, "get-demands", {"region": "370600", "limit": 50, "cursor": sealed}) == "2026|x"
    )


@pytest.mark.parametrize(
    ("cursors", "name", "filters"),
    [
        (CURSORS, "get-demands", {"region": "370611"}),
        (CURSORS, "get-demands", {}),
        (CURSORS, "get-claims", {"region": "370600"}),
        (Cursors("another secret"), "get-demands", {"region": "370600"}),
    ],
)
def test_a_cursor_of_something_else_is_refused(cursors, name, filters):
    sealed = CURSORS.sealed("2026|x", "get-demands", {"region": "370600"})
    with pytest.raises(Refusal):
        cursors.opened(sealed, name, filters)


@pytest.mark.parametrize("given", ["", "x", "2026|x", "ÿ", "a.b", "." * 5000])
def test_what_is_no_cursor_is_refused(given):
    with pytest.raises(Refusal) as refused:
        CURSORS.opened(given, "get-demands", {})
    assert refused.value.status == 400
