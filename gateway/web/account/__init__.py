"""What everybody has: an account, a password, and the person or body that it stands for."""

from gateway.web.account.pages import SECTIONS

__all__ = ["SECTIONS"]
