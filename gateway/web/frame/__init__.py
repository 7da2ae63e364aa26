"""What all pages share: layout, navigation, forms from contracts, lists, details (docs/pages.md)."""

from gateway.web.frame.kinds import (
    Action,
    Asking,
    Column,
    Elsewhere,
    Page,
    Section,
    detail_page,
    form_page,
    list_page,
    own_page,
)
from gateway.web.language import Text

__all__ = [
    "Action",
    "Asking",
    "Column",
    "Elsewhere",
    "Page",
    "Section",
    "Text",
    "detail_page",
    "form_page",
    "list_page",
    "own_page",
]
