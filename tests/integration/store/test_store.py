"""The store on SQLite and on PostgreSQL: the same schema, the same behaviour."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from include.errors import BusyError
from include.plan import Period
from include.records.figures import Role
from include.records.messages import Channel, DrivePut, MessageState, Notice
from include.store import (
    alarms,
    cases,
    decisions,
    ledger,
    numbers,
    outbox,
    publications,
    returns,
    schema,
    unfiled,
)
from include.store import leases as held
from include.store.engine import Store
from include.store.leases import lease, leases

PLAN = "p"
AT = datetime(2024, 8, 1, 9, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    opened.migrate()
    yield opened
    opened.close()


def test_migrations_make_exactly_the_schema(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    with store.reading() as connection:
        assert returns.agency_returns(connection, PLAN) == []


def test_a_database_of_the_first_release_is_brought_up_with_what_it_holds(database_url: str) -> None:
    store = Store(database_url)
    store.migrate("0001")
    with store.writing() as connection:
        case = {"plan_id": PLAN, "agency_id": "a", "track": "reporting", "matter": "reporting"}
        letter = {"plan_id": PLAN, "agency_id": "a", "period": "2024-08", "step": "reminder", "round": 1}
        drafted = {
            "state": "draft",
            "approver": "office-head",
            "content": {},
            "content_hash": "",
            "drafted_on": AT,
        }
        step = {"case_id": 1, "step": "reminder", "round": 1, "letter_id": 1, "rule": "r", "reasons": []}
        connection.execute(insert(schema.matter_case).values(id=1, state="open", opened_on=AT, **case))
        connection.execute(insert(schema.letter).values(id=1, **letter, **drafted))
        connection.execute(insert(schema.case_step).values(proposed_on=AT, **step))
    store.migrate()
    with store.reading() as connection:
        assert [row.case_id for row in cases.steps(connection, PLAN)] == [1]
    with pytest.raises(IntegrityError), store.writing() as connection:  # references are watched again
        connection.execute(
            insert(schema.case_step).values(proposed_on=AT, **step | {"letter_id": 2, "round": 2})
        )
    store.close()


def test_what_was_decided_about_returns_gets_its_day_from_the_ledger(database_url: str) -> None:
    store = Store(database_url)
    store.migrate("0002")
    owed = text(
        "INSERT INTO agency_return (plan_id, agency_id, period, plan_hash, due_at, opened_at, template_path,"
        " template_sha256, exempt_reason, extended_to, late_filing)"
        " VALUES ('p', :agency, '2024-08', '', :at, :at, '', '', :exempt, :extended, :late)"
    ).bindparams(bindparam("at", type_=schema.Moment()), bindparam("extended", type_=schema.Moment()))
    ends = [AT + timedelta(days=n) for n in (2, 9)]
    nothing = {"at": AT, "exempt": None, "extended": None, "late": None}
    with store.writing() as connection:
        connection.execute(owed, nothing | {"agency": "a", "exempt": "本月无任务"})
        connection.execute(owed, nothing | {"agency": "b", "extended": ends[1], "late": "搬迁"})
        for day, until in enumerate(ends, 1):
            body = {"agency": "b", "extended_to": str(until), "reason": "迁移"}
            told = ledger.Event("return-extended", "2024-08", body, actor="clerk")
            ledger.append(connection, PLAN, AT + timedelta(days=day), told)
    store.migrate()
    with store.reading() as connection:

        def then(agency: str, days: int) -> tuple[object, ...]:
            rows = returns.agency_returns(connection, PLAN, decided_by=AT + timedelta(days=days))
            (row,) = [row for row in rows if row.agency_id == agency]
            return row.exempt_reason, row.extended_to, row.late_filing

        assert then("a", 0) == ("本月无任务", None, None), "no entry tells of it: as of the opening"
        assert [then("b", days)[1] for days in (0, 1, 2)] == [None, *ends]
        assert then("b", 0)[2] == "搬迁"
    store.close()


def test_a_writing_block_is_all_or_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.writing() as connection:
            ledger.append(connection, PLAN, AT, ledger.Event("one", "s", {}))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        break_off()
    with store.reading() as connection:
        assert list(ledger.entries(connection, PLAN)) == []


def test_the_ledger_verifies_and_every_later_change_shows(store: Store) -> None:
    with store.writing() as connection:
        for n in range(5):
            ledger.append(connection, PLAN, AT, ledger.Event("event", f"s{n}", {"n": n, "字": "中文"}))
    with store.reading() as connection:
        assert ledger.verify(connection, PLAN) == []
    with store.writing() as connection:
        connection.execute(update(schema.ledger).where(schema.ledger.c.seq == 3).values(body={"n": 99}))
    with store.reading() as connection:
        assert [b.seq for b in ledger.verify(connection, PLAN)] == [3]
    with store.writing() as connection:
        connection.execute(schema.ledger.delete().where(schema.ledger.c.seq == 2))
    with store.reading() as connection:
        assert [b.seq for b in ledger.verify(connection, PLAN)] == [3, 3, 3]


TAMPERED = {
    "body": ("UPDATE ledger SET body = '{\"n\": 99}' WHERE seq = 3", {3: "内容"}),
    "actor": ("UPDATE ledger SET actor = 'else' WHERE seq = 3", {3: "内容"}),
    "hash": ("UPDATE ledger SET hash = '00' WHERE seq = 3", {3: "校验值被改动，内容未变", 4: "不衔接"}),
    "newest hash": ("UPDATE ledger SET hash = '00' WHERE seq = 6", {6: "内容或校验值"}),
    "deleted": ("DELETE FROM ledger WHERE seq IN (3, 4)", {5: "缺第3至4条"}),
    "first": ("DELETE FROM ledger WHERE seq = 1", {2: "缺第1条"}),
    "inserted": (
        "INSERT INTO ledger SELECT plan_id, 7, at, actor, event, subject, body, previous_hash, hash "
        "FROM ledger WHERE seq = 3",
        {7: "不衔接"},
    ),
    "swapped": (
        "UPDATE ledger SET seq = CASE seq WHEN 3 THEN 103 ELSE 104 END WHERE seq IN (3, 4);"
        "UPDATE ledger SET seq = CASE seq WHEN 103 THEN 4 ELSE 3 END WHERE seq > 100",
        {3: "原为第4条", 4: "原为第3条"},
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_verifying_names_the_entry_that_was_tampered_with_and_how(store: Store, how: str) -> None:
    statements, expected = TAMPERED[how]
    with store.writing() as connection:
        for n in range(1, 7):
            ledger.append(connection, PLAN, AT, ledger.Event("event", f"s{n}", {"n": n}))
        for statement in statements.split(";"):
            connection.execute(text(statement))
    with store.reading() as connection:
        found = ledger.verify(connection, PLAN)
    for seq, why in expected.items():
        assert any(b.seq == seq and why in b.why for b in found), found


def test_a_history_written_anew_holds_in_itself_and_not_against_its_anchor(store: Store) -> None:
    with store.writing() as connection:
        hashes = [ledger.append(connection, PLAN, AT, ledger.Event("event", "s", {"n": n})) for n in range(3)]
        connection.execute(schema.ledger.delete())
        for n in range(3):
            ledger.append(connection, PLAN, AT, ledger.Event("event", "s", {"n": -n}))
        assert ledger.verify(connection, PLAN) == []
        (found,) = ledger.verify(connection, PLAN, {3: hashes[2]})
    assert found.seq == 3
    assert "重写" in found.why


def test_many_writers_keep_one_unbroken_chain(store: Store) -> None:
    def write(n: int) -> None:
        with store.writing() as connection:
            ledger.append(connection, PLAN, AT, ledger.Event("event", f"s{n}", {}))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with store.reading() as connection:
        assert ledger.verify(connection, PLAN) == []
        assert [row.seq for row in ledger.entries(connection, PLAN)] == list(range(1, 41))


def test_numbers_come_without_gaps_or_doubles_and_end_with_their_block(store: Store) -> None:
    with store.writing() as connection:
        assert numbers.give_block(connection, PLAN, "函", 2024, 3, 22) is None
        assert numbers.give_block(connection, PLAN, "函", 2024, 1, 9).last == 22  # type: ignore[union-attr]

    def take(_: int) -> int | None:
        with store.writing() as connection:
            return numbers.take_next(connection, PLAN, "函", 2024, {5})

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(20)))
    assert sorted(n for n in taken if n is not None) == [3, 4, *range(6, 23)], (
        "5 was typed in from the register"
    )
    assert taken.count(None) == 1
    with store.writing() as connection:
        assert numbers.give_block(connection, PLAN, "函", 2024, 20, 40) is not None, "it overlaps the last"
        assert numbers.give_block(connection, PLAN, "函", 2024, 31, 40) is None
    assert take(0) == 31


def test_a_message_queued_twice_leaves_once(store: Store) -> None:
    first, second = (
        outbox.Outgoing(f"receipt/{n}", Channel.DRIVE, DrivePut(f"a/{n}.xlsx", "0" * 64)) for n in (1, 2)
    )
    with store.writing() as connection:
        assert outbox.queue(connection, PLAN, AT, first) == 1
        assert outbox.queue(connection, PLAN, AT, first, second, second) == 1
        assert outbox.queue(connection, PLAN, AT) == 0
    with store.reading() as connection:
        due = outbox.due(connection, PLAN, Channel.DRIVE, AT)
        assert [row.key for row in due] == ["receipt/1", "receipt/2"]
        assert outbox.due(connection, PLAN, Channel.MAIL, AT) == []


def test_a_message_moves_only_from_the_state_it_is_in(store: Store) -> None:
    with store.writing() as connection:
        outbox.queue(connection, PLAN, AT, outbox.Outgoing("k", Channel.DRIVE, DrivePut("x", "0" * 64)))
        (row,) = outbox.due(connection, PLAN, Channel.DRIVE, AT)
        assert not outbox.move(connection, row.id, MessageState.SENDING, MessageState.SENT)
        assert outbox.move(connection, row.id, MessageState.PENDING, MessageState.SENDING)
        assert outbox.due(connection, PLAN, Channel.DRIVE, AT) == []


def test_one_job_of_a_plan_runs_once_at_a_time(store: Store) -> None:
    with lease(store, PLAN, "close"):
        with pytest.raises(BusyError, match="close"), lease(store, PLAN, "close"):
            pass
        with leases(store, PLAN, ["close", "open"]) as mine:
            assert mine == {"open"}
    with lease(store, PLAN, "close"):
        pass


def test_a_lease_of_a_dead_process_is_taken_over(store: Store) -> None:
    later = datetime.now(UTC) + timedelta(minutes=10)
    import socket  # noqa: PLC0415

    with store.writing() as connection:
        connection.execute(
            insert(schema.job_lease).values(
                plan_id=PLAN, job="close", holder=f"{socket.gethostname()}:999999999:dead", expires_at=later
            )
        )
    with lease(store, PLAN, "close"):
        pass


@pytest.mark.parametrize(("left", "is_free"), [(-1, True), (30, False)])
def test_a_lease_of_another_machine_holds_until_nobody_has_renewed_it(
    store: Store, left: int, is_free: bool
) -> None:
    expires = datetime.now(UTC) + timedelta(seconds=left)
    row = {"plan_id": PLAN, "job": "close", "holder": "elsewhere:1:0", "expires_at": expires}
    with store.writing() as connection:
        connection.execute(insert(schema.job_lease).values(row))
    with leases(store, PLAN, ["close"]) as mine:
        assert bool(mine) is is_free


def test_a_lease_is_renewed_as_long_as_its_holder_lives(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who may not ask for the process, as from another machine, takes it for dead while it works."""
    monkeypatch.setattr(held, "RENEWED", timedelta(milliseconds=20))

    def expires() -> list[datetime]:
        with store.reading() as connection:
            return list(connection.scalars(select(schema.job_lease.c.expires_at)))

    with leases(store, PLAN, ["close", "open"]):
        taken = expires()
        assert max(taken) <= datetime.now(UTC) + timedelta(minutes=1), "free soon, once nobody renews it"
        while min(expires()) <= max(taken):
            time.sleep(0.02)
    assert expires() == []


