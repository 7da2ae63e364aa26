"""The table of rights in docs/security.md is what set-up gives."""

import re
from pathlib import Path

import pytest

from infra.procs import ACCOUNTS, PROCESSES
from infra.setup.broker import NOTHING, RPC, rights_of

TEXT = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
TABLE = TEXT.partition("| process | may write to |")[2].partition("\n\n")[0]
ROWS = {cells[0]: cells[1:] for cells in re.findall(r"^\| (\w+) \|" + r" (.+?) \|" * 5 + "$", TABLE, re.M)}
ANY_METHOD = "any method of the six services"


def alternatives(pattern: str) -> set[str]:
    """Return what a right allows, in the document's words: `*` for any rest."""
    if pattern == NOTHING:
        return set()
    inner = pattern.removeprefix("^").removesuffix("$")
    if inner.startswith("(") and inner.endswith(")") and inner.count("(") == inner.count("(\\..*)?") + 1:
        inner = inner[1:-1]
    found = set()
    for each in inner.split("|"):
        optional = each.endswith(r"(\..*)?")
        plain = each.removesuffix(r"(\..*)?")
        found |= {plain, f"{plain}.*"} if optional else {plain}
    return {each.replace("-.*", "-*").replace("\\", "") for each in found}


def named(cell: str) -> set[str]:
    """Return the names that a cell of the table lists."""
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_account_has_its_row() -> None:
    assert set(ROWS) == set(ACCOUNTS)


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_row_is_what_the_set_up_gives(name: str) -> None:
    writes, reads, keys, declares, database = ROWS[name]
    rights = rights_of(name)
    assert named(writes) == alternatives(rights.write)
    assert named(reads) == alternatives(rights.read)
    assert named(declares) == alternatives(rights.configure)
    assert named(database) == {PROCESSES[name].database}
    if keys == ANY_METHOD:
        allowed = re.compile(rights.topics[RPC][0])
        assert allowed.fullmatch("intake.post_demand")
        assert not allowed.fullmatch("rpc.reply-intake-1")
    else:
        assert named(keys) == alternatives(rights.topics[RPC][0])


@pytest.mark.parametrize("name", ACCOUNTS)
def test_a_process_tells_its_own_facts_only(name: str) -> None:
    topics = rights_of(name).topics.items()
    told = {exchange: write for exchange, (write, _) in topics if exchange != RPC and write != NOTHING}
    assert set(told) <= {f"{name}.facts"}
    assert all(write == rf"^{name}\..*$" for write in told.values())
