"""Regions: what lies in what."""

import pytest

from contracts.vocabularies import regions
from contracts.vocabularies.terms import UnknownCode


def test_shandong_is_whole() -> None:
    assert len(regions.children("370000")) == 16
    assert len(regions.children("140000")) == 11
    assert len(regions.COUNTIES) == 136
    assert regions.PROVINCES == ("370000", "140000")
    assert sum(len(regions.children(city)) for city in regions.CITIES) == 136


def test_names_and_those_above() -> None:
    assert regions.full_name("370611") == "山东省烟台市福山区"
    assert regions.ancestors("370611") == ("370600", "370000")
    assert regions.ancestors("370600") == ("370000",)
    assert regions.ancestors("370000") == ()
    assert regions.city_of("370611") == regions.city_of("370600") == "370600"
    assert regions.city_of("370000") is None
    assert regions.province_of("370611") == "370000"
    assert regions.name("370600", "en") == "Yantai"


@pytest.mark.parametrize(
    ("officer", "region", "covered"),
    [
        ("370600", "370611", True),
        ("370600", "370600", True),
        ("370000", "370611", True),
        ("370611", "370600", False),  # never upward
        ("370602", "370611", False),
        ("370100", "371002", False),  # 3710 is another city than 3701
        ("140000", "370611", False),
        ("370000", "140000", False),
    ],
)
def test_an_officer_acts_for_a_region_and_all_below(officer: str, region: str, covered: bool) -> None:
    assert regions.covers(officer, region) is covered


@pytest.mark.parametrize("unknown", ["", "370699", "110000", "37", "37060O", "370600 "])
def test_an_unknown_region_is_named_not_guessed(unknown: str) -> None:
    assert not regions.exists(unknown)
    for ask in (regions.name, regions.city_of, regions.province_of, regions.ancestors, regions.children):
        with pytest.raises(UnknownCode):
            ask(unknown)
    with pytest.raises(UnknownCode):
        regions.covers("370000", unknown)
    with pytest.raises(UnknownCode):
        regions.covers(unknown, unknown)


def test_every_region_has_its_city_and_province_in_the_list() -> None:
    for code in regions.CODES:
        assert all(regions.exists(above) for above in regions.ancestors(code))
        assert regions.covers(code, code)
