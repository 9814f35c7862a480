"""Recording a decision on the board: one form, one way to send it.

Who sent it is the Airflow user, and stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from duban_board_forms import DECISIONS, Decision, Field, Said
from duban_board_guard import MOST_BYTES, form_token
from duban_board_pages import Look, Looking
from duban_board_show import page
from include.errors import RefusedError

router = APIRouter(include_in_schema=False)
MAIL = {  # a mail brings its styles and pictures with it, and nothing else
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " frame-ancestors 'self'; sandbox"
}


@router.get("/plans/{plan}/decisions/{decision}")
def form(look: Looking, decision: str) -> Response:
    """Show the form of a decision, with what the link says filled in."""
    return _form(look, decision, dict(look.request.query_params))


@router.get("/plans/{plan}/decisions/digest/{period}")
def draft(look: Looking, period: str) -> Response:
    """Show a month's digest as it would go out now, for who decides about it; it is nobody else's yet."""
    from include.office.board import digests  # noqa: PLC0415

    return HTMLResponse(digests.draft(look.office, look.plan_id, period, look.now), headers=MAIL)


@router.post("/plans/{plan}/decisions/{decision}")
async def take(request: Request, plan: str, decision: str) -> Response:
    """Record a decision, then lead to where it shows; one that is refused comes back with what was said."""
    async with request.form() as sent:
        return await run_in_threadpool(_take, request, plan, decision, sent)


def _take(request: Request, plan: str, decision: str, sent: FormData) -> Response:
    kind, look = _kind(decision), Look(request, plan)
    said = {field.name: _said(field, sent) for field in kind.fields if field.kind != "file"}
    _names(look, said)  # nothing is decided here about what is another plan's
    try:
        with _files(kind, sent) as files:
            kind.take(plan, said | files, request.state.duban_user.get_name())
    except RefusedError as error:
        return _form(look, decision, said, str(error))
    lands = kind.lands.format_map({name: quote(str(value), safe="") for name, value in said.items()})
    done = f"{'&' if '?' in lands else '?'}done={decision}"
    return RedirectResponse(f"{request.scope['root_path']}/plans/{plan}/{lands}{done}", 303)


def _kind(decision: str) -> Decision:
    if decision not in DECISIONS:
        raise HTTPException(404, "没有这种决定")
    return DECISIONS[decision]


def _said(field: Field, sent: FormData) -> str | list[str]:
    """Read a field a decision knows; anything else that was sent is left aside."""
    values = [value.strip() for value in sent.getlist(field.name) if isinstance(value, str)]
    return values if field.kind == "agencies" else "".join(values[-1:])


@contextmanager
def _files(kind: Decision, sent: FormData) -> Iterator[dict[str, Path | None]]:
    """Lay what was uploaded into files under their own names; None where nothing was."""
    from include.office.evidence import laid_down  # noqa: PLC0415

    with TemporaryDirectory(prefix="duban-upload-") as folder:
        files: dict[str, Path | None] = {}
        for field in (f for f in kind.fields if f.kind == "file"):
            given = sent.get(field.name)
            files[field.name] = None
            if isinstance(given, UploadFile) and given.filename:
                files[field.name] = laid_down(Path(folder), given.filename, given.file)
        yield files


def _form(look: Look, decision: str, said: Said, refused: str = "") -> Response:
    from include.office.board import about  # noqa: PLC0415

    kind = _kind(decision)
    kinds = {field.kind for field in kind.fields}
    return page(
        look.request,
        "decision.html",
        409 if refused else 200,
        plan=look.plan,
        kind=kind,
        decision=decision,
        said=said,
        names=_names(look, said),
        agencies=about.agencies(look.office, look.plan_id) if kinds & {"agency", "agencies"} else [],
        indicators=about.indicators(look.office, look.plan_id) if "indicator" in kinds else [],
        most=MOST_BYTES,
        refused=refused,
        token=form_token(look.request),
        tab="",
    )


def _names(look: Look, said: Said) -> dict[str, Any]:
    """Put names to what a form is about. Raises: RefusedError if it is not this plan's."""
    from include.office.board import about  # noqa: PLC0415

    return about.names(look.office, look.plan_id, said)