_WRITTEN: dict[str, Callable[[Connection], object]] = {
    "a sweep": lambda c: returns.note_sweeps(c, PLAN, ["b", "a"], AT),
    "a look": lambda c: unfiled.remember(c, PLAN, [("a", unfiled.Look("x", 1, 1, AT, settled=False))]),
    "a file written": lambda c: outbox.note_written(c, PLAN, {"a/b.xlsx": "0" * 64}),
    "an alarm": lambda c: alarms.replace(c, PLAN, ["K"], {(PLAN, "K", "x"): "y"}, AT),
    "a message": lambda c: outbox.queue(c, PLAN, AT, outbox.Outgoing("k", Channel.CHAT, Notice("k"))),
}


@pytest.mark.parametrize("write", _WRITTEN.values(), ids=_WRITTEN)
def test_two_that_write_the_same_row_in_one_moment_both_go_on(
    store: Store, write: Callable[[Connection], object]
) -> None:
    """The second begins while the first is not committed: what it would write it does not see yet."""

    def second() -> None:
        with store.writing() as connection:
            write(connection)

    with ThreadPoolExecutor(1) as other:
        with store.writing() as connection:
            write(connection)
            waiting = other.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
        waiting.result()
    second()


def test_figures_come_back_exactly_as_they_went_in(store: Store) -> None:
    figures = [Decimal("0.1"), Decimal("12345678901234.5"), Decimal(0), Decimal("-3"), Decimal("99.50")]
    d = schema.decision_of_record
    with store.writing() as connection:
        for n, value in enumerate(figures):
            connection.execute(
                insert(d).values(
                    plan_id=PLAN,
                    period="2024-08",
                    indicator_id=f"i{n}",
                    role=Role.MONTH,
                    value=value,
                    reason="r",
                    decided_by="x",
                    decided_at=AT,
                )
            )
    with store.reading() as connection:
        known = decisions.figures_of_record(connection, PLAN, Period(2024, 8), AT)
    assert [decision.value for decision in known] == figures


