"""The board's pages. They only read; decisions are recorded in `duban_board_decisions`."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

import duban_board_runs
from duban_board_guard import may_decide, readable
from duban_board_show import ASSETS, asset, page
from duban_letters import signing_dag
from include.errors import RefusedError

router = APIRouter(include_in_schema=False)
PeriodQuery = Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$")]


class Look:
    """What every page of a plan starts from: the office, the moment, the plan's head."""

    def __init__(self, request: Request, plan: str) -> None:
        from include.office.board import opening, plans  # noqa: PLC0415

        self.request, self.plan_id = request, plan
        self.office = opening.opened()
        self.now = self.office.now()
        self.plan = plans.one(self.office, plan, self.now)

    def page(self, name: str, **values: Any) -> Response:
        """Render a page of the plan."""
        return page(self.request, name, plan=self.plan, **values)

    def period(self, text: str | None) -> Any:
        """Give the month asked for, or the newest past its due moment (else the newest opened one)."""
        if text:
            return self.office.period(self.plan_id, text)
        due = [p.period for p in self.plan.periods if p.state != "填报中"]
        opened = [p.period for p in self.plan.periods]
        return self.office.period(self.plan_id, (due or opened or [f"{self.plan.year}-01"])[-1])


Looking = Annotated[Look, Depends()]


@router.get("/")
def start(request: Request) -> Response:
    """Lead to the plan a user may see; to the list where there are several."""
    from include.office.board import opening, plans  # noqa: PLC0415

    names = readable(request.state.duban_user)
    if len(names) == 1:
        return RedirectResponse(f"{request.scope['root_path']}/plans/{names[0]}/", 303)
    office = opening.opened()
    shown, broken = plans.several(office, names, office.now())
    return page(request, "plans.html", plan=None, plans=shown, broken=broken)


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Give a bundled asset; nothing comes from elsewhere."""
    if name not in ASSETS:
        raise HTTPException(404, "没有这个文件")
    return Response(
        asset(name),
        media_type=ASSETS[name],
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


@router.get("/plans/{plan}/")
def heat_map(look: Looking) -> Response:
    """Show what waits, who is late, and month × agency."""
    from include.office.board import returns  # noqa: PLC0415
    from include.office.board.views import RETURN_STATES  # noqa: PLC0415
    from include.office.board.waiting import waiting  # noqa: PLC0415

    todo = waiting(look.office, look.plan, look.now)
    rows = returns.grid(look.office, look.plan_id, look.now)
    return look.page("returns.html", todo=todo, rows=rows, states=RETURN_STATES, tab="returns")


@router.get("/plans/{plan}/returns/{agency}/{period}")
def one_return(look: Looking, agency: str, period: str) -> Response:
    """Show one return: its submissions with receipts and findings, and what was decided about it."""
    from include.office.board import returns  # noqa: PLC0415

    which = look.office.period(look.plan_id, period)
    detail = returns.detail(look.office, look.plan_id, agency, which, look.now)
    return look.page("return.html", detail=detail, label=which.label, tab="returns")


@router.get("/plans/{plan}/files/{sha256}")
def file(look: Looking, sha256: str) -> Response:
    """Give a file of the archive, to be saved and never shown: it came from outside."""
    from include.office.board import files  # noqa: PLC0415

    try:
        name, path = files.kept(look.office, look.plan_id, sha256)
    except RefusedError as error:
        raise HTTPException(404, str(error)) from error
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


@router.get("/plans/{plan}/indicators")
def indicators(look: Looking, period: PeriodQuery = None) -> Response:
    """Show the lights of a month, each with its reason and its year."""
    from include.office.board import indicators as office  # noqa: PLC0415

    which = look.period(period)
    views = office.listed(look.office, look.plan_id, which, look.now)
    return look.page("indicators.html", views=views, period=which, tab="indicators")


@router.get("/plans/{plan}/indicators/{indicator}")
def indicator(look: Looking, indicator: str, period: PeriodQuery = None) -> Response:
    """Show where an indicator's figure comes from: its passport."""
    from include.office.board import indicators as office  # noqa: PLC0415
    from include.office.passport import passport  # noqa: PLC0415

    which = look.period(period)
    view = office.detail(look.office, look.plan_id, indicator, which, look.now)
    known = passport(indicator, str(which), plan=look.plan_id, now=look.now, office=look.office)
    return look.page("indicator.html", view=view, passport=known, period=which, tab="indicators")


@router.get("/plans/{plan}/checks")
def checks(look: Looking, period: PeriodQuery = None) -> Response:
    """Show what has to be looked at in a month's figures: differences, objections, joint duties."""
    from include.office.board.checks import checks as checks_of  # noqa: PLC0415

    which = look.period(period)
    view = checks_of(look.office, look.plan_id, which, look.now)
    return look.page("checks.html", view=view, period=which, tab="checks")


@router.get("/plans/{plan}/digest")
def digest(look: Looking, period: PeriodQuery = None) -> Response:
    """Show what is published of a month; to who decides, the digest as it would go out now, too."""
    from include.office.board import digests  # noqa: PLC0415

    which = look.period(period)
    view = digests.digest(look.office, look.plan_id, which)
    due = any(p.period == str(which) and p.state != "填报中" for p in look.plan.periods)
    decides = due and may_decide(look.request.state.duban_user, look.plan_id)
    sentences = digests.sentences(look.office, look.plan_id, which, look.now) if decides else []
    return look.page("digest.html", view=view, period=which, due=due, sentences=sentences, tab="digest")


@router.get("/plans/{plan}/cases")
def cases(look: Looking) -> Response:
    """Show the instructions with their due days, the open cases by step; then the closed ones."""
    from include.office.board import cases as office  # noqa: PLC0415

    views = office.listed(look.office, look.plan_id, look.now)
    return look.page(
        "cases.html",
        instructions=office.instructions(views),
        groups=office.by_step(views),
        closed=office.closed(views),
        tab="cases",
    )


@router.get("/plans/{plan}/cases/{case}")
def one_case(look: Looking, case: int) -> Response:
    """Show one case: where it stands, everything that happened to it, what can be decided."""
    from include.office.board import cases as office  # noqa: PLC0415

    view = office.detail(look.office, look.plan_id, case, look.now)
    return look.page("case.html", c=view, tab="cases")


@router.get("/plans/{plan}/letters")
def letters(look: Looking) -> Response:
    """Show the letters, those that wait for a signature first."""
    from include.office.board import cases as office  # noqa: PLC0415

    views = office.letters(look.office, look.plan_id)
    waiting = [view for view in views if view.run_id]
    rest = [view for view in reversed(views) if not view.run_id]
    return look.page("letters.html", waiting=waiting, letters=rest, tab="letters")


@router.get("/plans/{plan}/letters/{letter}")
def one_letter(look: Looking, letter: int) -> Response:
    """Show one letter with all that its signer reads, and lead to where it is signed."""
    from include.office.board import cases as office  # noqa: PLC0415

    view = office.letter(look.office, look.plan_id, letter, look.now)
    return look.page("letter.html", l=view, signing=signing_dag(look.plan_id), tab="letters")


@router.get("/plans/{plan}/health")
def health(look: Looking) -> Response:
    """Show what failed, what waits and when things last ran."""
    from include.office.board import health as office  # noqa: PLC0415

    view = office.health(look.office, look.plan_id, look.now)
    runs = duban_board_runs.last_runs(look.request.state.duban_user)
    return look.page("health.html", view=view, runs=runs, tab="health")
