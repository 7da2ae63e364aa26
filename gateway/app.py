"""The gateway's Flask app: `gunicorn -c gateway/gunicorn.conf.py 'gateway.app:create_app()'`."""

import atexit
import importlib
from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from contracts.registry import SERVICES
from gateway import observe, problems
from gateway.accounts.auth import Auth
from gateway.accounts.bootstrap import make_administrator
from gateway.accounts.forms import FormTokens
from gateway.accounts.store import AccountStore
from gateway.api import (
    accounts,
    bench,
    bid_files,
    books,
    calendars,
    catalogue_files,
    clock,
    demand_imports,
    documenting,
    estimates,
    files,
    issuer,
    machinery,
    notices,
    pages,
    personal,
    photos,
    results,
)
from gateway.api import map as map_api
from gateway.api.cursors import Cursors
from gateway.api.route import Route
from gateway.config import Config
from gateway.gatherer import Gatherers
from gateway.limits import SharedLimit
from gateway.map.reader import MapReader
from gateway.map.store import MapStore
from gateway.notices.store import NoticeStore
from gateway.parts import Parts
from gateway.rpc import Services
from gateway.web import headers
from gateway.web import pages as web_pages
from services.chassis import logs, mongo, telemetry
from services.chassis.actor import SigningKey
from services.chassis.clock import Clock, real_now
from services.chassis.settings import Settings, SettingsError

_TITLES = {
    "intake": "提单 / intake",
    "catalogue": "列单 / catalogue",
    "selection": "选单 / selection",
    "acceptance": "接单 / acceptance",
    "settlement": "买单 / settlement",
    "oversight": "监督 / oversight",
}
_REQUEST_BLOCK = 24


def create_app() -> Flask:
    """Return the app of one worker process. Raises SystemExit with one line when a setting is missing."""
    try:
        settings, config = Settings.from_env(), Config.from_env()
        logs.configure("gateway", settings.log_level)
        telemetry.configure("gateway", settings.otlp_endpoint)
        made = _parts(settings, config)
    except SettingsError as problem:
        raise SystemExit(str(problem)) from None
    app = documented_app(config.bench)
    with app.app_context():
        made.install()
    checks = {"broker": made.services.check, "database": made.auth.check}
    observe.serve_health(app, checks, settings.http_port)
    web_pages.register(app)
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    _first_administrator(settings)
    return app


def documented_app(with_bench: bool = False) -> Flask:
    """Return an app with the whole API and its document, and no working parts behind it."""
    app = Flask("gateway", static_folder=None, template_folder="web/templates")
    app.config["MAX_CONTENT_LENGTH"] = problems.LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    observe.watch(app)
    headers.secure(app)
    problems.register(app)
    api = documenting.document(app)
    for blueprint in _blueprints():
        api.register_blueprint(blueprint)
    pages.register(app, api)
    if with_bench:
        app.register_blueprint(machinery.blueprint("bench", "bench", bench.ENDPOINTS))
        bench.register_bare(app)
    return app


def _blueprints() -> Iterable[Any]:
    own = [*accounts.ENDPOINTS, *clock.ENDPOINTS]
    yield machinery.blueprint("gateway", "账号与演示 / accounts and demonstration", own)
    yield machinery.blueprint("map", "培训地图 / the map", map_api.ENDPOINTS)
    yield machinery.blueprint(
        "files", "佐证材料与标书附件 / files of claims and bids", [*files.ENDPOINTS, *bid_files.ENDPOINTS]
    )
    yield machinery.blueprint("estimates", "资金测算 / estimates", estimates.ENDPOINTS)
    yield machinery.blueprint("photos", "抽查照片 / photos of spot checks", photos.ENDPOINTS)
    yield machinery.blueprint("books", "季报年报 / fund reports", books.ENDPOINTS)
    yield machinery.blueprint("notices", "消息 / notices", notices.ENDPOINTS)
    yield machinery.blueprint("catalogues", "目录文件 / files of catalogues", catalogue_files.ENDPOINTS)
    yield machinery.blueprint("issuer", "凭证查验 / checking credentials", issuer.ENDPOINTS)
    yield machinery.blueprint("personal", "个人信息权利 / rights in one's data", personal.ENDPOINTS)
    yield machinery.blueprint("calendars", "课表日历 / timetables", calendars.ENDPOINTS)
    yield machinery.blueprint("results", "批量成绩 / results by spreadsheet", results.ENDPOINTS)
    yield machinery.blueprint("imports", "批量提单 / demands by spreadsheet", demand_imports.ENDPOINTS)
    for service in SERVICES:
        yield machinery.of_routes(service, _TITLES[service], _routes(service))


def _routes(service: str) -> list[Route]:
    """Return a service's route table."""
    table: list[Route] = importlib.import_module(f"gateway.api.routes.{service}").ROUTES
    return table


def _parts(settings: Settings, config: Config) -> Parts:
    uri = settings.mongo_uri()
    database = mongo.database(uri, settings.mongo_db())
    atexit.register(database.client.close)
    store = AccountStore(database)
    secret = settings.session_secret()
    services = Services(settings.amqp_url(), SigningKey(*settings.actor_signing_key()), store, config)
    return Parts(
        config=config,
        auth=Auth(store, real_now),
        forms=FormTokens(secret),
        services=services,
        gathered=Gatherers(services, config.command_seconds),
        cursors=Cursors(secret),
        requests=SharedLimit(database, "requests", config.requests_a_minute, _REQUEST_BLOCK),
        sign_ins=SharedLimit(database, "sign-ins", config.sign_ins_a_minute),
        map=MapReader(MapStore(database)),
        notices=NoticeStore(database),
        clock=Clock(mongo.database(uri, settings.clock_db), settings.mode),
    )


def _first_administrator(settings: Settings) -> None:
    """Make the administrator when its password is given; no database yet is no reason to end."""
    try:
        database = mongo.database(settings.mongo_uri(), settings.mongo_db())
        if make_administrator(database, settings.admin_password()):
            logs.get().info("administrator made")
    except SettingsError:
        return
    except Exception as problem:
        if not mongo.is_outage(problem):
            raise
        logs.get().warning("administrator not checked: no database", reason=type(problem).__name__)
