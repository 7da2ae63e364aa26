"""Mistakes in rule files are named by file, line and field; a city's table is one file more."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from services.policy import (
    Certificate,
    ClassTrainingFacts,
    NoRule,
    RulesInvalid,
    TraineeFacts,
    class_training,
    rules_for,
)
from services.policy.check import check
from services.policy.loader import DATA, load

HEAD = 'edition = "test-1"\njurisdiction = "370000"\n'
TABLE = """\
[defaults]
document = "37"
clause = "§3"
jurisdiction = "370200"
payee = ["provider"]
fund = ["employment_subsidy"]
valid_from = 2025-01-01
status = "illustrative"

[[rule]]
id = "t.first"
topic = "training_standard"
valid_to = 2025-12-31
zh = "标准"
en = "standard"
applies = { organisation = "ordinary", level = "4" }
values = { per_person_fen = 100000 }

[[rule]]
id = "t.second"
topic = "training_standard"
valid_from = 2026-01-01
zh = "标准"
en = "standard"
[rule.applies]
organisation = "ordinary"
level = "4"
[rule.values]
per_person_fen = 110000
"""


def province(folder: Path, **files: str) -> Path:
    (folder / "edition.toml").write_text(HEAD, "utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(RulesInvalid) as raised:
        load(folder)
    return [str(each).removeprefix(f"{folder.name}/") for each in raised.value.problems]


def test_the_sample_is_sound(tmp_path: Path) -> None:
    assert len(load(province(tmp_path, city=TABLE)).rules) == 2


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        # dates
        ("2025-12-31", "2025-11-31", "city.toml:13: rule t.first: valid_to: "),
        ("2025-12-31", "2025-02-29", "city.toml:13: rule t.first: valid_to: "),
        ("valid_from = 2026-01-01", "valid_from = 2026-13-01", "city.toml:22: rule t.second: valid_from: "),
        ("2025-12-31", '"2025-12-31"', "city.toml:13: rule t.first: valid_to: is not a day"),
        ("2025-12-31", "2025-12-31T00:00:00", "city.toml:13: rule t.first: valid_to: is not a day"),
        ("2025-12-31", "2024-12-31", "city.toml:13: rule t.first: valid_to: is before valid_from"),
        # overlapping and gapped validity
        (
            "2026-01-01",
            "2025-12-31",
            "city.toml:22: rule t.second: valid_from: overlaps t.first, which ends 2025-12-31",
        ),
        (
            "2026-01-01",
            "2026-01-02",
            "city.toml:22: rule t.second: valid_from: leaves a gap after t.first, which ends 2025-12-31; "
            "say why in after_gap",
        ),
        (
            "valid_to = 2025-12-31\n",
            "",
            "city.toml:21: rule t.second: valid_from: overlaps t.first, which ends never",
        ),
        # unknown keys
        ("clause =", "claus =", "city.toml:3: rule defaults: claus: is not a field of a rule"),
        ("zh = ", "color = 1\nzh = ", "city.toml:14: rule t.first: color: is not a field of a rule"),
        ("[defaults]", "[default]", "city.toml:1: rule -: default: is not defaults or rule"),
        (
            "per_person_fen = 110000",
            "per_person = 110000",
            "city.toml:29: rule t.second: values.per_person: ",
        ),
        (
            'organisation = "ordinary", level',
            'colour = "red", level',
            "city.toml:16: rule t.first: applies.colour: has no place in training_standard",
        ),
        # wrong types and unknown words
        ("100000", '"100000"', "city.toml:17: rule t.first: values.per_person_fen: is not a whole number"),
        ("100000", "1000.5", "city.toml:17: rule t.first: values.per_person_fen: is not a whole number"),
        ("100000", "-1", "city.toml:17: rule t.first: values.per_person_fen: is not a whole number"),
        ("100000", "true", "city.toml:17: rule t.first: values.per_person_fen: is not a whole number"),
        ('["provider"]', '"provider"', "city.toml:5: rule defaults: payee: is not a list of known payees"),
        ('["provider"]', '["provider", "provider"]', "city.toml:5: rule defaults: payee: is not a list"),
        ('["employment_subsidy"]', '["lottery"]', "city.toml:6: rule defaults: fund: is not a list of known"),
        ('level = "4" }', 'level = "9" }', "city.toml:16: rule t.first: applies.level: knows no 9"),
        ('level = "4" }', "level = 4 }", "city.toml:16: rule t.first: applies.level: is empty or not text"),
        ("training_standard", "training_standart", "city.toml:12: rule t.first: topic: is not a known topic"),
        ('"illustrative"', '"real"', "city.toml:8: rule defaults: status: is none of"),
        ('"37"', '"38"', "city.toml:2: rule defaults: document: is not in documents.toml"),
        (
            "values = { per_person_fen = 100000 }",
            "values = 7",
            "city.toml:17: rule t.first: values: is not a",
        ),
        # places
        ('"370200"', '"140100"', "city.toml:4: rule defaults: jurisdiction: is outside of 370000"),
        ('"370200"', '"370299"', "city.toml:4: rule defaults: jurisdiction: is not a known region"),
        # what is missing or there twice
        ('zh = "标准"\n', "", "city.toml:11: rule t.first: zh: is missing"),
        ('"t.second"', '"t.first"', "city.toml:20: rule t.first: id: is used twice"),
        ('clause = "§3"', 'clause = "§3"\nclause = "§4"', "city.toml:4: rule -: clause: Cannot overwrite"),
        ('en = "standard"', 'en = "standard', "city.toml:15: rule t.first: en: "),
        # two that fit alike
        (
            '[rule.applies]\norganisation = "ordinary"\nlevel = "4"',
            '[rule.applies]\nkind = "on_job"\nlevel = "4"\n',
            "",
        ),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in TABLE
    text = TABLE.replace(old, new, 1)
    if not named:
        text = text.replace("valid_from = 2026-01-01", "valid_from = 2025-06-01")
        named = "city.toml:25: rule t.second: applies: fits as well as t.first for the same facts and days"
    found = mistakes(province(tmp_path, city=text))
    assert any(each.startswith(named) for each in found), found


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = province(
        tmp_path, one=TABLE.replace('"§3"', '""'), two="x = 1\n", three="[[rule]\n", four='rule = "none"\n'
    )
    places = [each.split(": ")[0] for each in mistakes(folder)]
    assert places == ["four.toml:1", "one.toml:3", "three.toml:1", "two.toml:1"]


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("", "edition.toml:1: rule -: edition: is missing or not text"),
        (
            'edition = "t"\njurisdiction = "370200"\n',
            "edition.toml:2: rule -: jurisdiction: is not a known province",
        ),
        (HEAD + "day = 2026-01-01\n", "edition.toml:3: rule -: day: is not edition or jurisdiction"),
        (HEAD + 'edition = "u"\n', "edition.toml:3: rule -: edition: "),
    ],
)
def test_the_head_of_a_province_is_checked_too(tmp_path: Path, head: str, named: str) -> None:
    province(tmp_path, city=TABLE)
    (tmp_path / "edition.toml").write_text(head, "utf-8")
    assert mistakes(tmp_path)[0].startswith(named)


def test_a_file_that_is_not_there_or_not_utf_8_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path)[0].startswith("edition.toml:1: rule -: -: ")
    province(tmp_path)
    (tmp_path / "city.toml").write_bytes("zh = '标准'".encode("gb18030"))
    assert mistakes(tmp_path)[0].startswith("city.toml:1: rule -: -: ")


SHARES = """
[[rule]]
id = "t.share"
topic = "cost_share"
document = "37"
clause = "§18"
jurisdiction = "370200"
payee = ["provider"]
fund = ["employment_subsidy"]
valid_from = 2025-01-01
status = "illustrative"
zh = "分担"
en = "shares"
values = { government_percent = 60, firm_percent = 30, person_percent = 11 }
"""


def test_shares_that_do_not_sum_to_100_are_refused(tmp_path: Path) -> None:
    assert mistakes(province(tmp_path, city=SHARES)) == [
        "city.toml:14: rule t.share: values: the shares sum to 101, not to 100"
    ]


def test_the_command_prints_each_mistake_and_ends_with_1(tmp_path: Path) -> None:
    folder = province(tmp_path, city=TABLE.replace("2026-01-01", "2025-01-01"))
    run = subprocess.run(
        [sys.executable, "-m", "services.policy.check", str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout.startswith(f"{folder.name}/city.toml:22: rule t.second: valid_from: overlaps t.first")


def test_the_shipped_files_are_sound() -> None:
    told, sound = check([DATA / "shandong", DATA / "shanxi"])
    assert sound, told
    assert [line.split(":")[0] for line in told] == ["shandong", "shanxi"]


# ---- a new city: one file, no code

QINGDAO = """\
# 青岛市: made-up rates for a test.

