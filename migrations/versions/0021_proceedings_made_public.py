"""Proceedings: what is known to everybody already, and the incidents from which one arises."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


STEPS = ("set", "approved")


def upgrade() -> None:
    # Column by column: to rebuild the table would drop the triggers of the search index.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for step in STEPS:
        column, name = f"public_{step}_by_id", f"fk_proceeding_public_{step}_by_id_user"
        kind = "INTEGER" if is_sqlite else "BIGINT"
        op.execute(f'ALTER TABLE proceeding ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES "user" (id)')
        op.add_column("proceeding", sa.Column(f"public_{step}_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "proceeding_incident",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", NUMBER, nullable=False),
        sa.Column("incident_id", NUMBER, nullable=False),
        _key("proceeding_incident", "incident_id", "incident"),
        _key("proceeding_incident", "proceeding_id", "proceeding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding_incident")),
        sa.UniqueConstraint(
            "proceeding_id", "incident_id", name=op.f("uq_proceeding_incident_proceeding_id_incident_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_proceeding_incident_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("incident_id", "proceeding_id"):
        op.create_index(op.f(f"ix_proceeding_incident_{column}"), "proceeding_incident", [column])


def downgrade() -> None:
    op.drop_table("proceeding_incident")
    for step in STEPS:
        for what in ("by_id", "at"):
            op.drop_column("proceeding", f"public_{step}_{what}")
