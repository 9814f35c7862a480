"""depth: what the rooms keep beyond the first release."""

import sqlalchemy as sa
from alembic import op

import include.store.schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cases()
    _delivery()
    _unfiled()
    _rules()


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
        sa.Column("since", include.store.schema.Moment(timezone=True), nullable=False),
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
        sa.Column("since", include.store.schema.Moment(), nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "path", name=op.f("pk_unfiled_file")),
    )
    op.create_index(op.f("ix_unfiled_file_plan_id_agency_id"), "unfiled_file", ["plan_id", "agency_id"])
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("companion_kind", sa.String(16), server_default="", nullable=False))


def _rules() -> None:
    with op.batch_alter_table("statement") as table:
        table.add_column(sa.Column("explanation", sa.Text(), nullable=False, server_default=""))
