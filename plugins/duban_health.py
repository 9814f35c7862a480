"""Health for monitoring programs: `GET /duban-health/` says `ok` or `fail`, and nothing else.

Off unless `DUBAN_HEALTH_TOKEN` is set; then it wants that token (`Authorization: Bearer …`). It is an app of
its own, so that the board's guard stays closed by default for everything on the board.
"""

from __future__ import annotations

import hmac
import logging

from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

_log = logging.getLogger(__name__)

app = FastAPI(title="督办健康检查", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/")
def health(request: Request) -> JSONResponse:
    """Say whether the installation is well: 200 `ok`, 503 `fail`. Raises: HTTPException 401, 404."""
    from include.office.health import token_of_monitors  # noqa: PLC0415

    token = token_of_monitors()
    if not token:
        raise HTTPException(404)
    said = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(said.encode(), token.encode()):
        raise HTTPException(401)
    well = _well()
    return JSONResponse(
        {"status": "ok" if well else "fail"}, 200 if well else 503, {"Cache-Control": "no-store"}
    )


def _well() -> bool:
    """Ask the office; whatever goes wrong in asking is an answer too, and its words stay in the log."""
    from include.office import health as office_health  # noqa: PLC0415
    from include.office.board import opening  # noqa: PLC0415

    try:
        troubles = office_health.troubles(opening.opened())
    except Exception:
        _log.exception("health cannot be told")
        return False
    for trouble in troubles:
        _log.warning("not well: %s", trouble)
    return not troubles


class DubanHealthPlugin(AirflowPlugin):
    """Serves the health endpoint beside the board."""

    name = "duban_health"
    fastapi_apps = [{"app": app, "url_prefix": "/duban-health", "name": "督办健康检查"}]
