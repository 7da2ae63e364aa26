"""`python -m services.policy.check [folder …]`: names each mistake by file, line, rule and field.

Without a folder, the shipped provinces are checked. Ends with 1 when there is a mistake.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from services.policy.loader import DATA, FOLDERS, RulesInvalid, load


def check(folders: Sequence[Path]) -> tuple[list[str], bool]:
    """Return a line for each mistake, or for each sound folder, and whether all are sound."""
    told: list[str] = []
    sound = True
    for folder in folders:
        try:
            rules = load(folder, demonstration=True)
        except RulesInvalid as invalid:
            sound = False
            told += [str(problem) for problem in invalid.problems]
        else:
            told.append(f"{folder.name}: {len(rules.rules)} rules, edition {rules.edition}, {rules.hash}")
    return told, sound


if __name__ == "__main__":
    _told, _sound = check([Path(each) for each in sys.argv[1:]] or [DATA / each for each in FOLDERS.values()])
    sys.stdout.writelines(f"{line}\n" for line in _told)
    sys.exit(0 if _sound else 1)
