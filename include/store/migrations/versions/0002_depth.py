"""depth: what the rooms keep beyond the first release."""

import sqlalchemy as sa
from alembic import op

from include.store.schema import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cases()
    _delivery()
    _unfiled()
    _rules()
    _letters()
    _figures()
    _wording()


def _cases() -> None:
    with op.batch_alter_table("matter_case") as table:
        table.add_column(sa.Column("title", sa.Text()))
        table.add_column(sa.Column("detail", sa.Text()))
        table.add_column(sa.Column("raised_by", sa.String(200)))
        table.add_column(sa.Column("raised_on", sa.Date()))
        table.add_column(sa.Column("due_on", sa.Date()))
        table.add_column(sa.Column("copies_to", sa.JSON()))
        table.add_column(sa.Column("plan_on", sa.Date()))
        table.add_column(sa.Column("lifted_on", sa.Date()))
        table.add_column(sa.Column("settled_through", sa.String(7)))
        table.add_column(sa.Column("merged_into", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_matter_case_merged_into_matter_case"), "matter_case", ["merged_into"], ["id"]
        )


def _delivery() -> None:
    """Keep what became of a message at each recipient, why a person has to look at it, and the alarms."""
    op.add_column("message", sa.Column("recipients", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("message", sa.Column("attention", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "alarm",
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "kind", "subject", name=op.f("pk_alarm")),
    )


def _unfiled() -> None:
    op.create_table(
        "unfiled_file",
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "path", name=op.f("pk_unfiled_file")),
    )
    op.create_index(op.f("ix_unfiled_file_plan_id_agency_id"), "unfiled_file", ["plan_id", "agency_id"])
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("companion_kind", sa.String(16), server_default="", nullable=False))


def _rules() -> None:
    with op.batch_alter_table("statement") as table:
        table.add_column(sa.Column("explanation", sa.Text(), nullable=False, server_default=""))


def _letters() -> None:
    with op.batch_alter_table("letter") as table:
        table.add_column(sa.Column("corrects", sa.Integer()))
        table.add_column(sa.Column("reviewed_by", sa.String(200)))
        table.add_column(sa.Column("reviewed_at", Moment(timezone=True)))
        table.add_column(sa.Column("reviewed_hash", sa.String(64)))
        table.add_column(sa.Column("sealed_at", Moment(timezone=True)))
        table.add_column(sa.Column("sealed_name", sa.Text()))
        table.add_column(sa.Column("sealed_sha256", sa.String(64)))
        table.add_column(sa.Column("served_to", sa.Text()))
        table.create_foreign_key(op.f("fk_letter_corrects_letter"), "letter", ["corrects"], ["id"])
    op.create_table(
        "letter_draft",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_draft_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", "round", name=op.f("pk_letter_draft")),
    )
    op.create_table(
        "prior_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("with_whom", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("skipped_because", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False),
        sa.Column("recorded_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_prior_talk_letter_id_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_talk")),
    )
    op.create_index(op.f("ix_prior_talk_letter_id"), "prior_talk", ["letter_id"])
    op.add_column("number_block", sa.Column("first", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "number_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("prefix", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.String(200), nullable=False),
        sa.Column("explained_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_gap")),
    )
    op.create_index(op.f("ix_number_gap_plan_id_prefix_year"), "number_gap", ["plan_id", "prefix", "year"])


def _figures() -> None:
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("proxy_reason", sa.Text()))
        table.add_column(sa.Column("confirmed_at", Moment(timezone=True)))
        table.add_column(sa.Column("confirmed_by", sa.String(200)))
        table.add_column(sa.Column("confirmed_how", sa.Text()))
    with op.batch_alter_table("decision_of_record") as table:
        table.add_column(sa.Column("reported", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("withdrawn_at", Moment(timezone=True)))
        table.add_column(sa.Column("withdrawn_by", sa.String(200)))
        table.add_column(sa.Column("withdrawn_because", sa.Text()))
    op.create_table(
        "proof",
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("agency_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(timezone=True), nullable=False),
        sa.Column("objections_until", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "agency_id", "period", "edition", name=op.f("pk_proof")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("agency_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("indicator_id", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.String(200), nullable=False),
        sa.Column("raised_at", Moment(timezone=True), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("submission_id", sa.Integer()),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_by", sa.String(200)),
        sa.Column("answered_at", Moment(timezone=True)),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_objection_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_plan_id_period"), "objection", ["plan_id", "period"])


def _wording() -> None:
    op.create_table(
        "digest_wording",
        sa.Column("plan_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.String(200), nullable=False),
        sa.Column("edited_on", sa.Date(), nullable=False),
        sa.Column("edited_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "period", "place", name=op.f("pk_digest_wording")),
    )
