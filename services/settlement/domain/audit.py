"""The check of the books: every link of every chain, every entry, every sum; the first break is named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.settlement.domain import ledger
from services.settlement.domain.ledger import Entry, Head

# ledger accounts whose balance never falls below zero while the books are sound
_NEVER_BELOW: Final = (
    ledger.AVAILABLE,
    ledger.ENCUMBERED,
    ledger.ORDERED,
    ledger.PAID,
    ledger.RECOVERY_DUE,
    ledger.WRITTEN_OFF,
)
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少分录", "entries are missing before this one"),
    "order": ("编号重复或顺序颠倒", "its number is there twice or out of order"),
    "link": ("与前一分录的哈希不衔接", "it does not continue the hash of the entry before it"),
    "changed": ("记账后内容被改动", "its content was changed after it was posted"),
    "malformed": ("金额或科目不合规", "an amount or account that no entry may have"),
    "unbalanced": ("借贷不平", "it does not sum to zero"),
    "overdrawn": ("该分录使科目余额为负", "it brings an account below zero"),
    "head": ("账户记录的末笔与分录不符", "the account's head is not the last entry"),
    "sums": ("账户余额与分录合计不符", "the account's sums are not those of its entries"),
    "no_account": ("分录没有对应的资金账户", "entries without their fund account"),
    "told": ("与记账时发布的哈希不符", "not the hash that was told when it was posted"),
    "current": ("往来两方不相抵", "the two sides of a transfer do not cancel out"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain, or with its entry of that number; detail: account, transfer or amount."""

    chain: str
    number: int | None
    kind: str
    detail: str = ""

    @property
    def words(self) -> tuple[str, str]:
        """The finding in Chinese and English."""
        return WORDS[self.kind]


@dataclass(frozen=True)
class Told:
    """What an account says of its chain: the head, and the sum of each ledger account in fen."""

    head: Head
    sums: Mapping[str, int]


@dataclass
class Walk:
    """Goes through a chain's entries once, in the order of their numbers; then `close`.

    current: sum in fen of the current account for each transfer; hash_told: the hash that was told of an
    entry when it was posted, None when that is not known.
    """

    chain: str
    hash_told: Callable[[int], str | None] = lambda _number: None
    faults: list[Fault] = field(default_factory=list)
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ledger.ACCOUNTS, 0))
    current: dict[str, int] = field(default_factory=dict)
    length: int = 0

    def __post_init__(self) -> None:
        self.head = ledger.new_chain(self.chain)

    def resume(self, last: Entry, sums: Mapping[str, int]) -> None:
        """Go on after an entry that was walked before. sums: of each ledger account through it, in fen."""
        self.head = Head(self.chain, last.number, last.hash)
        self.sums |= sums

    def step(self, entry: Entry) -> None:
        """Check one entry against all before it, and count it in."""
        kind = self._broken(entry)
        if kind is not None:
            self._fault(entry.number, kind)
        told = self.hash_told(entry.number)
        if told is not None and told != entry.hash:
            self._fault(entry.number, "told", told)
        for line in entry.postings:
            self.sums[line.account] = self.sums.get(line.account, 0) + line.amount_fen
            if line.account == ledger.CURRENT:
                about = entry.about or "-"
                self.current[about] = self.current.get(about, 0) + line.amount_fen
        for account in _NEVER_BELOW:
            if self.sums[account] < 0 and any(line.account == account for line in entry.postings):
                self._fault(entry.number, "overdrawn", f"{account} {self.sums[account]}")
        self.head = Head(self.chain, entry.number, entry.hash)
        self.length += 1

    def close(self, told: Told | None) -> None:
        """Compare the end of the chain with what its account says."""
        if told is None:
            if self.length:
                self._fault(None, "no_account")
            return
        if (self.head.number, self.head.hash) != (told.head.number, told.head.hash):
            self._fault(self.head.number, "head", str(told.head.number))
        for account, fen in self.sums.items():
            if fen != told.sums.get(account, 0):
                self._fault(None, "sums", f"{account} {told.sums.get(account, 0)} ≠ {fen}")

    def _broken(self, entry: Entry) -> str | None:
        """Return the first thing that is wrong with an entry by itself and with its link."""
        checks = (
            ("missing", entry.number > self.head.number + 1),
            ("order", entry.number < self.head.number + 1),
            ("link", entry.previous != self.head.hash),
            ("changed", entry.chain != self.chain or entry.hash != ledger.digest(vars(entry))),
            ("malformed", not ledger.well_formed(entry.postings)),
            ("unbalanced", bool(sum(line.amount_fen for line in entry.postings))),
        )
        return next((kind for kind, broken in checks if broken), None)

    def _fault(self, number: int | None, kind: str, detail: str = "") -> None:
        self.faults.append(Fault(self.chain, number, kind, detail))


def walk(
    chain: str,
    entries: Iterable[Entry],
    told: Told | None,
    hash_told: Callable[[int], str | None] = lambda _number: None,
) -> Walk:
    """Return what was found in a chain from its beginning to the head that its account tells."""
    going = Walk(chain, hash_told)
    for entry in entries:
        going.step(entry)
    going.close(told)
    return going


def one_sided(sides: Iterable[tuple[str, Mapping[str, int]]]) -> list[Fault]:
    """Return the transfers whose two sides, in two chains, do not sum to zero.

    sides: of each chain the sums of its current account by transfer; all chains have to be among them.
    """
    sums: dict[str, int] = {}
    chains: dict[str, str] = {}
    for chain, current in sides:
        for about, fen in current.items():
            sums[about] = sums.get(about, 0) + fen
            chains.setdefault(about, chain)
    return [
        Fault(chains[about], None, "current", f"{about} {fen}") for about, fen in sorted(sums.items()) if fen
    ]