def test_moments_keep_their_instant_and_naive_ones_are_refused(store: Store) -> None:
    with store.writing() as connection:
        publications.hold_back(connection, PLAN, Period(2024, 8), "digest", "u", "why", AT)
        row = publications.held(connection, PLAN, Period(2024, 8), "digest")
        assert row is not None
        assert row.held_at == AT
        with pytest.raises(Exception, match="time zone"):
            connection.execute(select(schema.hold).where(schema.hold.c.held_at == AT.replace(tzinfo=None)))


def test_a_file_is_settled_once_and_anew_after_it_changed(store: Store) -> None:
    look = unfiled.Look("责任单位/某局/待报/表.xlsx", 9_000_000_000, 1_722_500_000_123_456_789, AT, False)
    with store.writing() as connection:
        unfiled.remember(connection, PLAN, [("a", look)])
        assert unfiled.looks(connection, PLAN) == {look.path: look}
        assert unfiled.settle(connection, PLAN, look)
        assert not unfiled.settle(connection, PLAN, look)
        later = replace(look, changed=look.changed + 1, since=AT + timedelta(hours=1))
        unfiled.remember(connection, PLAN, [("a", later)])
        assert not unfiled.settle(connection, PLAN, look)
        assert unfiled.looks(connection, PLAN) == {look.path: later}
