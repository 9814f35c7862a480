"""The live system: Airflow's four processes on this machine, on loopback, all state in `DUBAN_HOME`.

    python -m live up | down | status

From Python: `up()`, `down()`, `run_dag()`, `wait()`, `answer()`.
"""

from live.env import LiveError, environment
from live.rest import Airflow, answer, run_dag, wait
from live.system import down, status, up

__all__ = ["Airflow", "LiveError", "answer", "down", "environment", "run_dag", "status", "up", "wait"]
