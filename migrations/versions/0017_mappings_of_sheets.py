"""Imports: what words of sheets mean to a team, and the mappings that it keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "value_meaning",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("team_id", NUMBER, nullable=False),
        sa.Column("list", sa.String(length=60), nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_value_meaning_by_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_value_meaning_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_meaning")),
        sa.UniqueConstraint("team_id", "list", "word", name=op.f("uq_value_meaning_team_id_list_word")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved_map",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("team_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("toml", sa.Text(), nullable=False),
        sa.Column("headings", sa.String(length=16), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", NUMBER, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_saved_map_changed_by_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_saved_map_made_by_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_saved_map_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_map")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_map_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_map_headings"), "saved_map", ["headings"])
    op.create_index(op.f("ix_saved_map_team_id"), "saved_map", ["team_id"])


def downgrade() -> None:
    op.drop_table("saved_map")
    op.drop_table("value_meaning")
