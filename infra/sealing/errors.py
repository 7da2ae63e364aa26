"""What goes wrong on the side of a bidder or an officer."""


class SealingError(ValueError):
    """The notice, the key or the bytes are not what they must be; nothing was sealed or opened."""
