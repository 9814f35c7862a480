"""Airflow in this process: its settings stand in the environment before anything imports it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from include.settings import Settings
from live.env import environment

_home = Path(tempfile.mkdtemp(prefix="duban-airflow-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ.update({k: v for k, v in environment(Settings(home=_home)).items() if k.startswith("AIRFLOW")})


@pytest.fixture(scope="session")
def dags() -> dict[str, Any]:
    """Every DAG, by id, as the dag-processor loads them."""
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415

    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    assert bag.import_errors == {}
    return dict(bag.dags)
