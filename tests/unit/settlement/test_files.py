"""What a file is, by its content; a name is never believed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contracts.vocabularies import files as words
from contracts.vocabularies.errors import Refusal
from services.chassis.content_types import type_of
from services.settlement.domain import files
from services.settlement.domain.files import ClaimFile
from tests.support import sample_files as sample

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "content", "found"),
    [
        ("training_plan", "培训计划.pdf", sample.PDF, words.PDF),
        ("training_plan", "计划.docx", sample.DOCX, words.DOCX),
        ("sign_in_sheet", "签到.PNG", sample.PNG, words.PNG),
        ("sign_in_sheet", "签到.jpeg", sample.JPEG, words.JPEG),
        ("sign_in_sheet", "签到.xlsx", sample.XLSX, words.XLSX),
        ("video", "第一课.mp4", sample.MP4, words.MP4),
        ("video", "第一课.mov", sample.MOV, words.QUICKTIME),
        ("payroll", "工资.csv", sample.CSV, words.CSV),
        ("payroll", "工资.csv", sample.CSV_GBK, words.CSV),
    ],
)
def test_what_is_taken(kind: str, name: str, content: bytes, found: str) -> None:
    assert files.check_type(kind, name, type_of(content)) == found


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("other", "a.pdf", sample.HTML),
        ("other", "a.pdf", sample.SVG),
        ("other", "a.pdf", sample.PROGRAM),
        ("other", "a.csv", sample.SCRIPT),
        ("other", "a.csv", b"<a>,</a>\n"),
        ("other", "a.csv", b"a,b\n\x00\x01\x02"),
        ("other", "a.pdf", b"x"),
        ("other", "a.docx", sample.DOCX_WITH_MACROS),
        ("other", "a.docx", sample.PLAIN_ZIP),
        ("other", "a.docx", sample.zipped("[Content_Types].xml", "word/document.xml", "xl/workbook.xml")),
        ("other", "a.docx", b"PK\x03\x04" + bytes(100)),
        ("other", "a.docx", sample.DOCX[:-30]),
        ("other", "a.pdf", sample.HTML + sample.PDF),
        ("contract", "a.xlsx", sample.XLSX),
        ("video", "a.pdf", sample.PDF),
        ("payroll", "a.mp4", sample.MP4),
    ],
)
def test_what_is_not_taken_whatever_it_is_called(kind: str, name: str, content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        files.check_type(kind, name, type_of(content))
    assert (refused.value.code, refused.value.field) == ("settlement.file_type", "file")


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.pdf.exe",
        "a",
        "../../a.pdf",
        "c:\\a.pdf",
        "a\x00.pdf",
        "a\u202efdp.pdf",
        "a\u200b.pdf",
        "a?.pdf",
    ],
)
def test_a_name_has_to_fit_the_content_and_be_plain(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.check_type("other", name, words.PDF)
    assert refused.value.code == "settlement.file_name"


def test_sizes_on_both_sides_of_the_limit() -> None:
    for kind, most in words.LARGEST.items():
        files.check_size(kind, most)
        with pytest.raises(Refusal) as refused:
            files.check_size(kind, most + 1)
        assert (refused.value.code, refused.value.facts) == ("settlement.file_too_large", {"limit": most})
    with pytest.raises(Refusal) as refused:
        files.check_size("other", 0)
    assert refused.value.code == "settlement.file_empty"


@pytest.mark.parametrize("status", ["accepted", "first_reviewed", "ordered", "paid", "refused", "withdrawn"])
def test_files_are_added_before_the_acceptance_only(status: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.check_open(status)
    assert refused.value.code == "settlement.files_closed"
    for open in ("computed", "sent_back"):
        files.check_open(open)


def file(number: int) -> ClaimFile:
    hash = f"{number:064x}"
    return ClaimFile(f"f{number}", "c1", "other", "a.pdf", hash, 1, words.PDF, "not_scanned", "a", NOW)


def test_the_same_content_is_added_once_and_not_without_end() -> None:
    files.check_new([file(1)], file(2).sha256)
    with pytest.raises(Refusal) as refused:
        files.check_new([file(1)], file(1).sha256)
    assert (refused.value.code, refused.value.facts) == ("settlement.file_known", {"file_id": "f1"})
    full = [file(number) for number in range(words.MOST_FILES)]
    files.check_new(full[1:], file(99).sha256)
    with pytest.raises(Refusal) as refused:
        files.check_new(full, file(99).sha256)
    assert refused.value.code == "settlement.too_many_files"


def test_parts_cover_a_content() -> None:
    assert [words.parts_of(size) for size in (1, words.PART_BYTES, words.PART_BYTES + 1)] == [1, 1, 2]
    assert words.parts_of(words.LARGEST_OF_ALL) == words.MOST_PARTS


def test_what_was_found_edited_since_the_first_review_stands_in_the_way() -> None:
    whole, edited = file(1), replace(file(2), edited_at=NOW)
    files.check_whole([whole], frozenset())
    # the first review knew of it and answered its mark
    files.check_whole([whole, edited], {"f2"})
    with pytest.raises(Refusal) as refused:
        files.check_whole([whole, edited], {"f1"})
    assert (refused.value.code, refused.value.facts["file_id"]) == ("settlement.evidence_edited", "f2")
