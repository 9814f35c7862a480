"""The steps of a month, two ways: straight through the use cases, or as runs of the real DAGs."""

from __future__ import annotations

import time
from typing import Any, Protocol

from include.office import (
    close_period,
    collect_returns,
    deliver_outbox,
    drop,
    escalate_overdue,
    open_period,
    publish_digest,
    sign_letters,
)
from include.office.desk import Office
from live.env import LiveError
from live.rest import Airflow

PLAN_DAGS = {
    "open": "open_period",
    "collect": "collect_returns",
    "close": "close_period",
    "escalate": "escalate_overdue",
    "digest": "publish_digest",
    "deliver": "deliver_outbox",
}


class Steps(Protocol):
    """How a step is taken."""

    def take(self, step: str) -> None:
        """Take one of `open`, `collect`, `close`, `escalate`, `digest`, `deliver` for what is due now."""
        ...

    def sign(self, letter: dict[str, Any], user: str, talk: dict[str, str]) -> None:
        """Sign a letter round (`id`, `run_id`) that waits."""
        ...


class Direct:
    """Through the use cases, in this process."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.jobs = {
            "open": open_period.run,
            "collect": collect_returns.run,
            "close": close_period.run,
            "escalate": escalate_overdue.run,
            "digest": publish_digest.run,
            "deliver": deliver_outbox.run,
        }

    def take(self, step: str) -> None:
        """Take a step."""
        self.jobs[step](office=self.office)

    def sign(self, letter: dict[str, Any], user: str, talk: dict[str, str]) -> None:
        """Sign a letter."""
        shown = sign_letters.show(letter["id"], office=self.office)["hash"]
        sign_letters.answer(
            letter["id"], decision=sign_letters.SIGN, user=user, hash=shown, talk=talk, office=self.office
        )


class Live:
    """As runs of the DAGs, in the running system. Whatever takes longer than `patience` seconds fails."""

    def __init__(self, office: Office, patience: float = 180) -> None:
        self.office, self.patience = office, patience

    def take(self, step: str) -> None:
        """Start a run and wait for it and for what follows from it; a dropped file starts its own."""
        with Airflow(self.office.settings) as airflow:
            if step == "collect" and self._something_waits():
                self._await_collection(airflow)
            elif step != "deliver":  # what there is to deliver starts its own
                airflow.wait(PLAN_DAGS[step], airflow.run_dag(PLAN_DAGS[step]), self.patience)
            airflow.settle(self.patience)

    def _something_waits(self) -> bool:
        return bool(drop.signature(self.office.settings.drive))

    def _await_collection(self, airflow: Airflow) -> None:
        """Do nothing but wait: the folders are watched."""
        end = time.monotonic() + self.patience
        while self._something_waits():
            if time.monotonic() > end:
                raise LiveError(f"放入的报表过了 {self.patience:.0f} 秒没有收取")
            time.sleep(0.5)
        airflow.settle(self.patience)

    def sign(self, letter: dict[str, Any], user: str, talk: dict[str, str]) -> None:
        """Answer the approval as its signer, and wait until the letter is out."""
        with Airflow(self.office.settings, user) as airflow:
            airflow.await_question(letter["run_id"], self.patience)
            time.sleep(4)  # an answer within a second or two of the question can be lost
            airflow.answer(letter["run_id"], sign_letters.SIGN, talk=talk)
            airflow.wait("sign_letters", letter["run_id"], self.patience)
