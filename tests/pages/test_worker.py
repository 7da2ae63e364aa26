"""The worker's part of the main job, on a desktop and on a phone, in one class at the same time."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from infra.demo.story import Story
from tests.pages import worker_way as way
from tests.pages.browsing import DESKTOP, PHONE, person
from tests.pages.worker_way import Learner


@pytest.mark.timeout(600)
def test_from_a_wish_to_a_sign_in(browser: Browser, base: str, scene: Story) -> None:
    training = scene.classes[1]
    place = training.doc["place"]
    there: dict[str, Any] = {
        "permissions": ["geolocation"],
        "geolocation": {"longitude": place["longitude"], "latitude": place["latitude"]},
    }
    with person(browser, base, DESKTOP, **there) as desk, person(browser, base, PHONE, **there) as phone:
        mark = scene.cast.mark
        learners = [Learner(desk, f"page-{mark}-desk", 701), Learner(phone, f"page-{mark}-phone", 702)]
        for learner in learners:
            way.begin(learner, scene)
        for learner in learners:
            way.choose(learner, training)
        way.issue(scene, training, learners)
        for learner in learners:
            way.bind(learner)
        way.roster(scene, training)
        session = way.open_session(scene, training)
        for learner in learners:
            way.sign_in(learner, scene, training, session)
        at = f"/classes/{training.id}/sessions/{session['session_id']}/sign-ins"
        found = scene.winner.client.get(at)["items"]
        assert [each["way"] for each in found] == ["phone", "phone"]
