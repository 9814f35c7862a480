"""Recording a decision on the board: one form, one way to send it.

Who sent it is the Airflow user, and stands in the ledger.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from duban_board_forms import DECISIONS, Decision, Said
from duban_board_guard import form_token, may_decide
from duban_board_pages import Look, Looking
from duban_board_show import page
from include.errors import RefusedError

router = APIRouter(include_in_schema=False)


@router.get("/plans/{plan}/decisions/{decision}")
def form(look: Looking, decision: str) -> Response:
    """Show the form of a decision, with what the link says filled in."""
    if not may_decide(look.request.state.duban_user, look.plan_id):
        raise HTTPException(403, "没有权限")
    return _form(look, decision, dict(look.request.query_params))


@router.post("/plans/{plan}/decisions/{decision}")
async def take(request: Request, plan: str, decision: str) -> Response:
    """Record a decision, then lead to where it shows; one that is refused comes back with what was said."""
    said = _said(_kind(decision), await request.form())
    return await run_in_threadpool(_take, request, plan, decision, said)


def _take(request: Request, plan: str, decision: str, said: Said) -> Response:
    kind = _kind(decision)
    try:
        kind.take(plan, said, request.state.duban_user.get_name())
    except RefusedError as error:
        return _form(Look(request, plan), decision, said, str(error))
    lands = kind.lands.format_map({name: quote(value, safe="") for name, value in said.items()})
    return RedirectResponse(f"{request.scope['root_path']}/plans/{plan}/{lands}?done={decision}", 303)


def _kind(decision: str) -> Decision:
    if decision not in DECISIONS:
        raise HTTPException(404, "没有这种决定")
    return DECISIONS[decision]


def _said(kind: Decision, form: FormData) -> Said:
    """Read the fields a decision knows; anything else that was sent is left aside."""
    return {field.name: str(form.get(field.name, "")).strip() for field in kind.fields}


def _form(look: Look, decision: str, said: Said, refused: str = "") -> Response:
    kind = _kind(decision)
    return page(
        look.request,
        "decision.html",
        409 if refused else 200,
        plan=look.plan,
        kind=kind,
        decision=decision,
        said=said,
        names=_names(look, said),
        refused=refused,
        token=form_token(look.request),
        tab="",
    )


def _names(look: Look, said: Said) -> dict[str, str]:
    """Put names to what a form is about."""
    from include.office.board import returns  # noqa: PLC0415

    return returns.names(look.office, look.plan_id, said.get("agency", ""), said.get("period", ""))
