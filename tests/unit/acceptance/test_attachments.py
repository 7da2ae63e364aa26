"""Sealed attachments: sealed in parts by the client, judged and opened once both layers of the bid are."""

import base64
import json
from dataclasses import replace

import pytest

from contracts.vocabularies import bid_files as words
from infra.sealing import SealingError, open_attachment, published_as_received, seal_attachment
from services.acceptance import unsealing, views
from services.acceptance.domain import attachments as rules
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.attachments import Attachment, BidFile
from services.acceptance.domain.bids import Opened
from tests.support.sample_files import PDF
from tests.unit.acceptance.samples import BIDS_UNTIL, NOW, brought, published, sealed, submitted
from tests.unit.acceptance.test_sourcing import refused

LONG = PDF + b"x" * (words.PART_BYTES + 1)


def stored(*attachments):
    """A sourcing with one bid, and what lies in the database of its attachments."""
    sourcing = published()
    bid = sealed(sourcing, "a", attachments=attachments)
    sourcing, kept = submitted(sourcing, "a", bid, NOW)
    return sourcing, kept, {each.upload_id: list(each.parts) for each in attachments}, bid


def opening(sourcing, bid, parts):
    """Both officers open it; the platform judges what lies there of the attachments."""
    sourcing, bids, _ = bidding.open_layer(
        sourcing, [bid], "opening-1", brought(sourcing, [bid], "opening-1"), BIDS_UNTIL
    )
    (plain,) = brought(sourcing, bids, "opening-2")
    files = unsealing.files_of(bids[0], plain.content, lambda id: parts.get(id, []))
    return bidding.open_layer(sourcing, bids, "opening-2", [replace(plain, files=files)], BIDS_UNTIL)


def opened_with_attachment():
    """A bid with two attachments, open and whole."""
    return opening(*stored(seal_attachment("方案.pdf", LONG), seal_attachment("b.pdf", PDF))[:3])[1][0]


@pytest.mark.parametrize("content", [PDF, LONG, PDF + bytes(words.PART_BYTES - len(PDF))])
def test_a_sealed_attachment_is_opened_as_it_was(content):
    one = seal_attachment("方案.pdf", content)
    whole = b"".join(one.parts)
    assert open_attachment(one.inside, whole) == content
    assert PDF not in whole
    assert words.parts_of(one.told["size"]) == len(one.parts)
    assert words.plain_size(one.told["size"]) == len(content)


def test_parts_that_are_exchanged_left_out_or_changed_do_not_open():
    one = seal_attachment("方案.pdf", LONG)
    first, last = one.parts
    broken = bytearray(first + last)
    broken[100] ^= 1
    for sealed_bytes in (last + first, first, bytes(broken), b""):
        with pytest.raises(SealingError):
            open_attachment(one.inside, sealed_bytes)


def test_the_client_seals_nothing_empty_or_too_large():
    for content in (b"", bytes(words.LARGEST + 1)):
        with pytest.raises(SealingError):
            seal_attachment("方案.pdf", content)


def test_both_officers_open_a_bid_and_its_attachments_are_whole():
    sourcing, bid, parts, mine = stored(seal_attachment("方案.pdf", LONG), seal_attachment("b.pdf", PDF))
    after, (shown,), facts = opening(sourcing, bid, parts)
    assert (shown.excluded, [each.problem for each in shown.files]) == (None, [None, None])
    assert [each.content_type for each in shown.files] == ["application/pdf"] * 2
    hashes = [each.sha256 for each in bid.attachments]
    assert facts[-1][1]["bids"][0]["attachments"] == hashes
    told = views.sourcing(after, 1, BIDS_UNTIL, [shown])
    assert published_as_received(mine, told, "a")
    told["bids"][0]["attachments"][0] = "0" * 64
    assert not published_as_received(mine, told, "a")
    file = shown.files[0]
    parts_of_it = parts[bid.attachments[0].upload_id]
    again = b"".join(
        unsealing.opened_part(file.inside, part, number, 2) for number, part in enumerate(parts_of_it)
    )
    assert again == LONG
    assert file.inside.key not in json.dumps(views.opened_bid(shown, after), default=str)


