"""The read-only JSON API (`/duban/api/v1`) and its description: OpenAPI, and a page that needs no network."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.openapi.utils import get_openapi

from duban_board_guard import readable
from duban_board_show import page
from include.office.board.views import (
    CaseDetail,
    CaseView,
    ChecksView,
    DigestView,
    FactsPage,
    HealthView,
    IndicatorDetail,
    IndicatorView,
    LetterView,
    PeriodView,
    PlanView,
    ReturnDetail,
    ReturnView,
    WaitingView,
)

PREFIX = "/api/v1"
VERSION = "1.0"
ABOUT = (
    "只读。登录方式与 Airflow 相同：浏览器会话，或先用 POST /auth/token 取得令牌，"
    "再放入 Authorization: Bearer。"
    "能看哪些工作要点，由用户在 Airflow 中的角色决定。时间为北京时间，数值用指标自己的单位。"
)

router = APIRouter(prefix=PREFIX)
_described = APIRouter()


class Asked:
    """The office and the moment a request is about."""

    def __init__(self, plan: str) -> None:
        from include.office.board import opening  # noqa: PLC0415

        self.plan = plan
        self.office = opening.opened()
        self.now = self.office.now()

    def period(self, text: str) -> Any:
        """Read a month of the plan's year. Raises: RefusedError."""
        return self.office.period(self.plan, text)


Asking = Annotated[Asked, Depends()]
Month = Annotated[str, Query(description="报送月份，如 2024-08", pattern=r"^\d{4}-\d{2}$")]
MaybeMonth = Annotated[
    str | None, Query(description="报送月份，如 2024-08；不填为全部", pattern=r"^\d{4}-\d{2}$")
]
MaybeAgency = Annotated[str | None, Query(description="成员单位编号；不填为全部")]
MaybeIndicator = Annotated[str | None, Query(description="指标编号；不填为全部")]


@_described.get("/plans", summary="能看的工作要点")
def plans(request: Request) -> list[PlanView]:
    """Give the plans this user may see; one whose files are broken says so at its own address."""
    from include.office.board import opening  # noqa: PLC0415
    from include.office.board import plans as board  # noqa: PLC0415

    office = opening.opened()
    return list(board.several(office, readable(request.state.duban_user), office.now())[0])


@_described.get("/plans/{plan}", summary="一个工作要点")
def one_plan(asked: Asking) -> PlanView:
    """Give one plan with its months."""
    from include.office.board import plans as board  # noqa: PLC0415

    return board.one(asked.office, asked.plan, asked.now)


@_described.get("/plans/{plan}/periods", summary="已开启的月份")
def periods(asked: Asking) -> list[PeriodView]:
    """Give the months that were opened."""
    return list(one_plan(asked).periods)


@_described.get("/plans/{plan}/waiting", summary="待办：等食药安办处理的事")
def waiting(asked: Asking) -> list[WaitingView]:
    """Give what waits for a person; empty where nothing does."""
    from include.office.board import waiting as board  # noqa: PLC0415

    return list(board.waiting(asked.office, one_plan(asked), asked.now))


@_described.get("/plans/{plan}/returns", summary="应报的报表")
def returns(asked: Asking, period: MaybeMonth = None, agency: MaybeAgency = None) -> list[ReturnView]:
    """Give the returns owed and how each stands."""
    from include.office.board import returns as board  # noqa: PLC0415

    which = asked.period(period) if period else None
    return list(board.listed(asked.office, asked.plan, asked.now, period=which, agency=agency))


@_described.get("/plans/{plan}/returns/{agency}/{period}", summary="一份报表：报送件、校验问题、决定")
def one_return(asked: Asking, agency: str, period: str) -> ReturnDetail:
    """Give one return with its submissions and findings."""
    from include.office.board import returns as board  # noqa: PLC0415

    return board.detail(asked.office, asked.plan, agency, asked.period(period), asked.now)


@_described.get("/plans/{plan}/indicators", summary="指标的完成进度")
def indicators(asked: Asking, period: Month) -> list[IndicatorView]:
    """Give every indicator's progress in a month."""
    from include.office.board import indicators as board  # noqa: PLC0415

    return list(board.listed(asked.office, asked.plan, asked.period(period), asked.now))


@_described.get("/plans/{plan}/indicators/{indicator}", summary="一个指标：口径、各月进度、数据来源")
def one_indicator(asked: Asking, indicator: str, period: Month) -> IndicatorDetail:
    """Give one indicator's passport in a month."""
    from include.office.board import indicators as board  # noqa: PLC0415

    return board.detail(asked.office, asked.plan, indicator, asked.period(period), asked.now)


@_described.get("/plans/{plan}/facts", summary="现在有效的数据项，分页")
def facts(
    asked: Asking,
    period: MaybeMonth = None,
    agency: MaybeAgency = None,
    indicator: MaybeIndicator = None,
    offset: Annotated[int, Query(ge=0, description="从第几条起")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000, description="每页条数")] = 500,
) -> FactsPage:
    """Give a page of the figures that count, each with file, sheet and cell."""
    from include.office.board import facts as board  # noqa: PLC0415

    return board.page(
        asked.office,
        asked.plan,
        asked.now,
        period=asked.period(period) if period else None,
        agency=agency,
        indicator=indicator,
        offset=offset,
        limit=limit,
    )


@_described.get("/plans/{plan}/cases", summary="督办事项")
def cases(asked: Asking) -> list[CaseView]:
    """Give every case with its steps and clock."""
    from include.office.board import cases as board  # noqa: PLC0415

    return list(board.listed(asked.office, asked.plan, asked.now))


@_described.get("/plans/{plan}/cases/{case}", summary="一件督办事项：措施、经过")
def one_case(asked: Asking, case: int) -> CaseDetail:
    """Give one case with everything that happened to it."""
    from include.office.board import cases as board  # noqa: PLC0415

    return board.detail(asked.office, asked.plan, case, asked.now)


@_described.get("/plans/{plan}/checks", summary="一个月的核对：不一致、异议、共同任务、试行规则的发现")
def checks(asked: Asking, period: Month) -> ChecksView:
    """Give what has to be looked at in a month's figures."""
    from include.office.board import checks as board  # noqa: PLC0415

    return board.checks(asked.office, asked.plan, asked.period(period), asked.now)


@_described.get("/plans/{plan}/digest", summary="一个月的工作月报和汇总报表：发布日、各版文件")
def digest(asked: Asking, period: Month) -> DigestView:
    """Give what is published of a month."""
    from include.office.board import digests as board  # noqa: PLC0415

    return board.digest(asked.office, asked.plan, asked.period(period))


@_described.get("/plans/{plan}/letters", summary="文书")
def letters(asked: Asking) -> list[LetterView]:
    """Give every letter."""
    from include.office.board import cases as board  # noqa: PLC0415

    return list(board.letters(asked.office, asked.plan))


@_described.get("/plans/{plan}/health", summary="送达与运行")
def health(asked: Asking) -> HealthView:
    """Give what failed, what waits, when the folders were last looked through."""
    from include.office.board import health as board  # noqa: PLC0415

    return board.health(asked.office, asked.plan, asked.now)


router.include_router(_described)


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """Give the API's description, as OpenAPI."""
    return described() | {"servers": [{"url": request.scope.get("root_path", "")}]}


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> Response:
    """Show the API's description as a page made here: nothing is fetched from elsewhere."""
    return page(request, "api.html", plan=None, api=described())


@cache
def described() -> dict[str, Any]:
    """Describe the routes above."""
    return get_openapi(title="督办数据接口", version=VERSION, description=ABOUT, routes=router.routes)
