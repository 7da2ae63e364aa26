"""The rules of records: entries, corrections, consents, credentials, credits, 三个一."""

import base64
import gzip
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.vocabularies import levels
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.small_cells import LEAST
from services.policy.credits import credit_table
from services.selection.domain import consents, corrections, credentials, entries, practices
from services.selection.domain.consents import Consent
from services.selection.domain.credentials import Credential
from services.selection.domain.credits import credits_of, rules_of
from services.selection.domain.entries import Entry
from services.selection.domain.practices import Practice
from services.selection.records.signing import Issuer, bitstring, token_list

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
SHANDONG = "370611"


def entry(kind="training", id="e1", **values):
    given = {"hours": 40, "passed": True, **values}
    return Entry(id, "p1", kind, "acceptance", "c1", "b1", SHANDONG, NOW, given)


def refused(code):
    return pytest.raises(Refusal, match=code.replace(".", r"\."))


def test_what_is_told_again_adds_to_an_entry_and_keeps_its_correction():
    first = entries.corrected(entry(passed=None), {"hours": 44}, strike=False)
    again = entries.told_again(first, replace(entry(passed=True), at=NOW + DAY))
    assert (again.at, again.values["passed"], again.now["hours"], again.values["hours"]) == (
        NOW + DAY, True, 44, 40,
    )  # fmt: skip
    assert entries.told_again(None, first) is first


@pytest.mark.parametrize("kind", entries.CORRECTABLE)
def test_only_what_a_kind_has_is_corrected(kind):
    names = {"hours", "passed", "occupation", "level", "issued_on", "since", "amount_fen"}
    for name in names:
        if name in entries.CORRECTABLE[kind]:
            assert entries.corrected(entry(kind), {name: "x"}, strike=False).now[name] == "x"
        else:
            with refused("selection.correction_field"):
                entries.corrected(entry(kind), {name: "x"}, strike=False)
    assert entries.corrected(entry(kind), {}, strike=True).struck


def test_ids_of_entries_are_the_same_for_the_same_and_fit_a_reference():
    assert entries.entry_id("certificate", "ABC") == "certificate:ABC"
    long = entries.entry_id("subsidy", "x" * 90)
    assert len(long) <= 80
    assert long == entries.entry_id("subsidy", "x" * 90) != entries.entry_id("subsidy", "y" * 90)
    assert ":" in entries.entry_id("subsidy", "示例")


def test_a_correction_is_answered_once_by_the_office_of_the_source():
    asked, told = corrections.ask("a1", entry(), "370600", "错", NOW)
    assert (asked.region, told[1]["entry_id"]) == (SHANDONG, "e1")
    with refused("selection.correction_office"):
        corrections.answer(asked, True, "r", frozenset({"first_reviewer"}), "o", NOW)
    answered, _told = corrections.answer(asked, True, "r", frozenset({"supervisor"}), "o", NOW)
    assert (answered.status, answered.answered_by) == ("upheld", "o")
    with refused("out_of_order"):
        corrections.answer(answered, False, "r", frozenset({"supervisor"}), "o", NOW)
    paid = replace(entry("subsidy"), source="settlement", region=None)
    asked, _told = corrections.ask("a2", paid, "370600", "错", NOW)
    assert asked.region == "370600"
    assert (
        corrections.answer(asked, False, "r", frozenset({"first_reviewer"}), "o", NOW)[0].status == "rejected"
    )


def consent(**changes):
    given = Consent("k1", "p1", "CODE", "b1", "示例企业", "招聘", ("training",), NOW, NOW + 10 * DAY)
    return replace(given, **changes)


def test_a_consent_opens_to_its_reader_until_it_ends_or_is_revoked():
    assert consents.read(consent(), "CODE", NOW).readings == 1
    for code in ("OTHER", None):
        with refused("owner.forbidden"):
            consents.read(consent(), code, NOW)
    assert consents.status(consent(), NOW + 10 * DAY) == "ended"
    revoked, told = consents.revoke(consent(), NOW + DAY)
    assert (consents.status(revoked, NOW + DAY), told[0]) == ("revoked", "selection.consent.revoked")
    for closed, now in ((revoked, NOW + DAY), (consent(), NOW + 10 * DAY)):
        with refused("selection.consent_closed"):
            consents.read(closed, "CODE", now)
        assert consents.revoke(closed, now) == (closed, None)


@pytest.mark.parametrize(("days", "good"), [(0, False), (-1, False), (1, True), (365, True), (366, False)])
def test_a_term_ends_after_now_and_not_too_far_off(days, good):
    if good:
        consents.check_term(NOW, NOW + days * DAY, 365)
    else:
        with refused("selection.consent_term"):
            consents.check_term(NOW, NOW + days * DAY, 365)


def credential(**changes):
    made = Credential(
        "c1",
        "p1",
        "certificate",
        "e1",
        (),
        "示例企业",
        "求职",
        NOW,
        NOW + DAY,
        False,
        False,
        None,
        "s1",
        1,
        7,
    )
    return replace(made, **changes)


def test_a_credential_is_valid_until_it_ends_or_is_revoked_once():
    assert credentials.status(credential(), NOW) == "valid"
    assert credentials.status(credential(), NOW + DAY) == "ended"
    revoked, told = credentials.revoke(credential(), "r", NOW)
    assert (credentials.status(revoked, NOW), told[1]["reason"]) == ("revoked", "r")
    assert credentials.revoke(revoked, "again", NOW + DAY) == (revoked, None)
    for closed, now in ((revoked, NOW), (credential(), NOW + DAY)):
        with refused("selection.credential_closed"):
            credentials.check_valid(closed, now)


