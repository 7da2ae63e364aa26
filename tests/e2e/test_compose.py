"""docker-compose.yml for real: everything comes up, carries the main job, and heals.

Needs a Docker engine with docker-compose or Compose v2, and the base images: nothing is pulled.
"""

import functools
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from infra.docker.secrets import write
from infra.local.state import free_ports
from infra.procs import ACCOUNTS, PROCESSES
from tests.support import containers

ROOT = Path(__file__).parents[2]
BASE = ("python:3.11-slim-bookworm", "node:20-bookworm-slim", "nginx:stable")
HEALED = 180.0
pytestmark = pytest.mark.timeout(1800)


@functools.cache
def compose_command() -> tuple[str, ...] | None:
    """Return how compose is called here."""
    for command in (("docker", "compose"), ("docker-compose",)):
        version = [*command, "version"]
        if (
            shutil.which(command[0])
            and not subprocess.run(version, capture_output=True, check=False).returncode
        ):
            return command
    return None


def why_not() -> str | None:
    """Return why this cannot be tried here."""
    if compose_command() is None:
        return "there is neither docker-compose nor docker compose"
    return containers.why_not(*BASE, containers.image_of("rabbitmq"), containers.image_of("mongo"))


class System:
    """One system under a project name of its own; nothing of it is left behind."""

    def __init__(self, folder: Path, client: docker.DockerClient) -> None:
        self.project = f"wudan-test-{os.getpid()}"
        self.url = f"http://127.0.0.1:{free_ports(1)[0]}"
        self._client = client
        self._secrets = folder / ".env"
        write(self._secrets)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WUDAN_")}
        self.env = kept | {"WUDAN_PUBLISH": self.url.removeprefix("http://"), "WUDAN_TAG": "test"}

    def command(self, *words: str) -> list[str]:
        """Return the command line of compose for this system."""
        files = ("-f", str(ROOT / "docker-compose.yml"), "--env-file", str(self._secrets))
        return [*(compose_command() or ()), *files, "-p", self.project, *words]

    def run(self, *words: str) -> str:
        """Run compose and return its output. Raises AssertionError with it when it fails."""
        run = subprocess.run(self.command(*words), env=self.env, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{words}: {run.stdout[-3000:]}\n{run.stderr[-3000:]}"
        return run.stdout

    def container(self, service: str) -> Any:
        """Return the container of a service, as it is now."""
        labels = [f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}"]
        (found,) = self._client.containers.list(all=True, filters={"label": labels})
        return found

    def healthy(self, service: str) -> bool:
        """Tell whether the container's health check passes."""
        return bool(self.container(service).attrs["State"].get("Health", {}).get("Status") == "healthy")

    def inside(self, service: str, program: str) -> tuple[int, str]:
        """Run a Python program in a service's container; return exit status and output."""
        answer = self.container(service).exec_run(["python", "-c", program])
        return answer.exit_code, answer.output.decode()


def eventually(condition: Callable[[], object], what: str, seconds: float = HEALED) -> None:
    """Wait for a condition that has an end."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not come true within {seconds:.0f} s"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    if reason := why_not():
        pytest.skip(reason)
    with containers.engine() as client:
        made = System(tmp_path_factory.mktemp("compose"), client)
        try:
            made.run("build")
            made.run("up", "-d")
            for name in ("rabbitmq", "mongo", *PROCESSES, "nginx"):
                eventually(functools.partial(made.healthy, name), f"{name} healthy")
            yield made
        finally:
            subprocess.run(
                made.command("down", "--volumes", "--remove-orphans"),
                env=made.env,
                capture_output=True,
                check=False,
            )


def test_the_gateway_answers_through_nginx_and_hides_its_metrics(system):
    assert requests.get(f"{system.url}/health/ready", timeout=10).json()["status"] == "ready"
    hidden = requests.get(f"{system.url}/metrics", headers={"Host": "gateway:9100"}, timeout=10)
    assert hidden.status_code == 404
    assert hidden.json()["code"] == "not_found"


def test_what_is_too_large_is_refused_in_the_apis_words(system):
    for size in (2_000_000, 17_000_000):
        answer = requests.post(f"{system.url}/v1/tokens", json={"username": "x" * size}, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (413, "gateway.too_large")


def test_processes_run_without_root_and_cannot_change_their_code(system):
    program = "import os; print(os.getuid()); open('/app/infra/procs.py', 'a')"
    for name in PROCESSES:
        status, output = system.inside(name, program)
        assert "10001" in output.splitlines()
        assert status != 0
        assert "Read-only file system" in output or "Permission denied" in output


def test_each_service_reaches_its_own_database_only(system):
    program = (
        "import os, pymongo; c = pymongo.MongoClient(os.environ['WUDAN_MONGO_URI']);"
        "c[os.environ['WUDAN_MONGO_DB']].outbox.find_one(); print('own'); c['{}'].outbox.find_one()"
    )
    for name in ACCOUNTS:
        other = "settlement" if name != "settlement" else "intake"
        status, output = system.inside(name, program.replace("{}", other))
        assert "own" in output.splitlines()
        assert status != 0
        assert "not authorized" in output


def test_the_main_job_runs_while_parts_are_killed(system):
    patient = ("python", "-m", "infra.demo", "--patience", str(HEALED), "--map-seconds", str(HEALED))
    job = subprocess.Popen(
        system.command("run", "--rm", "-T", "demo", *patient),
        env=system.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert job.stdout is not None
    victims = iter(("rabbitmq", "settlement", "mongo", "gateway"))
    lines = []
    for line in job.stdout:
        lines.append(line)
        if re.match(r"\(\d\)", line) and (victim := next(victims, None)):
            system.container(victim).kill()  # SIGKILL
            system.container(victim).start()
    assert job.wait(30) == 0, "".join(lines[-40:])
    assert next(victims, None) is None, "the job was over before all were killed"


def test_a_process_that_ends_is_started_again(system):
    before = system.container("settlement").attrs["RestartCount"]
    system.inside("settlement", "import os, signal; os.kill(1, signal.SIGTERM)")
    eventually(lambda: system.container("settlement").attrs["RestartCount"] > before, "a new start")
    eventually(lambda: system.healthy("settlement"), "settlement healthy")


def test_a_second_up_changes_nothing(system):
    names = ("rabbitmq", "mongo", "gateway", "settlement")
    before = [system.container(name).id for name in names]
    system.run("up", "-d")
    assert [system.container(name).id for name in names] == before
    eventually(lambda: requests.get(f"{system.url}/health/ready", timeout=10).ok, "ready")
