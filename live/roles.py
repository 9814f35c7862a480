"""What each role may do in Airflow, as data: everything not named here is refused.

A permission is an action on a resource, in the words of Airflow's FAB auth manager. Four roles are duban's
own and are brought back to what stands here at every start; an office that wants another makes a role of
another name. What a role may do with a *place* is not here: that is `reads(plan)` and `office(plan)`.

Nobody's role touches XComs, connections or variables. What a signer answered travels as an XCom: who could
write one could sign in another's name. `SUPERUSER`, Airflow's own Admin, can; it makes users, and is sealed.
"""

from __future__ import annotations

from include.plan import resource_of
from include.settings import ROOT

Permission = tuple[str, str]

SUPERUSER = "Admin"
ADMINISTRATOR = "Administrator"  # 管理员: runs flows again, records what the office decides; signs nothing
APPROVER = "Approver"  # 签发人: reads, and answers what waits for a signature
LEADER = "Leader"  # 领导: reads
ENGINEER = "Engineer"  # 工程师: logs and the state of the machinery; no place, no letter
# The flows the places share, one by one: Airflow's `DAGs` would be those of a place that signs apart, too.
DAGS = tuple(sorted(file.stem for file in (ROOT / "dags").glob("*.py")))
FORMERLY = {"Signer": APPROVER}  # what a role was called before

_IN = (  # come in, find one's way, change one's own password
    ("can_read", "Website"),
    ("can_read", "My Profile"),
    ("can_edit", "My Profile"),
    ("can_read", "My Password"),
    ("can_edit", "My Password"),
    ("menu_access", "Browse"),
    ("menu_access", "DAGs"),
    ("menu_access", "Assets"),
    ("menu_access", "Documentation"),
    ("menu_access", "Docs"),
)
_RUNS = (  # what ran, when, and how it went
    *(("can_read", f"DAG:{name}") for name in DAGS),
    ("can_read", "DAG Code"),
    ("can_read", "DAG Dependencies"),
    ("can_read", "DAG Runs"),
    ("can_read", "DAG Versions"),
    ("can_read", "DAG Warnings"),
    ("can_read", "Task Instances"),
    ("can_read", "Task Logs"),
    ("can_read", "Assets"),
    ("can_read", "Asset Aliases"),
    ("can_read", "Backfills"),
    ("can_read", "Jobs"),
    ("can_read", "Pools"),
    ("can_read", "ImportError"),
    ("can_read", "Cluster Activity"),
    ("can_read", "HITL Detail"),  # Airflow shows its list of flows to nobody without it
)
_BOARD = (("can_read", "Plugins"),)  # the board is a plugin's page
_READING = (*_IN, *_RUNS, *_BOARD)
_STEERING = (  # start a run, pause a flow, clear a task; not delete what shows that it ran
    *(("can_edit", f"DAG:{name}") for name in DAGS),
    ("can_create", "DAG Runs"),
    ("can_edit", "DAG Runs"),
    ("can_edit", "Task Instances"),
)
_SIGNING = (  # Airflow asks for both; which letter is whose, duban itself checks when it is issued
    ("menu_access", "HITL Detail"),
    ("can_edit", "HITL Detail"),
    ("can_edit", "DAG:sign_letters"),
)
_MACHINERY = (
    ("menu_access", "Admin"),
    ("can_read", "Audit Logs"),
    ("menu_access", "Audit Logs"),
    ("can_read", "Providers"),
    ("menu_access", "Providers"),
    ("can_read", "Plugins"),
    ("menu_access", "Plugins"),
    ("menu_access", "Pools"),
    ("can_read", "Triggers"),
    ("can_read", "Task Reschedules"),
)

ROLES: dict[str, tuple[Permission, ...]] = {
    ADMINISTRATOR: (*_READING, *_STEERING),
    APPROVER: (*_READING, *_SIGNING),
    LEADER: _READING,
    ENGINEER: (*_IN, *_RUNS, *_MACHINERY),
}


def reads(plan: str) -> str:
    """Name the role that sees a plan on the board and in the API."""
    return f"Reads {plan}"


def office(plan: str) -> str:
    """Name the role that sees a plan and records decisions there."""
    return f"Office {plan}"


def signs(plan: str) -> str:
    """Name the role that answers in the signing flow of a plan that has its own."""
    return f"Signs {plan}"


def of_place(plan: str, *, apart: bool = False) -> dict[str, tuple[Permission, ...]]:
    """Give the roles of a plan; one that signs `apart` shows its flow to who sees the plan only."""
    resource, flow = resource_of(plan), f"DAG:sign_letters_{plan}"
    see: tuple[Permission, ...] = (("can_read", flow),) if apart else ()
    here: dict[str, tuple[Permission, ...]] = {
        reads(plan): (("can_read", resource), *see),
        office(plan): (("can_read", resource), ("can_edit", resource), *see),
    }
    return here | ({signs(plan): (*see, ("can_edit", flow))} if apart else {})