def test_an_attachment_swapped_where_it_lies_excludes_the_bid_as_swapped():
    one, other = seal_attachment("方案.pdf", PDF), seal_attachment("方案.pdf", PDF + b"forged")
    sourcing, bid, parts, _ = stored(one)
    for lying in ([], list(other.parts), [one.parts[0][:-1]]):
        _, (shown,), _ = opening(sourcing, bid, parts | {one.upload_id: lying})
        assert shown.excluded == "swapped"


def test_an_attachment_swapped_together_with_its_hash_is_found_out_by_what_the_bid_says():
    one, other = seal_attachment("方案.pdf", PDF), seal_attachment("方案.pdf", PDF + b"forged")
    sourcing, bid, _, _ = stored(one)
    forged = replace(bid, attachments=(Attachment(**other.told),))
    _, (shown,), _ = opening(sourcing, forged, {other.upload_id: list(other.parts)})
    assert shown.excluded == "attachments_differ"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [("方案.pdf", b"MZ" + bytes(200), "type"), ("方案.exe", PDF, "type"), ("方案.docx", PDF, "type")],
)
def test_what_an_attachment_may_not_be_is_marked_and_the_bid_stands(name, content, problem):
    sourcing, bid, parts, _ = stored(seal_attachment(name, content))
    _, (shown,), _ = opening(sourcing, bid, parts)
    assert (shown.excluded, shown.files[0].problem) == (None, problem)


def test_an_attachment_that_is_not_what_the_bid_says_is_marked():
    one = seal_attachment("方案.pdf", PDF)
    for changed, problem in (({"key": "00" * 32}, "unopenable"), ({"sha256": "0" * 64}, "differs")):
        lying = replace(one, inside={**one.inside, **changed})
        sourcing, bid, parts, _ = stored(lying)
        _, (shown,), _ = opening(sourcing, bid, parts)
        assert (shown.excluded, shown.files[0].problem) == (None, problem)


GOOD = seal_attachment("方案.pdf", PDF).inside


@pytest.mark.parametrize(
    "listed",
    [
        "text", {}, [1], ["x"], [None], [GOOD] * (words.MOST + 1),
        *([{**GOOD, name: value}] for name, value in (
            ("size", 0),
            ("size", True), ("size", words.LARGEST + 1), ("size", "1"), ("key", "00"), ("key", 1),
            ("key", "zz" * 32), ("sha256", "0"), ("sealed_sha256", ""), ("name", ""), ("name", "a\nb"),
            ("name", "\ud800"), ("name", 7), ("name", "x" * 121),
        )),
        *([{key: value for key, value in GOOD.items() if key != left}] for left in GOOD),
    ],
    ids=range(25),
)  # fmt: skip
def test_a_list_of_attachments_that_is_none_makes_the_bid_unreadable(listed):
    with pytest.raises((ValueError, KeyError, TypeError)):
        rules.read_inside({"attachments": listed})


def test_number_and_sizes_are_bounded():
    def told(size, id="u"):
        return Attachment(id, size, "0" * 64)

    many = tuple(told(1000, f"u{n}") for n in range(words.MOST + 1))
    refused("acceptance.attachments", rules.check, many)
    large = [told(words.LARGEST_SEALED, f"u{n}") for n in range(3)]
    assert words.plain_size(words.LARGEST_SEALED) == words.LARGEST
    refused("acceptance.attachments", rules.check, large)
    rules.check(large[:2])
    refused("acceptance.attachment_size", rules.check, [told(words.LARGEST_SEALED + 1)])
    refused("acceptance.attachment_size", rules.check, [told(words.SEAL_BYTES)])
    refused("acceptance.attachment_missing", rules.check, [told(1000), told(1000)])


def test_a_bid_without_its_platform_check_is_not_taken_for_whole():
    """An officer cannot make a bid with swapped attachments pass: the platform looks by itself."""
    one = seal_attachment("方案.pdf", PDF)
    sourcing, bid, _, _ = stored(one)
    _, (shown,), _ = opening(sourcing, bid, {})
    assert shown.excluded == "swapped"
    assert isinstance(Opened("x", b"").files, tuple)
    assert BidFile(rules.read_inside({"attachments": [GOOD]})[0]).problem is None


def test_base64_of_a_part_fits_a_message():
    part = max(seal_attachment("方案.pdf", LONG).parts, key=len)
    assert len(part) == words.SEALED_PART_BYTES
    assert len(base64.b64encode(part)) < 1_000_000
