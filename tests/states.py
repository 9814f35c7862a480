"""Write docs/states.md from the tables of states: `python -m tests.states`."""

from __future__ import annotations

from include.office.lives import page
from include.settings import ROOT

PAGE = ROOT / "docs" / "states.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
