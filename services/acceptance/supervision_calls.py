"""Calls of supervision: spot checks with roll and photos, feedback, a provider's record."""

import hashlib
from collections import Counter
from typing import Any

from contracts.commands import acceptance_supervision as c
from contracts.vocabularies.errors import Refusal
from services.acceptance import grading, store, who
from services.acceptance.domain import supervision
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.classes import Training
from services.acceptance.domain.providers import Provider
from services.acceptance.domain.supervision import Anomaly, Feedback, Photo, SpotCheck
from services.acceptance.store.attendance import PHOTOS
from services.chassis.service import Reader, Service, Unit, command, query

Body = dict[str, Any]
_MOST_WORDS = 200


class SupervisionCalls(Service):
    """Supervision of sessions."""

    @command(c.RECORD_SPOT_CHECK)
    def record_spot_check(self, unit: Unit, body: Body) -> Body:
        """An officer was there: who was found, how many heads, whether the teacher was."""
        it = _in_region(unit, body["class_id"])
        sign_ins = store.among(unit, SignIn, class_id=it.id, session_id=body["session_id"])
        found = tuple(sorted(set(body["found"])))
        check = SpotCheck(
            unit.new_id(), it.id, body["session_id"], it.provider_ref, unit.actor.account, unit.now,
            body["counted"], found, (), body["teacher_there"], body["note"],
        )  # fmt: skip
        new, facts = supervision.spot_check(it, check, sign_ins, unit.now)
        return _check_view(new, store.save(unit, new, facts))

    @query(c.LIST_SPOT_CHECKS)
    def list_spot_checks(self, reader: Reader, body: Body) -> Body:
        """The spot checks of a class."""
        it = _readable(reader, body["class_id"])
        found = store.among(reader, SpotCheck, class_id=it.id)
        items = [_check_view(each, store.version_of(reader, SpotCheck, each.id)) for each in found]
        return {"class_id": it.id, "items": items}

    @command(c.ADD_PHOTO)
    def add_photo(self, unit: Unit, body: Body) -> Body:
        """The officer who checked adds a photo; its type is found in its bytes."""
        check = _check(unit, body)
        if check.by != unit.actor.account:
            raise Refusal("owner.forbidden")
        content = body["content"]
        kind, made = supervision.photo_type(content), hashlib.sha256(content).hexdigest()
        photo = Photo(unit.new_id(), body["name"], kind, len(content), made)
        new = supervision.with_photo(check, photo)
        if new is check:
            return _check_view(check, store.version_of(unit, SpotCheck, check.id))
        unit.insert(PHOTOS, {"_id": photo.id, "check_id": check.id, "content": content})
        return _check_view(new, store.save(unit, new))

    @query(c.OPEN_PHOTO)
    def open_photo(self, reader: Reader, body: Body) -> Body:
        """A photo's content, while its bytes are those of its hash."""
        _readable(reader, body["class_id"])
        check = _check(reader, body)
        photo = next((each for each in check.photos if each.id == body["photo_id"]), None)
        row = reader.get(PHOTOS, photo.id) if photo else None
        if photo is None or row is None:
            raise Refusal("not_found", what="photo")
        content = bytes(row["content"])
        if hashlib.sha256(content).hexdigest() != photo.sha256:
            raise Refusal("not_found", what="photo")
        return {"name": photo.name, "content_type": photo.content_type, "content": content}

    @command(c.GIVE_FEEDBACK)
    def give_feedback(self, unit: Unit, body: Body) -> Body:
        """A learner who was there says how it was, once."""
        person_ref = unit.actor.person_ref
        if person_ref is None:
            raise Refusal("acceptance.no_person")
        it = store.load(unit, Training, body["class_id"])
        # the row's id does not say whose it is to who reads the list
        id = hashlib.sha256(f"{it.id}:{person_ref}".encode()).hexdigest()[:32]
        marks = {name: body[name] for name in ("teaching", "content", "place", "words")}
        new = Feedback(id=id, class_id=it.id, provider_ref=it.provider_ref, at=unit.now, **marks)
        rows = store.among(unit, SignIn, class_id=it.id, person_ref=person_ref, state="confirmed")
        facts = supervision.feedback(it, new, bool(rows), store.find(unit, Feedback, id), unit.now)
        version = store.save_unsaid(unit, new, facts)
        grading.mark(unit, it.provider_ref)
        return {"id": id, "version": version, "class_id": it.id, **marks}

    @query(c.CLASS_FEEDBACK)
    def class_feedback(self, reader: Reader, body: Body) -> Body:
        """What learners said of a class, without who said it."""
        it = _readable(reader, body["class_id"])
        given = store.among(reader, Feedback, class_id=it.id)
        words = sorted(each.words for each in given if each.words)[:_MOST_WORDS]
        return {"class_id": it.id, **supervision.averages(given), "words": words}

    @query(c.PROVIDER_RECORD)
    def provider_record(self, reader: Reader, body: Body) -> Body:
        """What supervision found of a provider's classes."""
        ref = body["provider_ref"]
        if reader.actor.body_ref != ref:
            provider = store.find(reader, Provider, ref)
            if provider is None or not who.sees_provider(reader, ref, provider.region):
                raise Refusal("owner.forbidden")
        kinds = Counter(each.kind for each in store.among(reader, Anomaly, provider_ref=ref))
        checks = store.among(reader, SpotCheck, provider_ref=ref)
        return {
            "provider_ref": ref,
            "anomalies": [{"kind": kind, "sessions": count} for kind, count in sorted(kinds.items())],
            "spot_checks": len(checks),
            "missing_at_checks": sum(len(each.missing) for each in checks),
            **supervision.averages(store.among(reader, Feedback, provider_ref=ref)),
        }


def _in_region(unit: Unit, class_id: str) -> Training:
    it = store.load(unit, Training, class_id)
    unit.actor.require_region(it.region)
    return it


def _readable(reader: Reader, class_id: str) -> Training:
    it = store.load(reader, Training, class_id)
    who.require_reader(reader, it)
    return it


def _check(reader: Any, body: Body) -> SpotCheck:
    check = store.load(reader, SpotCheck, body["check_id"])
    if check.class_id != body["class_id"]:
        raise Refusal("not_found", what="spotcheck")
    return check


def _check_view(it: SpotCheck, version: int) -> Body:
    names = ("id", "class_id", "session_id", "by", "at", "counted", "teacher_there", "note")
    return {
        **{name: getattr(it, name) for name in names},
        "version": version,
        "found": list(it.found),
        "missing": list(it.missing),
        "photos": [vars(each) for each in it.photos],
    }
