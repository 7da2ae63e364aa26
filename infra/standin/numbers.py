"""Check characters as the outside world reckons them: written apart from the platform's own on purpose."""

from datetime import date

_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def citizen_number_is_valid(number: str) -> bool:
    """Return whether an 18-digit citizen number has a birth date and its check character (GB 11643)."""
    if len(number) != 18 or not (number.isascii() and number[:17].isdigit()):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def credit_code_is_valid(code: str) -> bool:
    """Return whether an 18-character unified social credit code has its check character (GB 32100)."""
    if len(code) != 18 or any(char not in _CREDIT for char in code):
        return False
    total = sum(_CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code[17] == _CREDIT[(31 - total % 31) % 31]
