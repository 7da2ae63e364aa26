"""The workplace of a worker (劳动者): demand, seat, voucher, sign-in, timetable, own record."""

from gateway.web.worker.pages import SECTIONS

__all__ = ["SECTIONS"]
