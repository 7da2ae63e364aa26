"""Broker and database in containers (Testcontainers), from the images and scripts of docker-compose.yml."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import docker
import yaml
from docker.errors import DockerException

from infra import setup
from infra.local import Sandbox
from infra.local.settings import administration_of, environment_of, passwords_of, place_of
from infra.local.state import ADMIN, HOST, State
from infra.procs import Administration

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "infra" / "docker"
LABEL = "wudan.tests"
HEALTHY = {"rabbitmq": "rabbitmq-healthy.sh", "mongo": "mongo/healthy.sh"}
READY_SECONDS = 150
ENGINE_SECONDS = 60


def compose_file() -> dict[str, Any]:
    """Return docker-compose.yml as it is written."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def image_of(service: str) -> str:
    """Return the image that docker-compose.yml names for a service."""
    return str(compose_file()["services"][service]["image"])


@contextlib.contextmanager
def engine() -> Iterator[docker.DockerClient]:
    """Give a client of the Docker engine. Raises DockerException when none answers."""
    client = docker.from_env(timeout=ENGINE_SECONDS)
    try:
        client.ping()
        yield client
    finally:
        client.close()


def why_not(*images: str) -> str | None:
    """Return why containers of the images cannot be had here, or None when they can. Nothing is pulled."""
    if not _has_engine():
        return "there is no Docker engine"
    try:
        with engine() as client:
            for image in images:
                client.images.get(image)
    except (DockerException, OSError) as problem:
        return str(problem).splitlines()[0][:200]
    return None


def _has_engine() -> bool:
    return "DOCKER_HOST" in os.environ or Path("/var/run/docker.sock").exists()


def remove(folder: Path) -> None:
    """Remove the containers of one run's folder, whoever started them."""
    if not _has_engine():
        return
    with contextlib.suppress(DockerException, OSError), engine() as client:
        for container in client.containers.list(all=True, filters={"label": f"{LABEL}={folder}"}):
            container.remove(force=True, v=True)


class Containers:
    """Broker and database of one run; its state is kept like the local stack's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.state = State(folder / "stack")

    def up(self) -> None:
        """Start both, set them up, and return when they are ready.

        Raises TimeoutError when one does not come up, DockerException when the engine refuses.
        """
        self.state.prepare("free")
        self._database()
        self._broker()
        setup.wait_until_ready(self.admin, READY_SECONDS)
        setup.prepare(self.admin, place_of(self.state), passwords_of(self.state))

    def _broker(self) -> None:
        ports = self.state.ports()
        broker = self._container("rabbitmq", {5672: ports["amqp"], 15672: ports["management"]})
        broker.with_env("RABBITMQ_DEFAULT_USER", ADMIN)
        broker.with_env("RABBITMQ_DEFAULT_PASS", self.state.secrets()["broker_administrator"])
        broker.with_volume_mapping(str(SCRIPTS / "rabbitmq.conf"), "/etc/rabbitmq/conf.d/90-wudan.conf", "ro")
        broker.start()

    def _database(self) -> None:
        port, secrets = self.state.ports()["mongod"], self.state.secrets()
        # the same port inside and outside: the replica set tells its clients where its member is
        database = self._container("mongo", {port: port}, entrypoint=["bash", "/opt/wudan/mongo/entry.sh"])
        database.with_env("MONGO_ADMIN", ADMIN)
        database.with_env("MONGO_ADMIN_PASSWORD", secrets["database_administrator"])
        database.with_env("MONGO_KEYFILE", secrets["database_keyfile"])
        database.with_env("MONGO_MEMBER", f"{HOST}:{port}")
        database.with_tmpfs_mount("/run/mongo")
        database.start()

    def _container(self, service: str, ports: dict[int, int], **options: Any) -> Any:
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.wait_strategies import ExecWaitStrategy

        # its reaper is an image more to have, and would end with the first worker; remove() does its work
        testcontainers_config.ryuk_disabled = True
        labels = {LABEL: str(self._folder)}
        container = DockerContainer(image_of(service)).with_kwargs(hostname=service, labels=labels, **options)
        container.with_volume_mapping(str(SCRIPTS), "/opt/wudan", "ro")
        for inside, outside in ports.items():
            container.ports[f"{inside}/tcp"] = (HOST, outside)  # type: ignore[assignment]
        healthy = ExecWaitStrategy(["bash", f"/opt/wudan/{HEALTHY[service]}"])
        return container.waiting_for(healthy.with_startup_timeout(READY_SECONDS).with_poll_interval(0.5))

    def sandbox(self, services: Iterable[str] = ()) -> Sandbox:
        """Return a fresh vhost and fresh databases."""
        return Sandbox(self.state, tuple(services))

    def env(self, name: str) -> dict[str, str]:
        """Return the settings of one process outside any sandbox."""
        return environment_of(self.state, name)

    @property
    def admin(self) -> Administration:
        """Return the administrator's way to broker and database."""
        return administration_of(self.state)
