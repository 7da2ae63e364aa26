"""gunicorn's settings: threads, a second address for metrics, the metrics of all workers in one directory."""

import os
import shutil
import tempfile

from gateway.config import Config
from services.chassis.settings import Settings

_settings = Settings.from_env()
_config = Config.from_env()

wsgi_app = "gateway.app:create_app()"
proc_name = "wudan-gateway"
bind = [_settings.gateway_bind]
if _settings.http_port:
    bind.append(f"{_settings.http_host}:{_settings.http_port}")
worker_class = "gthread"
workers = _config.workers
threads = _config.threads
timeout = 60
graceful_timeout = 20
keepalive = 15
backlog = 1024
# Line and header sizes of a browser, not more; bodies are limited by the app.
limit_request_line = 8190
limit_request_fields = 60
accesslog = None
errorlog = "-"
loglevel = "warning"
preload_app = False
# Nobody speaks to it, and two gateways of one user would share its path.
control_socket_disable = True

# Must stand before prometheus_client is imported, which happens in the workers.
_metrics = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="wudan-gateway-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _metrics


def on_starting(server: object) -> None:
    """Begin with an empty directory of metrics: what an earlier run left would be added up."""
    for entry in os.scandir(_metrics):
        if entry.name.endswith(".db"):
            os.unlink(entry.path)


def child_exit(server: object, worker: object) -> None:
    """Let the metrics of a worker that ended count no longer among the living."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]


def on_exit(server: object) -> None:
    """Leave no directory behind."""
    shutil.rmtree(_metrics, ignore_errors=True)
