"""The register of training bodies: filing, the registry's answer, admission, measures, exit and re-entry."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance.domain import providers
from services.acceptance.domain.copies import Body
from services.acceptance.domain.providers import Licence, Measure, Particulars, Provider, Room, Teacher, Terms
from tests.unit.acceptance.samples import DAY, NOW, PLACE

TODAY = today_in_shanghai(NOW)
TERMS = Terms(teachers=2, places=1, fresh_days=30, reentry_months=12)
WELDER, COOK = "6-18-02-04", "4-03-02-01"
BODY = Body("body", "provider", "示例培训机构", "370611", "verified", "职业技能培训", NOW - DAY)


def particulars(**changed: object) -> Particulars:
    licence = Licence("LIC-0001", "示例人社局", date(2027, 3, 1), (WELDER,))
    teachers = tuple(Teacher(f"示例师{n}", WELDER, f"CERT-{n:04d}") for n in range(2))
    return replace(Particulars("private", licence, teachers, (Room(PLACE, 40),)), **changed)


def applied(body: Body = BODY, old: Provider | None = None, **changed: object) -> Provider:
    return providers.apply(body, old, particulars(**changed), TERMS, "filer", NOW)[0]


def admitted(**changed: object) -> Provider:
    return providers.admit(applied(**changed), TERMS, "officer", NOW)[0]


def measure(kind: str = "suspension", until: date | None = None, id: str = "m") -> Measure:
    return Measure(id, kind, "授课与备案不符", "7 §23", TODAY, until, "supervisor")


def codes(call, *args) -> str:
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value.code


def test_a_fresh_answer_of_the_registry_serves_and_an_officer_admits():
    provider, facts = providers.apply(BODY, None, particulars(), TERMS, "filer", NOW)
    assert provider.status(TODAY) == "applied"
    assert provider.application.state == "to_decide"
    assert [type for type, _ in facts] == ["acceptance.provider.applied"]
    provider, facts = providers.admit(provider, TERMS, "officer", NOW)
    assert (provider.status(TODAY), provider.since, provider.entries) == ("admitted", TODAY, 1)
    assert facts[0][1]["occupations"] == [WELDER]
    providers.may_act(provider, "file_class", TODAY, WELDER)


@pytest.mark.parametrize("checked_at", [None, NOW - 31 * DAY])
def test_without_a_fresh_answer_the_registry_is_asked_and_nothing_is_admitted_meanwhile(checked_at):
    body = replace(BODY, checked_at=checked_at)
    provider, facts = providers.apply(body, None, particulars(), TERMS, "filer", NOW)
    assert [type for type, _ in facts][-1] == "acceptance.provider.check_asked"
    assert codes(providers.admit, provider, TERMS, "officer", NOW) == "acceptance.registry_silent"
    assert codes(providers.apply, body, provider, particulars(), TERMS, "filer", NOW) == (
        "acceptance.application_pending"
    )
    answered = providers.take_answer(provider, NOW + DAY, "教育培训服务", None)
    assert providers.admit(answered, TERMS, "officer", NOW + 2 * DAY)[0].admitted is not None
    assert codes(providers.admit, answered, TERMS, "officer", NOW + 40 * DAY) == "acceptance.registry_old"


def test_a_body_not_registered_for_training_or_not_active_is_not_admitted():
    trades = applied(replace(BODY, scope="五金销售"))
    assert trades.application.state == "check_failed"
    waiting = applied(replace(BODY, checked_at=None))
    dormant = providers.take_answer(waiting, NOW, "培训", "登记状态为休眠 / dormant")
    for provider in (trades, dormant):
        assert codes(providers.admit, provider, TERMS, "officer", NOW) == "out_of_order"
    # an enterprise that trains its own people is in another business
    firm = applied(replace(BODY, kind="enterprise", scope="通用设备制造"))
    assert firm.application.state == "to_decide"
    # who was refused may file again at once
    assert applied(BODY, trades).application.state == "to_decide"


def test_what_is_filed_must_be_enough_and_fit_the_licence():
    assert codes(lambda: applied(teachers=particulars().teachers[:1])) == "acceptance.provider_short"
    assert codes(lambda: applied(rooms=())) == "acceptance.provider_short"
    stale = replace(particulars().licence, valid_until=TODAY - timedelta(days=1))
    assert codes(lambda: applied(licence=stale)) == "acceptance.licence_expired"
    foreign = (*particulars().teachers, Teacher("示例师丙", COOK, "CERT-0009"))
    assert codes(lambda: applied(teachers=foreign)) == "acceptance.provider_scope"
    assert codes(lambda: applied(replace(BODY, status="refused"))) == "acceptance.body_unverified"
    assert codes(lambda: applied(replace(BODY, kind="assessor"))) == "acceptance.body_unverified"


def test_nobody_acts_off_the_register_or_beyond_the_licence():
    def refused(provider: Provider | None, day: date = TODAY, occupation: str = WELDER) -> str:
        return codes(providers.may_act, provider, "submit_bid", day, occupation)

    assert refused(None) == "acceptance.provider_not_admitted"
    assert refused(applied()) == "acceptance.provider_not_admitted"
    assert refused(admitted(), TODAY, COOK) == "acceptance.provider_scope"
    assert refused(admitted(), date(2027, 3, 2)) == "acceptance.licence_expired"
    providers.may_act(admitted(), "submit_bid", date(2027, 3, 1), WELDER)


def test_a_suspension_bars_until_its_last_day_and_a_warning_does_not():
    until = TODAY + timedelta(days=30)
    provider, facts = providers.take_measure(admitted(), measure(until=until), TODAY)
    assert (provider.status(TODAY), facts[0][0]) == ("suspended", "acceptance.provider.suspended")
    assert codes(providers.may_act, provider, "file_class", until) == "acceptance.provider_suspended"
    providers.may_act(provider, "file_class", until + timedelta(days=1))
    warned, _ = providers.take_measure(admitted(), measure("warning"), TODAY)
    assert warned.status(TODAY) == "warned"
    providers.may_act(warned, "file_class", TODAY)


def test_a_suspension_without_an_end_holds_until_it_is_lifted():
    provider, _ = providers.take_measure(admitted(), measure(), TODAY)
    provider, _ = providers.take_measure(provider, measure(until=TODAY, id="short"), TODAY)
    later = TODAY + timedelta(days=400)
    assert (provider.status(later), provider.suspended_until(later)) == ("suspended", None)
    lifted, facts = providers.lift(provider, "m", "other", "已整改", TODAY)
    # the other one still holds today
    assert lifted.status(TODAY) == "suspended"
    assert lifted.status(TODAY + timedelta(days=1)) == "admitted"
    assert facts[0][1]["kind"] == "suspension"
    assert codes(providers.lift, lifted, "m", "other", "再次", TODAY) == "out_of_order"
    assert codes(providers.lift, lifted, "unknown", "other", "无", TODAY) == "acceptance.measure_unknown"
    past = measure(until=TODAY - timedelta(days=1))
    assert codes(providers.take_measure, admitted(), past, TODAY) == "acceptance.measure_dates"


def test_who_is_put_off_comes_back_after_the_term_who_leaves_comes_back_at_once():
    put_off, facts = providers.take_measure(admitted(), measure("exit"), TODAY)
    assert (put_off.status(TODAY), facts[0][0]) == ("exited", "acceptance.provider.exited")
    assert codes(providers.may_act, put_off, "submit_bid", TODAY) == "acceptance.provider_exited"
    assert codes(providers.lift, put_off, "m", "other", "误", TODAY) == "acceptance.measure_unknown"
    assert codes(lambda: applied(BODY, put_off)) == "acceptance.reentry_early"
    after = NOW + 365 * DAY
    fresh = replace(BODY, checked_at=after)
    again, _ = providers.apply(
        fresh,
        put_off,
        particulars(licence=replace(particulars().licence, valid_until=None)),
        TERMS,
        "f",
        after,
    )
    # the filing alone opens nothing
    assert again.status(today_in_shanghai(after)) == "exited"
    back, _ = providers.admit(again, TERMS, "officer", after)
    assert (back.status(today_in_shanghai(after)), back.entries) == ("admitted", 2)
    left, _ = providers.leave(admitted(), "停止办学", TODAY)
    assert left.status(TODAY) == "exited"
    assert applied(BODY, left).application.state == "to_decide"
    suspended, _ = providers.take_measure(admitted(), measure(), TODAY)
    assert codes(providers.leave, suspended, "停止办学", TODAY) == "out_of_order"


def test_who_left_can_still_be_put_off_and_nothing_filed_before_leads_back():
    left = providers.leave(admitted(), "停办", TODAY)[0]
    assert codes(providers.take_measure, left, measure("warning"), TODAY) == "out_of_order"
    waiting = applied(BODY, left)
    out, facts = providers.take_measure(waiting, measure("exit"), TODAY)
    assert (out.status(TODAY), out.own_exit, facts[0][0]) == ("exited", False, "acceptance.provider.exited")
    assert codes(providers.admit, out, TERMS, "officer", NOW) == "out_of_order"
    assert codes(lambda: applied(BODY, out)) == "acceptance.reentry_early"
    # once is enough
    assert codes(providers.take_measure, out, measure("exit"), TODAY) == "out_of_order"


def test_a_change_that_is_sent_back_leaves_the_admission_as_it_was():
    provider = applied(
        BODY, admitted(), teachers=(*particulars().teachers, Teacher("示例师丙", WELDER, "C-03"))
    )
    returned, facts = providers.send_back(provider, "教师资格不全", NOW)
    assert (returned.application.state, facts[0][1]) == ("returned", {"reason": "教师资格不全"})
    assert returned.status(TODAY) == "admitted"
    assert len(returned.admitted.teachers) == 2
    providers.may_act(returned, "submit_bid", TODAY, WELDER)
    assert codes(providers.send_back, returned, "再次", NOW) == "out_of_order"


def test_public_and_private_bodies_are_treated_alike():
    """The whole way twice, the same but for who owns the body: not one answer differs."""

    def way(ownership: str) -> list[object]:
        found: list[object] = []
        provider, _ = providers.apply(BODY, None, particulars(ownership=ownership), TERMS, "filer", NOW)
        found.append(provider.application.state)
        provider, _ = providers.admit(provider, TERMS, "officer", NOW)
        for kind, until in (("warning", TODAY), ("suspension", TODAY + timedelta(days=9)), ("exit", None)):
            provider, facts = providers.take_measure(provider, measure(kind, until, id=kind), TODAY)
            found += [facts, provider.status(TODAY), provider.status(TODAY + timedelta(days=10))]
            for day in (TODAY, TODAY + timedelta(days=10)):
                for occupation in (WELDER, COOK):
                    try:
                        providers.may_act(provider, "submit_bid", day, occupation)
                        found.append("may")
                    except Refusal as refusal:
                        found.append(refusal.as_dict())
        found.append(codes(lambda: applied(BODY, provider, ownership=ownership)))
        return found

    assert way("public") == way("private")
