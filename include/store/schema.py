"""Tables of duban's own database. SQLAlchemy Core; the same on SQLite and PostgreSQL.

Moments are stored in UTC, days as dates, figures exactly. `plan_id` is part of every key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A UTC moment; SQLite forgets time zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a naive moment is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal figure, exact on both databases (SQLite would make it a float, so there it is text)."""

    impl = Numeric(24, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose text on SQLite."""
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric(24, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write plainly, never in exponents."""
        return format(value, "f") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give back a Decimal without trailing zeros."""
        if value is None:
            return None
        number = Decimal(value)
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


job_lease = Table(
    "job_lease",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("job", String(64), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

plan_snapshot = Table(
    "plan_snapshot",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("plan_hash", String(64), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("first_used_at", Moment, nullable=False),
)

agency_return = Table(
    "agency_return",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("plan_hash", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("locked_at", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("template_path", Text, nullable=False),
    Column("template_sha256", String(64), nullable=False),
)

# What the office decided about a return: 免报, 延期, 补报. Rows are only added; the newest of a kind holds.
return_decision = Table(
    "return_decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("period", String(7), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Moment),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Index(None, "plan_id", "agency_id", "period"),
)

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("period", String(7)),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("claimed_name", Text, nullable=False),
    Column("original_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("filed_by", String(200), nullable=False, server_default=""),
    Column("signed_by", String(200), nullable=False, server_default=""),
    Column("phone", String(60), nullable=False, server_default=""),
    Column("nil_return", Boolean, nullable=False, server_default=false()),
    Column("plan_hash", String(64), nullable=False, server_default=""),
    Column("notes", JSON, nullable=False),
    Column("counts_on_time", Boolean, nullable=False, server_default=false()),
    Column("same_as", Integer),
    Column("decided_at", Moment),
    Column("receipt_path", Text),
    Column("receipt_sha256", String(64)),
    Column("companion_kind", String(16), nullable=False, server_default=""),
    Column("proxy_by", String(200)),  # 代填: who of the office filed it for the agency
    Column("proxy_reason", Text),
    Column("confirmed_at", Moment),  # a proxy entry the agency stands by
    Column("confirmed_by", String(200)),
    Column("confirmed_how", Text),
    UniqueConstraint("plan_id", "agency_id", "claimed_name"),
    Index(None, "plan_id", "period", "agency_id", "state"),
)

finding = Table(
    "finding",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("rule", String(64), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("sheet", Text, nullable=False),
    Column("ref", String(32), nullable=False),
    Column("found", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("fix", Text, nullable=False),
    Column("subject", String(64), nullable=False),
)

fact = Table(
    "fact",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("indicator_id", String(64), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("period", String(7), nullable=False),
    Column("state", String(16), nullable=False),
    Column("value", Exact),
    Column("sheet", Text, nullable=False),
    Column("ref", String(16), nullable=False),
    Column("raw", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Index(None, "plan_id", "period"),
)

named_entry = Table(
    "named_entry",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("indicator_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("ref", String(16), nullable=False),
)

statement = Table(
    "statement",
    metadata,
    Column("submission_id", ForeignKey("submission.id"), primary_key=True),
    Column("clause_id", String(16), primary_key=True),
    Column("status", String(32)),
    Column("text", Text, nullable=False),
    Column("problems", Text, nullable=False),
    Column("next_steps", Text, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("ref", String(16), nullable=False),
    Column("explanation", Text, nullable=False, server_default=""),
)

publication = Table(
    "publication",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("published_at", Moment, nullable=False),
)

sweep = Table(
    "sweep",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("ended_at", Moment, nullable=False),
)

matter_case = Table(
    "matter_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("track", String(16), nullable=False),
    Column("matter", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("closed_because", Text),
    Column("extension_until", Date),
    Column("accepted_reason", Text),
    Column("carried_step", String(32)),
    Column("title", Text),  # of a major risk or an instruction (批示); other matters are named by the plan
    Column("detail", Text),
    Column("raised_by", String(200)),  # the leader who gave the instruction
    Column("raised_on", Date),  # when the risk was found, the instruction given
    Column("due_on", Date),  # the instruction's own date
    Column("copies_to", JSON),  # co-owners the office lets have its letters in copy: agency ids
    Column("plan_on", Date),  # when the last 整改方案 came in
    Column("lifted_on", Date),  # when the office found the risk removed (解除)
    Column("settled_through", String(7)),  # a person closed it: periods up to this one are no cause any more
    Column("merged_into", ForeignKey("matter_case.id")),
    Index(None, "plan_id", "agency_id", "matter", "state"),
)

letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("period", String(7), nullable=False),
    Column("step", String(32), nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("approver", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("asks", Integer, nullable=False, server_default="1"),  # how often it was put to an approver
    Column("drafted_on", Date, nullable=False),
    Column("number", String(64)),
    Column("signed_on", Date),
    Column("signed_by", String(200)),
    Column("served_at", Moment),
    Column("served_how", Text),
    Column("reply_due_on", Date),
    Column("answered_on", Date),
    Column("accepted_on", Date),
    Column("docx_sha256", String(64)),
    Column("pdf_sha256", String(64)),
    Column("corrects", ForeignKey("letter.id")),  # the letter a 更正函 corrects
    Column("reviewed_by", String(200)),  # 核稿
    Column("reviewed_at", Moment),
    Column("reviewed_hash", String(64)),  # the text that was reviewed
    Column("sealed_at", Moment),
    Column("sealed_name", Text),
    Column("sealed_sha256", String(64)),  # the sealed scan, the official copy
    Column("served_to", Text),  # who signed for it
    UniqueConstraint("plan_id", "number"),
    Index(None, "plan_id", "state"),
)

letter_draft = Table(  # the text of each round, as it was put before the approver
    "letter_draft",
    metadata,
    Column("letter_id", ForeignKey("letter.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("content", JSON, nullable=False),
)

prior_talk = Table(  # 事先沟通: who, when, what they said; or why there was none
    "prior_talk",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letter.id"), nullable=False),
    Column("held_on", Date),
    Column("with_whom", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("skipped_because", Text, nullable=False),
    Column("recorded_by", String(200), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Index(None, "letter_id"),
)

case_step = Table(
    "case_step",
    metadata,
    Column("case_id", ForeignKey("matter_case.id"), primary_key=True),
    Column("step", String(32), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("letter_id", ForeignKey("letter.id"), nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("reasons", JSON, nullable=False),
)

reply = Table(
    "reply",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("claimed_name", String(255), primary_key=True),
    Column("original_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("letter_id", ForeignKey("letter.id")),
)

number_block = Table(
    "number_block",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("prefix", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("next", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("first", Integer, nullable=False, server_default="1"),  # the series begins there
)

number_gap = Table(  # numbers of a series that no letter of ours has, and why
    "number_gap",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("prefix", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("explained_by", String(200), nullable=False),
    Column("explained_at", Moment, nullable=False),
    Index(None, "plan_id", "prefix", "year"),
)

chaser = Table(
    "chaser",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("chased_on", Date, primary_key=True),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("key", String(200), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("formal", Boolean, nullable=False, server_default=false()),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Moment, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("recipients", JSON, nullable=False, server_default="{}"),  # by recipient: reception, words
    Column("attention", Text, nullable=False, server_default=""),  # why a person has to look at it
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("plan_id", "key"),
    Index(None, "state", "not_before"),
)

alarm = Table(
    "alarm",
    metadata,
    Column("plan_id", String(64), primary_key=True),  # empty: of the whole installation
    Column("kind", String(16), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

written_file = Table(
    "written_file",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("sha256", String(64), nullable=False),
)

unfiled_file = Table(
    "unfiled_file",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("agency_id", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("since", Moment, nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    Index(None, "plan_id", "agency_id"),
)

hold = Table(
    "hold",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("held_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("held_at", Moment, nullable=False),
    Column("released_at", Moment),
)

digest_wording = Table(
    "digest_wording",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("place", String(32), primary_key=True),
    Column("original", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("edited_by", String(200), nullable=False),
    Column("edited_on", Date, nullable=False),
    Column("edited_at", Moment, nullable=False),
)

decision_of_record = Table(
    "decision_of_record",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("period", String(7), nullable=False),
    Column("indicator_id", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("value", Exact, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("reported", JSON, nullable=False, server_default="[]"),  # [[agency, figure]] it was decided on
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(200)),
    Column("withdrawn_because", Text),
)

proof = Table(
    "proof",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("agency_id", String(64), primary_key=True),
    Column("period", String(7), primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("objections_until", Moment, nullable=False),
)

objection = Table(
    "objection",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", String(64), nullable=False),
    Column("agency_id", String(64), nullable=False),
    Column("period", String(7), nullable=False),
    Column("indicator_id", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("raised_by", String(200), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("in_time", Boolean, nullable=False),
    Column("submission_id", ForeignKey("submission.id")),  # the 核对稿 that came back, if it came so
    Column("answer", Text),
    Column("answered_by", String(200)),
    Column("answered_at", Moment),
    Index(None, "plan_id", "period"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("plan_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("event", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
