"""What of the demands is published: sums of counties, cities and the province, small figures left out."""

from contracts.vocabularies.small_cells import protected
from services.catalogue.gathering import _figure, _shown


def test_a_province_is_shown_by_city_and_county():
    people = {"370611": 3, "370602": 40, "370612": 6, "370102": 50}
    assert dict(_shown(protected(_figure("370000", people)))) == {
        "370000": 99,
        "370100": 50,
        "370102": 50,
        "370600": 49,
        "370602": 40,
        "370611": None,
        "370612": None,
    }


def test_people_who_named_no_county_keep_the_others_from_being_reckoned():
    """Two of them: who subtracts the counties from the city would find them."""
    shown = dict(_shown(protected(_figure("370600", {"370600": 2, "370602": 40, "370611": 9}))))
    assert shown == {"370600": 51, "370602": 40, "370611": None}


def test_a_county_alone_with_few_people_shows_none():
    assert dict(_shown(protected(_figure("370611", {"370611": 4})))) == {"370611": None}
