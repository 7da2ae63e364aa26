"""Old claims compute again: each edition is kept whole, and gives the same lines to the fen."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from services.policy import Calculation, Decision, EditionAltered, EditionUnknown, rules_for, rules_of_edition
from services.policy import editions as kept
from services.policy.editions import HASHES, KEPT, hashes
from services.policy.keep import keep, text_of
from services.policy.loader import DATA, FOLDERS
from tests.policy.plain import ask

STORED = Path(__file__).parent / "stored"
CALCULATIONS: list[dict[str, Any]] = [
    each for path in sorted(STORED.glob("*.json")) for each in json.loads(path.read_text("utf-8"))
]


def place(stored: dict[str, Any]) -> str:
    return f"{stored['edition']} {stored['call']}"


@pytest.mark.parametrize("stored", CALCULATIONS, ids=[place(each) for each in CALCULATIONS])
def test_a_stored_calculation_computes_again(stored: dict[str, Any]) -> None:
    again = ask(stored["call"], stored["given"], rules_of_edition(stored["edition"]))
    was = type(again).from_dict(stored["result"])
    if isinstance(again, Calculation):
        assert again == was
        assert again.adds_up()
        assert again.total_fen == sum(line["amount_fen"] for line in stored["result"]["lines"])
    else:
        # nobody is paid by a decision: which ended text a refusal names may be told better than it was
        assert (again.outcome, again.edition, again.hash) == (was.outcome, was.edition, was.hash)
        assert _grounds(again) == _grounds(was)


def _grounds(decision: Decision) -> list[tuple[str, ...]]:
    return [
        (line.outcome, *((line.fact, line.rule_id, line.status) if line.outcome != "no" else ()))
        for line in decision.lines
    ]


def test_stored_calculations_are_of_every_kind_there_was() -> None:
    calls = {"advance", "balance", "living_cost", "certificate_subsidy", "oriented_training", "eligibility"}
    assert calls <= {stored["call"] for stored in CALCULATIONS}


@pytest.mark.parametrize("edition", hashes())
def test_every_published_edition_can_be_loaded(edition: str) -> None:
    rules = rules_of_edition(edition)
    assert (rules.edition, rules.hash) == (edition, hashes()[edition])


@pytest.mark.parametrize("jurisdiction", FOLDERS)
@pytest.mark.parametrize("demonstration", [False, True])
def test_what_is_kept_of_the_present_edition_is_what_the_files_say(
    jurisdiction: str, demonstration: bool
) -> None:
    rules = rules_for(jurisdiction, demonstration=demonstration)
    again = rules_of_edition(rules.edition)
    assert {rule.id: rule for rule in again.rules} == {rule.id: rule for rule in rules.rules}
    assert again.hash == rules.hash


def test_an_edition_that_is_not_kept_is_not_guessed() -> None:
    with pytest.raises(EditionUnknown, match=r"shandong-1999\.1"):
        rules_of_edition("shandong-1999.1")


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is kept, read in its place."""
    shutil.copytree(KEPT, tmp_path / "editions")
    shutil.copy(HASHES, tmp_path / "editions.toml")
    monkeypatch.setattr(kept, "KEPT", tmp_path / "editions")
    rules_of_edition.cache_clear()
    yield tmp_path
    rules_of_edition.cache_clear()


def test_an_altered_edition_is_refused(copies: Path) -> None:
    path = copies / "editions" / "shandong-2026.1.json"
    path.write_text(path.read_text("utf-8").replace('"percent": 85', '"percent": 80'), "utf-8")
    with pytest.raises(EditionAltered, match=r"shandong-2026\.1"):
        rules_of_edition("shandong-2026.1")
    assert rules_of_edition("shanxi-2026.1").jurisdiction == "140000"


def test_changed_rules_under_a_published_name_are_not_kept(copies: Path) -> None:
    edition = rules_for("140000").edition
    published = copies / "editions.toml"
    published.write_text(f'"{edition}" = "{"0" * 64}"\n', "utf-8")
    with pytest.raises(EditionAltered, match="raise the edition's name"):
        keep(copies / "editions", published)


def test_a_new_edition_is_kept_beside_the_old_ones(copies: Path) -> None:
    edition = rules_for("140000").edition
    published = copies / "editions.toml"
    others = [line for line in HASHES.read_text("utf-8").splitlines(True) if f'"{edition}' not in line]
    published.write_text("".join(others), "utf-8")
    (copies / "editions" / f"{edition}.json").unlink()
    assert keep(copies / "editions", published) == [edition, f"{edition}+demonstration"]
    assert hashes(published) == hashes()
    assert (copies / "editions" / f"{edition}.json").read_text("utf-8") == text_of(
        rules_for("140000"), rules_for("140000", demonstration=True)
    )
    assert (copies / "editions" / "shanxi-2026.1.json").exists()


def test_every_edition_in_the_folder_is_published() -> None:
    assert {path.stem for path in KEPT.glob("*.json")} == {
        name.removesuffix("+demonstration") for name in hashes()
    }
    assert DATA / "editions" == KEPT
