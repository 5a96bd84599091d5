"""Exports on record: as what, under which filters, and the digest of the bytes that left."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLE = "export"
# A table that SQLite makes anew must still never give a number twice.
NUMBERED = {"sqlite_autoincrement": True}
COLUMNS = {
    "form": sa.String(length=10),
    "filters": sa.JSON(),
    "sha256": sa.String(length=64),
    "sha256_inside": sa.String(length=64),
}
LOOKED_UP = ("sha256", "sha256_inside")


def upgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        for name, kind in COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.alter_column("kind", existing_type=sa.String(20), type_=sa.String(40), existing_nullable=False)
    for name in LOOKED_UP:
        op.create_index(op.f(f"ix_export_{name}"), TABLE, [name])


def downgrade() -> None:
    for name in LOOKED_UP:
        op.drop_index(op.f(f"ix_export_{name}"), table_name=TABLE)
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(40), type_=sa.String(20), existing_nullable=False)
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
