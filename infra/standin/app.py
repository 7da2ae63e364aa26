"""The stand-in as a Flask application."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from infra.standin import faults
from infra.standin.admin import admin
from infra.standin.bank_files import bank
from infra.standin.registry import registry
from infra.standin.store import Store
from infra.standin.web import Options, store


def create_app(options: Options) -> Flask:
    """Return the application over the state file of the options."""
    app = Flask("infra.standin")
    app.config["OPTIONS"] = options
    app.config["STORE"] = Store(options.state)
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024 * 1024
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(registry)
    app.register_blueprint(bank)
    app.register_blueprint(admin)
    app.add_url_rule("/health/live", view_func=live)
    app.add_url_rule("/health/ready", view_func=ready)
    faults.install(app)
    return app


def live() -> ResponseReturnValue:
    """Say that the process turns."""
    return jsonify(status="live")


def ready() -> ResponseReturnValue:
    """Say that the state can be read."""
    with store().reading() as db:
        db.execute("select 1 from instructions limit 1").fetchone()
    return jsonify(status="ready", checks=[{"name": "state", "ok": True}])
