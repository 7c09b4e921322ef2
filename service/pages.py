"""What is not FHIR: the page at the root and the health checks."""

from flask import Flask, Response, jsonify

from service.state import State


def register(app: Flask, state: State) -> None:
    """Add the routes to the application."""

    @app.get("/health/live")
    def live() -> Response:
        return jsonify(status="ok")

    @app.get("/health/ready")
    def ready() -> Response:
        return jsonify(status="ok", release=state.store.release)
