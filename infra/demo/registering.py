"""(3) 接单: the three bodies file for the register of training bodies, and an officer admits them."""

from typing import Any, Final

from infra.demo import tell
from infra.demo.cast import Body
from infra.demo.client import at_once
from infra.demo.figures import OCCUPATION
from infra.demo.story import Story

# of the made-up bodies one is public: they are treated alike
_OWNERSHIP: Final = ("public", "private", "private")
_TEACHERS: Final = ("示例教师甲", "示例教师乙")


def admit(story: Story) -> None:
    """Put all providers on the register; whoever is on it may bid and file classes."""
    filings = zip(story.cast.providers, _OWNERSHIP, strict=True)
    at_once(lambda each: _file(story, *each), filings)
    officer = story.officer("catalogue")
    for body in story.cast.providers:
        officer.until(
            f"{body.name} checked by the registry",
            f"/providers/{body.ref}",
            lambda doc: doc["application"] is not None and doc["application"]["state"] == "to_decide",
        )
        officer.post(f"/providers/{body.ref}/admission")
    tell.say(
        f"{len(story.cast.providers)} 家机构（公办、民办同等对待）经联网核验准入机构名录",
        "public and private alike, checked with the registry and admitted to the register",
    )


def _file(story: Story, body: Body, ownership: str) -> None:
    lag = ("acceptance.no_body", "acceptance.body_unverified")
    body.client.post("/providers", _particulars(story, body, ownership), lag=lag)


def _particulars(story: Story, body: Body, ownership: str) -> dict[str, Any]:
    place = {
        "name": f"示例实训基地 {story.cast.mark}",
        "address": "烟台市福山区示例路1号",
        "longitude": 121.26,
        "latitude": 37.5,
    }
    return {
        "ownership": ownership,
        "licence": {
            "number": f"LIC-{body.credit_code[-6:]}",
            "issued_by": "示例人力资源和社会保障局",
            "valid_until": None,
            "occupations": [OCCUPATION],
        },
        "teachers": [
            {"name": name, "occupation": OCCUPATION, "certificate": f"T-{n:04d}"}
            for n, name in enumerate(_TEACHERS, 1)
        ],
        "rooms": [{"place": place, "seats": 60}],
    }
