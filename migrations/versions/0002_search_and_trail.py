"""The search indexes, and triggers that keep the audit trail whole.

A later migration that rebuilds an indexed table in batch mode must make its triggers again: SQLite drops them with
the old table and says nothing.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXED = ("incident", "case", "person")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in INDEXED:
            _sqlite_index(table)
        _sqlite_trail()
    else:
        for table in INDEXED:
            for column in ("search_full", "search_reduced"):
                op.execute(
                    f'CREATE INDEX ix_{table}_{column}_fts ON "{table}" '
                    f"USING gin (to_tsvector('simple'::regconfig, {column}))"
                )
        _postgresql_trail()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_stays")
        op.execute("DROP TRIGGER audit_entry_unchanged")
        for table in INDEXED:
            for when in ("ai", "ad", "au"):
                op.execute(f"DROP TRIGGER {table}_fts_{when}")
            op.execute(f"DROP TABLE {table}_fts")
    else:
        op.execute("DROP TRIGGER audit_entry_stays ON audit_entry")
        op.execute("DROP FUNCTION audit_entry_stays()")
        for table in INDEXED:
            for column in ("search_full", "search_reduced"):
                op.execute(f"DROP INDEX ix_{table}_{column}_fts")


def _sqlite_index(table: str) -> None:
    index = f"{table}_fts"
    columns = "search_full, search_reduced"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='{table}', content_rowid='id', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    # Without it erased words stay readable in the index.
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    put = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.search_full, new.search_reduced);"
    take = (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        "VALUES ('delete', old.id, old.search_full, old.search_reduced);"
    )
    op.execute(f'CREATE TRIGGER {index}_ai AFTER INSERT ON "{table}" BEGIN {put} END')
    op.execute(f'CREATE TRIGGER {index}_ad AFTER DELETE ON "{table}" BEGIN {take} END')
    op.execute(
        f'CREATE TRIGGER {index}_au AFTER UPDATE OF search_full, search_reduced ON "{table}" BEGIN {take} {put} END'
    )
    op.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def _sqlite_trail() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'audit entries stay as they are'); END"
    op.execute(f"CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry {refuse}")
    op.execute(f"CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry {refuse}")


def _postgresql_trail() -> None:
    op.execute(
        "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries stay as they are'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()"
    )