[defaults]
document = "37"
clause = "§3"
jurisdiction = "370200"
payee = ["provider", "person"]
fund = ["employment_subsidy"]
valid_from = 2026-07-01
status = "illustrative"

[[rule]]
id = "sd.qingdao.cook.4"
topic = "training_standard"
zh = "中式烹调师中级工（示例）"
en = "intermediate cook (illustrative)"
applies = { organisation = "ordinary", kind = "employment_skills", occupation = "4-03-02-01", level = "4" }
values = { per_person_fen = 123456 }

[[rule]]
id = "sd.qingdao.shortage"
topic = "shortage_factor"
zh = "紧缺（示例）"
en = "shortage (illustrative)"
applies = { occupation = "4-03-02-01" }
values = { percent = 130 }
"""
COOK = "4-03-02-01"


def trainee() -> TraineeFacts:
    return TraineeFacts(
        "w1", True, True, False, "yes", 10, True, Certificate("C1", COOK, "4", date(2026, 12, 20))
    )


@pytest.mark.parametrize(
    ("region", "held", "owed"),
    [
        ("370202", date(2026, 12, 18), 160_492),  # 1,234.56 × 130 % = 1,604.928, rounded down
        ("370200", date(2026, 7, 1), 160_492),
        ("370202", date(2026, 6, 30), None),  # a day before the table
        ("370302", date(2026, 12, 18), None),  # another city has no table still
        ("370611", date(2026, 12, 18), 150_000),  # and 烟台 keeps its own
    ],
)
def test_adding_a_citys_table_is_one_file(tmp_path: Path, region: str, held: date, owed: int | None) -> None:
    folder = tmp_path / "shandong"
    shutil.copytree(DATA / "shandong", folder)
    (folder / "qingdao.toml").write_text(QINGDAO, "utf-8")
    rules = load(folder)
    training = ClassTrainingFacts("K1", region, COOK, "4", held)
    if owed is None:
        with pytest.raises(NoRule, match="training_standard"):
            class_training(training, [trainee()], date(2026, 12, 28), rules=rules)
        return
    result = class_training(training, [trainee()], date(2026, 12, 28), rules=rules)
    assert result.total_fen == owed
    assert result.lines[0].status == "illustrative"
    assert result.hash != rules_for("370000").hash
