"""Likely duplicates: what was decided of two incidents, and which went into which."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "duplicate_decision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("first_id", NUMBER, nullable=False),
        sa.Column("second_id", NUMBER, nullable=False),
        sa.Column("verdict", sa.String(length=9), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("duplicate_decision", "by_id", "user"),
        _key("duplicate_decision", "first_id", "incident"),
        _key("duplicate_decision", "second_id", "incident"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decision")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicate_decision_first_id_second_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_duplicate_decision_second_id"), "duplicate_decision", ["second_id"])
    op.create_table(
        "incident_merge",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kept_id", NUMBER, nullable=False),
        sa.Column("gone_id", NUMBER, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("merged_by_id", NUMBER, nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        _key("incident_merge", "kept_id", "incident"),
        _key("incident_merge", "gone_id", "incident"),
        _key("incident_merge", "merged_by_id", "user"),
        _key("incident_merge", "undone_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_merge")),
        sa.UniqueConstraint("uid", name=op.f("uq_incident_merge_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_incident_merge_kept_id"), "incident_merge", ["kept_id"])
    op.create_index(op.f("ix_incident_merge_gone_id"), "incident_merge", ["gone_id"])


def downgrade() -> None:
    op.drop_table("incident_merge")
    op.drop_table("duplicate_decision")
