"""Numbers that identify persons and bodies: checking, normal form, masking.

Citizen number: GB 11643, check character ISO 7064 MOD 11-2. Its first six digits are the region of first
registration, which may be long retired, so they are not looked up.
Unified social credit code: GB 32100-2015, check character modulo 31, letters included.
"""

import re
from datetime import date

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_CITIZEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CREDIT = re.compile(rf"[{CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")
_EARLIEST_BIRTH_YEAR = 1900


def citizen_check_character(first_17: str) -> str:
    """Return the 18th character of a citizen number (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first_17))
    return "10X98765432"[total % 11]


def citizen_id(text: str) -> str | None:
    """Return the normal form (a lower-case x raised) of a valid citizen number, else None."""
    number = text.strip().upper()
    if not _CITIZEN.fullmatch(number) or _birth(number) is None:
        return None
    return number if citizen_check_character(number[:17]) == number[17] else None


def birth_date(number: str) -> date:
    """Return the date of birth in a citizen number; raises ValueError when the number is not valid."""
    normal = citizen_id(number)
    born = _birth(normal) if normal else None
    if born is None:
        raise ValueError("not a valid citizen number")
    return born


def _birth(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_BIRTH_YEAR else None


def credit_check_character(first_17: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100-2015)."""
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first_17))
    return CREDIT_ALPHABET[-total % 31]


def credit_code(text: str) -> str | None:
    """Return the normal form (upper case) of a valid unified social credit code, else None."""
    code = text.strip().upper()
    if not _CREDIT.fullmatch(code):
        return None
    return code if credit_check_character(code[:17]) == code[17] else None


def mask_name(name: str) -> str:
    """Return the first character and a star for each other one: 示例甲 → 示**."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_id(number: str) -> str:
    """Return the first and last four characters of a citizen number or credit code, stars between."""
    return _mask(number, 4, 4)


def mask_phone(number: str) -> str:
    """Return the first three and last four digits of a phone number, stars between."""
    return _mask(number, 3, 4)


def mask_account(number: str) -> str:
    """Return the last four digits of a bank account, stars before."""
    return _mask(number, 0, 4)


def _mask(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    # fewer hidden characters than shown ones would give most of a short or broken value away
    if hidden < 4:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]
