"""The board (督办看板): how the plans stand, in the Airflow UI, and the same as read-only JSON.

Every route is behind Airflow's login and the permission of its plan: the guard hangs on the app (see
`duban_board_guard`), and what FastAPI would add by itself (API docs, OpenAPI) is off, for the app's
dependencies do not cover it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import duban_board_api
import duban_board_decisions
import duban_board_pages
from duban_board_guard import SESSION, guard, new_session, untampered
from duban_board_show import page
from include.errors import DubanError, RefusedError

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_OF_LIBRARIES = {401: "请先登录", 404: "没有这个页面", 405: "这个地址不接受这样的操作"}  # by status

_log = logging.getLogger(__name__)

app = FastAPI(
    title="督办看板",
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
    dependencies=[Depends(guard), Depends(untampered)],
)
for _part in (duban_board_pages, duban_board_decisions, duban_board_api):
    app.include_router(_part.router)


@app.middleware("http")
async def _around(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Allow nothing from elsewhere and no copy in a cache; tie forms to this browser."""
    known = request.cookies.get(SESSION)
    request.state.duban_session = known or new_session()
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if known is None and response.status_code < 400:
        response.set_cookie(
            SESSION,
            request.state.duban_session,
            path=request.scope.get("root_path") or "/",
            httponly=True,
            samesite="strict",
            secure=_by_tls(request),
        )
    return response


def _by_tls(request: Request) -> bool:
    """Tell whether the browser came by TLS, also where a proxy of the house ends it."""
    return request.url.scheme == "https" or conf.get("api", "base_url", fallback="").startswith("https://")


@app.exception_handler(HTTPException)
async def _refuse(request: Request, error: HTTPException) -> Response:
    said = str(error.detail)
    if said.isascii():  # a library's: ours are Chinese
        said = _OF_LIBRARIES.get(error.status_code, said)
    return _say(request, error.status_code, said)


@app.exception_handler(RequestValidationError)
async def _misread(request: Request, error: RequestValidationError) -> Response:
    """Tell a browser in words; a program gets the form the API's description names."""
    if _by_browser(request):
        return _say(request, 404, "地址写得不对：编号应为数字")
    return await request_validation_exception_handler(request, error)


@app.exception_handler(RefusedError)
async def _not_so(request: Request, error: RefusedError) -> Response:
    return _say(request, 404, str(error))


@app.exception_handler(DubanError)
async def _fail(request: Request, error: DubanError) -> Response:
    _log.exception("the board cannot be shown", exc_info=error)
    return _say(request, 503, error.for_users)


def _by_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _say(request: Request, status: int, words: str) -> Response:
    """Say what is wrong as a page to a browser, as JSON to a program."""
    if _by_browser(request):
        return page(request, "error.html", status, plan=None, code=status, words=words)
    return JSONResponse({"detail": words}, status)


class DubanBoardPlugin(AirflowPlugin):
    """Puts the board into Airflow's navigation."""

    name = "duban_board"
    fastapi_apps = [{"app": app, "url_prefix": "/duban", "name": "督办看板"}]
    external_views = [{"name": "督办看板", "href": "/duban/", "url_route": "duban", "destination": "nav"}]
