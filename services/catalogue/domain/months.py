"""Calendar months, written 2026-03."""


def months_before(month: str, count: int) -> str:
    """Return the month so many before this one."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{number // 12}-{number % 12 + 1:02}"


def months_between(first: str, last: str) -> list[str]:
    """Return the months from the first to the last, none when the last is earlier."""
    found = []
    while last >= first:
        found.append(last)
        last = months_before(last, 1)
    return found[::-1]
