"""The board (督办看板): one page in the Airflow UI on how the plans stand.

Every route of the app is behind Airflow's own login: the guard hangs on the app, not on routes, and the pages
FastAPI would add by itself (API docs, OpenAPI) are off, since the app's dependencies do not cover them.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from include.errors import DubanError

LIGHTS = {"green": "绿", "yellow": "黄", "red": "红", "grey": "灰", "done": "已完成"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

_log = logging.getLogger(__name__)
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)

# Who may see the runs may see the board: administrators, signers, leaders; not a user without a role.
app = FastAPI(
    title="督办看板",
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
    dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.RUN))],
)


@app.middleware("http")
async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Allow nothing from elsewhere, and no copy in a cache."""
    response = await call_next(request)
    response.headers.update(HEADERS)
    return response


def page(overview: dict[str, Any]) -> str:
    """Render the overview; `overview` is what `include.office.board.overview` gives."""
    return _pages.get_template("board.html").render(**overview, light_names=LIGHTS)


@app.get("/", response_class=HTMLResponse)
def board(plan: str | None = None) -> HTMLResponse:
    """Show how all plans stand, or one; what the office cannot tell is said on the page."""
    from include.office import board as office  # noqa: PLC0415

    try:
        return HTMLResponse(page(office.overview(plan)))
    except DubanError as error:
        _log.exception("the board cannot be shown")
        return HTMLResponse(page({"error": str(error)}), status_code=503)


class DubanBoardPlugin(AirflowPlugin):
    """Puts the board into Airflow's navigation."""

    name = "duban_board"
    fastapi_apps = [{"app": app, "url_prefix": "/duban", "name": "督办看板"}]
    external_views = [{"name": "督办看板", "href": "/duban/", "url_route": "duban", "destination": "nav"}]
