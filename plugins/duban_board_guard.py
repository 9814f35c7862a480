"""Who may do what on the board: one guard for the whole app, closed by default.

A route that names a plan wants that plan's permission (`Duban:<plan>`): to read it for GET, to edit it for
POST and for everything under `decisions/`. One that names none only reads, and wants some plan to be
readable. Nothing hangs on single routes.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.configuration import conf
from fastapi import HTTPException, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from include.plan import resource_of

SESSION = "duban_session"
MOST_BYTES = 20 << 20  # of one form with its file
_FORM_SECONDS = 12 * 3600  # a form left open over a working day can still be sent
_METHODS = {"GET": "GET", "POST": "PUT"}  # what is sent is a decision about a plan that is there


def may_read(user: BaseUser, plan: str) -> bool:
    """Tell whether a user may see a plan."""
    return _may(user, "GET", plan)


def may_decide(user: BaseUser, plan: str) -> bool:
    """Tell whether a user may record decisions of the office in a plan."""
    return _may(user, "POST", plan)


def readable(user: BaseUser) -> list[str]:
    """Give the plans a user may see."""
    from include.office.board.opening import opened  # noqa: PLC0415

    return [plan for plan in opened().plan_ids if may_read(user, plan)]


def guard(request: Request, user: GetUserDep) -> None:
    """Let a request through or refuse it. Raises: HTTPException 401, 403."""
    plan = request.path_params.get("plan")
    if plan is not None:
        deciding = request.method == "POST" or "/decisions/" in request.scope["route"].path
        allowed = request.method in _METHODS and (may_decide if deciding else may_read)(user, plan)
    else:
        allowed = request.method == "GET" and bool(readable(user))
    if not allowed:
        raise HTTPException(403, "没有权限")
    request.state.duban_user = user


async def untampered(request: Request) -> None:
    """Refuse what a page of another origin sends in the user's name, and what is too large to take in.

    Raises:
        HTTPException: 403, 413.
    """
    if request.method != "POST":
        return
    if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host"):
        raise HTTPException(403, "请求不是从本系统的页面发出的")
    said_length = "" if "transfer-encoding" in request.headers else request.headers.get("content-length", "")
    if not said_length.isdecimal() or int(said_length) > MOST_BYTES:  # before a byte of it is read
        raise HTTPException(413, f"没有登记：连同附件不能超过 {MOST_BYTES >> 20} MB")
    form = await request.form()
    try:
        said = _signer().loads(str(form.get("token", "")), max_age=_FORM_SECONDS)
    except BadSignature:
        said = None
    if said != _whose(request):
        raise HTTPException(403, "页面已过期，请返回重新打开后再提交")


def form_token(request: Request) -> str:
    """Give the token a form of this user in this session must carry."""
    return _signer().dumps(_whose(request))


def new_session() -> str:
    """Make the secret that ties forms to one browser."""
    return secrets.token_urlsafe(24)


def _may(user: BaseUser, method: str, plan: str) -> bool:
    return get_auth_manager().is_authorized_custom_view(
        method=_METHODS[method],  # type: ignore[arg-type]
        resource_name=resource_of(plan),
        user=user,
    )


def _whose(request: Request) -> list[str]:
    return [str(request.state.duban_user.get_id()), request.state.duban_session]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(conf.get_mandatory_value("api", "secret_key"), salt="duban-board-form")
