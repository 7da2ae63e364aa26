"""Well-formed numbers for made-up people and bodies (demonstration, tests, stand-in).

The default region 379999 has never been assigned, so that a made-up number belongs to nobody.
"""

from datetime import date

from contracts.vocabularies.identifiers import (
    CREDIT_ALPHABET,
    citizen_check_character,
    credit_check_character,
)

NOWHERE = "379999"


def make_citizen_id(region: str = NOWHERE, birth: date = date(1990, 1, 1), serial: int = 0) -> str:
    """Return a citizen number with a right check character; serial 0..999, odd for men."""
    if not 0 <= serial <= 999:
        raise ValueError("serial is 0 to 999")
    first_17 = f"{_six_digits(region)}{birth:%Y%m%d}{serial:03d}"
    return first_17 + citizen_check_character(first_17)


def wrong_citizen_id(right: str) -> str:
    """Return the number with another check character, so that it fails its check."""
    return right[:17] + ("0" if right[17] != "0" else "1")


def make_credit_code(serial: int, region: str = NOWHERE, prefix: str = "91") -> str:
    """Return a unified social credit code with right check characters; serial 0 to 31^6 - 1.

    `prefix` is the registering department and the kind of body (91 firm, 52 private non-enterprise unit,
    12 public institution, 51 association).
    """
    if not 0 <= serial < 31**6:
        raise ValueError("serial is 0 to 31^6 - 1")
    body = ""
    for _ in range(6):
        serial, digit = divmod(serial, 31)
        body = CREDIT_ALPHABET[digit] + body
    first_17 = f"{prefix}{_six_digits(region)}{_organisation('MA' + body)}"
    return first_17 + credit_check_character(first_17)


def _organisation(first_8: str) -> str:
    """Return an organisation code with its GB 11714 check character (modulo 11)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(char, 36) for weight, char in zip(weights, first_8, strict=True))
    return first_8 + "0123456789X"[-total % 11]


def _six_digits(region: str) -> str:
    if len(region) != 6 or not (region.isascii() and region.isdigit()):
        raise ValueError("a region code has six digits")
    return region
