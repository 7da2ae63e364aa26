"""Lists that are read page by page."""

from contracts.fields import Contract, Count, Ref


class Page(Contract):
    """Ask for a page: at most `limit` items after `cursor`, the `next` of the page before (none: the
    first).
    """

    limit = Count(low=1, high=100, load_default=20)
    cursor = Ref(load_default=None, allow_none=True)
