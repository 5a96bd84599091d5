"""Imports: an address of their own, the rows that each record came from, and what was undone."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "import_batch"
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# A table that SQLite makes anew must still never give a number twice.
NUMBERED = {"sqlite_autoincrement": True}
COLUMNS = (
    "sheet_name", "kind", "rows_changed", "refused_numbers", "undone_at", "undone_by_id",
    "undo_reason", "uid",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        batch_op.add_column(sa.Column("uid", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("sheet_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("rows_changed", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("refused_numbers", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("undo_reason", sa.Text(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_import_batch_undone_by_id_user"), "user", ["undone_by_id"], ["id"])
    _name_those_there_are()
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        batch_op.alter_column("uid", nullable=False)
        batch_op.alter_column("rows_changed", server_default=None)
        batch_op.create_unique_constraint(op.f("uq_import_batch_uid"), ["uid"])
    op.create_table(
        "import_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("record_id", BIG, nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        **NUMBERED,
    )
    op.create_index(op.f("ix_import_row_batch_id"), "import_row", ["batch_id"])
    op.create_index("ix_import_row_record", "import_row", ["table_name", "record_id"])


def _name_those_there_are() -> None:
    batch = sa.table(TABLE, sa.column("id", BIG), sa.column("uid", sa.Uuid()))
    connection = op.get_bind()
    for (id_,) in connection.execute(sa.select(batch.c.id)).all():
        connection.execute(batch.update().where(batch.c.id == id_).values(uid=uuid.uuid4()))


def downgrade() -> None:
    op.drop_table("import_row")
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        batch_op.drop_constraint(op.f("uq_import_batch_uid"), type_="unique")
        batch_op.drop_constraint(op.f("fk_import_batch_undone_by_id_user"), type_="foreignkey")
        for column in COLUMNS:
            batch_op.drop_column(column)