def test_a_credential_states_its_entry_or_its_scope():
    assert credentials.of_entry(credential(), "e1", "certificate")
    assert not credentials.of_entry(credential(), "e2", "certificate")
    record = credential(entry_id=None, scope=("training",))
    assert credentials.of_entry(record, "any", "training")
    assert not credentials.of_entry(record, "any", "subsidy")


def test_every_index_of_a_list_is_tried_once():
    bits = credentials.LIST_BITS
    tried = {credentials.next_index(bits - 3, tries) for tries in range(bits)}
    assert tried == set(range(bits))


def test_the_bits_of_both_lists_stand_where_their_standards_say():
    revoked = [0, 9, 131_071]
    encoded = bitstring(revoked, credentials.LIST_BITS)
    assert encoded[0] == "u"
    w3c = gzip.decompress(_raw(encoded[1:]))
    assert (w3c[0], w3c[1], w3c[-1], len(w3c)) == (0b1000_0000, 0b0100_0000, 0b0000_0001, 16_384)
    ietf = zlib.decompress(_raw(token_list(revoked, credentials.LIST_BITS)))
    assert (ietf[0], ietf[1], ietf[-1], len(ietf)) == (0b0000_0001, 0b0000_0010, 0b1000_0000, 16_384)


def _raw(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_an_issuer_is_found_by_did_web_and_old_keys_stay_published():
    issuer = Issuer("https://train.example:8443/wudan", "issuer-2", bytes(range(32)), {"issuer-1": bytes(32)})
    assert issuer.id == "did:web:train.example%3A8443:wudan:v1:issuer"
    assert issuer.base == "https://train.example:8443/wudan/v1/issuer"
    kids = [key["kid"] for key in issuer.jwks["keys"]]
    assert kids == [f"{issuer.id}#issuer-2", f"{issuer.id}#issuer-1"]
    assert [method["id"] for method in issuer.did_document["verificationMethod"]] == kids
    assert not [key for key in issuer.jwks["keys"] if "d" in key]


def test_credits_follow_the_table_of_each_entrys_day():
    rules = rules_of(SHANDONG)
    day = date(2026, 3, 1)
    found = [
        (entry(id="t1", hours=47), day),
        (entry(id="t2", hours=1000), day),
        (entry(id="t3", passed=False), day),
        (entry(id="t4", hours=15), day),
        (replace(entry(id="t5"), struck=True), day),
        (entry("certificate", "k1", level="4"), day),
        (entry("certificate", "k2", level="4"), date(2018, 1, 1)),
        (entry("subsidy", "s1"), day),
    ]
    lines = {line.entry_id: line.credits for line in credits_of(found, rules)}
    assert lines == {"t1": 2, "t2": 10, "k1": 10}
    corrected = entries.corrected(entry("certificate", "k1", level="4"), {"level": "3"}, strike=False)
    assert [line.credits for line in credits_of([(corrected, day)], rules)] == [20]


@pytest.mark.parametrize("region", ["370000", "140000"])
def test_the_published_table_has_every_level_and_higher_ones_earn_more(region):
    rules = credit_table(rules_of(region), date(2026, 3, 1))
    table = {figures["level"]: figures["credits"] for _rule, figures in rules if figures["level"]}
    assert set(table) == set(levels.CODES)
    grades = [table[level] for level in levels.EIGHT_GRADES]
    assert grades == sorted(set(grades))
    assert all(rule.status == "illustrative" and "§19" in rule.clause for rule, _figures in rules)


def test_the_three_are_made_by_the_first_entry_of_each():
    first, later = date(2026, 1, 1), date(2026, 2, 1)
    found = [
        (entry(id="t2"), later),
        (entry(id="t1"), first),
        (entry(id="t0", passed=False), first),
        (entry(id="s1", training_kind="startup"), later),
    ]
    ones = {one.what: one for one in practices.three_ones(found, ["practice"])}
    assert (ones["skill_training"].entry_id, ones["skill_training"].done_on) == ("t1", first)
    assert ones["startup_training"].entry_id == "s1"
    assert (ones["practice"].entry_id, ones["practice"].waiting) == (None, True)
    assert practices.made_by(replace(entry(), struck=True)) is None
    assert practices.made_by(entry("certificate")) is None


def test_a_report_is_decided_once():
    made = Practice(
        "r1", "p1", "practice", "实训", "示例企业", SHANDONG, "2026-01-05", "2026-02-05", None, NOW
    )
    confirmed, told = practices.decide(made, True, "已核实", "o")
    assert (confirmed.status, told[1]["confirmed"]) == ("confirmed", True)
    with refused("out_of_order"):
        practices.decide(confirmed, False, "r", "o")


@pytest.mark.parametrize(("students", "did"), [(all, did) for all in range(12) for did in range(all + 1)])
def test_figures_tell_of_nobody_alone(students, did):
    told = practices.suppressed({"students": students, "practice": did}, LEAST)
    if students < LEAST:
        assert told == {"students": None, "practice": None}
    else:
        hidden = 0 < did < LEAST or 0 < students - did < LEAST
        assert told == {"students": students, "practice": None if hidden else did}
