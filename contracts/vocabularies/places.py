"""Where counties and cities lie, for distances between them: data/centres.toml (Shandong only)."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

from contracts.vocabularies.terms import read_data

_EARTH_KM: Final = 6371.0
_CENTRES: Final[dict[str, list[float]]] = read_data("centres.toml")["centres"]


def centre(code: str) -> tuple[float, float] | None:
    """Return the longitude and latitude (degrees) of a region's centre, None where none is known."""
    found = _CENTRES.get(code)
    return (found[0], found[1]) if found else None


def distance_km(one: str, other: str) -> int | None:
    """Return the great-circle distance of two regions' centres in whole km, None where one is not known."""
    if one == other:
        return 0
    here, there = centre(one), centre(other)
    if here is None or there is None:
        return None
    east, north = radians(there[0] - here[0]), radians(there[1] - here[1])
    across = cos(radians(here[1])) * cos(radians(there[1])) * sin(east / 2) ** 2
    return round(2 * _EARTH_KM * asin(sqrt(sin(north / 2) ** 2 + across)))
