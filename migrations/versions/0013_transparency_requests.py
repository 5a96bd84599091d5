"""Requests for information: the day of filing may be uncertain, the body extends the term with a reason; searchable."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "transparency_request"
SEARCHED = ("search_full", "search_reduced")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("filed_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("filed_to", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("filed_precision", sa.String(length=10), nullable=False, server_default="UNKNOWN")
        )
        batch_op.add_column(sa.Column("filed_text", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("extended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("extension_reason", sa.Text(), nullable=True))
        for column in SEARCHED:
            batch_op.add_column(sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.execute(
        f"UPDATE {TABLE} SET filed_from = filed_on, filed_to = filed_on, filed_precision = 'DAY' "
        "WHERE filed_on IS NOT NULL"
    )
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_column("filed_on")
        for column in ("filed_precision", *SEARCHED):
            batch_op.alter_column(column, server_default=None)
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        for column in SEARCHED:
            op.execute(
                f"CREATE INDEX ix_{TABLE}_{column}_fts ON {TABLE} "
                f"USING gin (to_tsvector('simple'::regconfig, {column}))"
            )


def _sqlite_index() -> None:
    """As for proceedings in 0004."""
    index, columns = f"{TABLE}_fts", ", ".join(SEARCHED)
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='{TABLE}', content_rowid='id', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    # Without it erased words stay readable in the index.
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    put = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.search_full, new.search_reduced);"
    take = (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        "VALUES ('delete', old.id, old.search_full, old.search_reduced);"
    )
    op.execute(f"CREATE TRIGGER {index}_ai AFTER INSERT ON {TABLE} BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_ad AFTER DELETE ON {TABLE} BEGIN {take} END")
    op.execute(f"CREATE TRIGGER {index}_au AFTER UPDATE OF {columns} ON {TABLE} BEGIN {take} {put} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for when in ("ai", "ad", "au"):
            op.execute(f"DROP TRIGGER {TABLE}_fts_{when}")
        op.execute(f"DROP TABLE {TABLE}_fts")
    else:
        for column in SEARCHED:
            op.execute(f"DROP INDEX ix_{TABLE}_{column}_fts")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("filed_on", sa.Date(), nullable=True))
    op.execute(f"UPDATE {TABLE} SET filed_on = filed_from WHERE filed_from = filed_to")
    with op.batch_alter_table(TABLE) as batch_op:
        for column in ("filed_from", "filed_to", "filed_precision", "filed_text", "extended_on", "extension_reason"):
            batch_op.drop_column(column)
        for column in SEARCHED:
            batch_op.drop_column(column)
