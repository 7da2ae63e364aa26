"""README.md and README.zh.md say the same: commands, links, parts, sections."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
OTHERS = {"README.md", "README.zh.md"}


def in_both(pattern: str) -> tuple[list[str], list[str]]:
    """Return what a pattern finds in each, in order."""
    return re.findall(pattern, ENGLISH, re.M), re.findall(pattern, CHINESE, re.M)


def test_the_same_links() -> None:
    english, chinese = in_both(r"\]\(([^)]+)\)")
    assert [link for link in english if link not in OTHERS] == [
        link for link in chinese if link not in OTHERS
    ]
    assert english[0] == "README.zh.md"
    assert chinese[0] == "README.md"


def test_the_same_commands_and_code() -> None:
    english, chinese = in_both(r"^(make [a-z-]+)|`([a-z][^`]+)`")
    assert english == chinese
    assert len(english) > 5


def test_the_same_sections_and_pictures() -> None:
    for pattern in (r"^(#+) ", r"^(```)", r"^(\|)", r"^(!\[)", r"^(- )"):
        english, chinese = in_both(pattern)
        assert english == chinese, pattern


def test_the_chinese_one_is_chinese() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|\([^)]*\)", "", CHINESE, flags=re.S)
    assert len(re.findall(r"[\u4e00-\u9fff]", prose)) > 300
