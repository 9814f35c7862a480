"""`python -m demo`: replay the year; the last month through the real Airflow, unless `--without-airflow`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date

from demo.setting import BEGINS_AT, ENDS_AT, PLAN, set_stage
from demo.steps import Direct, Live
from demo.year import Year
from include.documents.fonts import ensure_cjk_fonts
from include.errors import DubanError
from include.office import clock
from include.office.state import lines
from include.settings import settings
from live import LiveError, down, up

LAST_MONTH = date(2024, 8, 1)  # from this day on the real Airflow runs the steps
SIGN_UNTIL = date(2024, 7, 16)  # what is drafted later is left for a person to sign


def main(arguments: list[str]) -> int:
    """Run the demo; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="演示：重放 2024年1月至8月")
    parser.add_argument("--without-airflow", action="store_true", help="最后一个月也不经过 Airflow（更快）")
    options = parser.parse_args(arguments)
    try:
        _run(with_airflow=not options.without_airflow)
    except (DubanError, LiveError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


def _run(*, with_airflow: bool) -> None:
    begun = time.monotonic()
    of = settings().model_copy(update={"stable_seconds": 0.0, "delivery_counts_as_served": True})
    down(of, say=lambda _: None)
    print("【演示数据】以下单位填报内容、人员、学校均为虚构。")
    office = set_stage(of)
    ensure_cjk_fonts(of.home, print)
    year = Year(office, print, sign_until=SIGN_UNTIL)
    print(f"重放 {BEGINS_AT:%Y-%m-%d} 至 {LAST_MONTH}（直接调用）……")
    year.play(BEGINS_AT.date(), date(2024, 7, 31), Direct(office))
    print(f"  用时 {time.monotonic() - begun:.0f} 秒")
    last = ENDS_AT.date().replace(day=2)
    if with_airflow:
        print("最后一个月经过真实的 Airflow……")
        up(of)
        try:
            year.play(LAST_MONTH, last, Live(office), every_day=False)
        finally:
            down(of)
    else:
        year.play(LAST_MONTH, last, Direct(office))
    clock.start(of, ENDS_AT, stopped=True)
    print()
    for line in lines(PLAN, office=office):
        print(line)
    print(f"\n演示完成，用时 {time.monotonic() - begun:.0f} 秒。")
    print("下一步：make up 打开界面，看运行记录和待签发的文书。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
