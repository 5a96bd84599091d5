"""Recommendations of the Universal Periodic Review, what teams make of them, and the files they were taken from."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "recommendation"
SEARCHED = ("search_full", "search_reduced")
OWN_TABLES = (
    "recommendation_import", "proposed_recommendation", "recommendation_evidence", "recommendation_assessment",
    "recommendation_state",
)  # fmt: skip


def _key(table: str, column: str, to: str, of: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{of}"], name=op.f(f"fk_{table}_{column}_{to}"))


def _text(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, NUMBER, nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    op.create_table(
        TABLE,
        _number("id"),
        sa.Column("rec_uid", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("symbol", sa.String(length=60), nullable=True),
        sa.Column("paragraph", sa.String(length=30), nullable=True),
        _text("summary_es"),
        _text("summary_en"),
        _text("text"),
        sa.Column("text_language", sa.String(length=2), nullable=True),
        sa.Column("texts_folded", sa.JSON(), nullable=True),
        _number("split_from_id", nullable=True),
        sa.Column("topics", sa.JSON(), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=True),
        sa.Column("affected_persons", sa.JSON(), nullable=True),
        sa.Column("sdgs", sa.JSON(), nullable=True),
        sa.Column("action_category", sa.Integer(), nullable=True),
        sa.Column("position", sa.String(length=20), nullable=False),
        _text("position_source"),
        _text("position_note"),
        sa.Column("trace_level", sa.String(length=20), nullable=True),
        _text("source"),
        _text("source_locator"),
        _text("note"),
        sa.Column("set_by_hand", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(_text(column, nullable=False) for column in SEARCHED),
        _key(TABLE, "split_from_id", TABLE),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("rec_uid", name=op.f("uq_recommendation_rec_uid")),
        sa.UniqueConstraint("country", "symbol", "paragraph", name=op.f("uq_recommendation_country_symbol_paragraph")),
        sqlite_autoincrement=True,
    )
    _index(TABLE, "country", "position", "split_from_id")
    op.create_table(
        "recommendation_state",
        _number("recommendation_id"),
        sa.Column("state", sa.String(length=3), nullable=False),
        _key("recommendation_state", "recommendation_id", TABLE),
        sa.PrimaryKeyConstraint("recommendation_id", "state", name=op.f("pk_recommendation_state")),
    )
    _index("recommendation_state", "state")
    _of_teams()
    op.create_table(
        "recommendation_import",
        _number("id"),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        _text("file_name", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("rows", "added", "changed")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _number("by_id", nullable=True),
        _key("recommendation_import", "by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_import")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        for column in SEARCHED:
            op.execute(
                f"CREATE INDEX ix_{TABLE}_{column}_fts ON {TABLE} "
                f"USING gin (to_tsvector('simple'::regconfig, {column}))"
            )


def _of_teams() -> None:
    table = "recommendation_assessment"
    op.create_table(
        table,
        _number("id"),
        _number("team_id"),
        _number("recommendation_id"),
        sa.Column("implementation", sa.String(length=20), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        _text("assessment_es"),
        _text("assessment_en"),
        _text("proposed_follow_up"),
        _number("by_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key(table, "team_id", "team"),
        _key(table, "recommendation_id", TABLE),
        _key(table, "by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("team_id", "recommendation_id", name=op.f(f"uq_{table}_team_id_recommendation_id")),
        sqlite_autoincrement=True,
    )
    _index(table, "recommendation_id")
    table = "recommendation_evidence"
    records = ("incident", "proceeding", "contract")
    op.create_table(
        table,
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("team_id"),
        _number("recommendation_id"),
        *(_number(f"{record}_id", nullable=True) for record in records),
        sa.Column("shows", sa.String(length=11), nullable=False),
        _text("note"),
        _number("linked_by_id", nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(incident_id is not null) and (proceeding_id is null) and (contract_id is null)"
            " or (incident_id is null) and (proceeding_id is not null) and (contract_id is null)"
            " or (incident_id is null) and (proceeding_id is null) and (contract_id is not null)",
            name=op.f(f"ck_{table}_one_record"),
        ),
        sa.CheckConstraint("shows in ('contradicts', 'supports')", name=op.f(f"ck_{table}_shows")),
        _key(table, "team_id", "team"),
        _key(table, "recommendation_id", TABLE),
        *(_key(table, f"{record}_id", record) for record in records),
        _key(table, "linked_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
        *(
            sa.UniqueConstraint(
                "team_id", "recommendation_id", f"{record}_id",
                name=op.f(f"uq_{table}_team_id_recommendation_id_{record}_id"),
            )
            for record in records
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    _index(table, "recommendation_id", "incident_id", "proceeding_id", "contract_id")
    table = "proposed_recommendation"
    op.create_table(
        table,
        _number("id"),
        _number("team_id"),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        _text("text_es"),
        _text("text_en"),
        _number("by_id", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key(table, "team_id", "team"),
        _key(table, "topic", "code", of="key"),
        _key(table, "by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "team_id", "country", "session", "topic", name=op.f(f"uq_{table}_team_id_country_session_topic")
        ),
        sqlite_autoincrement=True,
    )
    _index(table, "topic")


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
    for table in (*OWN_TABLES, TABLE):
        op.drop_table(table)
