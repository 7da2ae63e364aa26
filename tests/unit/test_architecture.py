"""The import rules of docs/architecture.md hold, and a breach of each would be seen."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the repository's rules on the packages in `folder`."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.path.append(sys.argv[2]);"
        "from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(config_filename=sys.argv[2] + '/.importlinter', no_cache=True))"
    )
    command = [sys.executable, "-c", program, str(folder), str(ROOT)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_code_keeps_the_import_rules():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


BREACHES = {
    "services/intake/domain/demands.py": "import marshmallow",
    "services/catalogue/domain/projects.py": "from services.chassis import clock",
    "services/policy/grants.py": "import contracts.catalogue",
    "contracts/vocabularies/levels.py": "import marshmallow",
    "contracts/selection.py": "import services.policy",
    "services/selection/service.py": "import services.intake.store",
    "services/acceptance/service.py": "import pymongo",
    "services/chassis/clock.py": "import services.intake",
    "services/oversight/domain/books.py": "import services.oversight.store",
    "gateway/web/pages.py": "from services import policy",
    "gateway/api/demands.py": "from nameko.rpc import rpc",
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_seen(tmp_path, breach):
    for name in [*BREACHES, "services/intake/store.py", "infra/setup/run.py", "gateway/map/projector.py"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for package in path.relative_to(tmp_path).parents[:-1]:
            (tmp_path / package / "__init__.py").touch()
    assert lint(tmp_path).returncode == 0, "the sample must keep the rules before it breaks one"

    (tmp_path / breach).write_text(BREACHES[breach] + "\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "must not import" in result.stdout
