"""Whether Airflow runs beside this installation: where it answers, and what it says of itself."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import ProxyHandler, build_opener

from include.settings import Settings

_SECONDS = 10


def airflow_url(of: Settings) -> str:
    """Give where Airflow answers, or did when it was last started here; empty if it never was."""
    port = of.home / "airflow" / "port"
    embedded = f"http://127.0.0.1:{port.read_text(encoding='ascii').strip()}" if port.exists() else ""
    return of.airflow_url.rstrip("/") or embedded


def health(url: str) -> dict[str, Any]:
    """Ask Airflow how its parts are. Raises: OSError, ValueError: nobody answers, or something else does."""
    with build_opener(ProxyHandler({})).open(f"{url}/api/v2/monitor/health", timeout=_SECONDS) as answer:
        return json.load(answer)
