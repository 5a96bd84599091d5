"""Other names, posts and ties of people; what exports carried; two records of one person brought together."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Added without rebuilding the table: that would drop the triggers of the search index.
    op.add_column("person", sa.Column("open_name", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("open_name_source", sa.Text(), nullable=True))
    _names_posts_and_ties()
    _exports()
    _merges()
    _tell_of_earlier_packs()


def _key(table: str, column: str, target: str, field: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{field}"], name=op.f(f"fk_{table}_{column}_{target}"))


def _lasting() -> list[sa.Column]:
    return [
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    ]


def _table(table: str, *parts: sa.Column | sa.Constraint, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_autoincrement=True,
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _names_posts_and_ties() -> None:
    _table(
        "person_alias",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", FOLDED, nullable=False),
        _key("person_alias", "person_id", "person"),
        sa.UniqueConstraint("person_id", "name_folded", name=op.f("uq_person_alias_person_id_name_folded")),
        indexed=("name_folded", "person_id"),
    )
    _table(
        "person_leadership",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("organisation_id", NUMBER, nullable=True),
        *_lasting(),
        _key("person_leadership", "person_id", "person"),
        _key("person_leadership", "kind", "code", "key"),
        _key("person_leadership", "organisation_id", "organisation"),
        sa.UniqueConstraint("uid", name=op.f("uq_person_leadership_uid")),
        indexed=("organisation_id", "person_id"),
    )
    _table(
        "person_organisation",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        *_lasting(),
        _key("person_organisation", "person_id", "person"),
        _key("person_organisation", "kind", "code", "key"),
        _key("person_organisation", "organisation_id", "organisation"),
        sa.UniqueConstraint("uid", name=op.f("uq_person_organisation_uid")),
        indexed=("organisation_id", "person_id"),
    )
    _table(
        "person_relation",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("other_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        *_lasting(),
        _key("person_relation", "person_id", "person"),
        _key("person_relation", "other_id", "person"),
        _key("person_relation", "kind", "code", "key"),
        sa.UniqueConstraint("uid", name=op.f("uq_person_relation_uid")),
        indexed=("other_id", "person_id"),
    )


def _exports() -> None:
    _table(
        "export",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by_id", NUMBER, nullable=True),
        sa.Column("case_id", NUMBER, nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        _key("export", "taken_by_id", "user"),
        _key("export", "case_id", "case"),
        indexed=("case_id", "taken_at"),
    )
    _table(
        "exported_person",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("export_id", NUMBER, nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        _key("exported_person", "person_id", "person"),
        _key("exported_person", "export_id", "export"),
        sa.UniqueConstraint("export_id", "person_id", name=op.f("uq_exported_person_export_id_person_id")),
        indexed=("person_id",),
    )


def _merges() -> None:
    _table(
        "person_merge",
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kept_id", NUMBER, nullable=False),
        sa.Column("gone_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("merged_by_id", NUMBER, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        sa.Column("identity_chosen", sa.String(length=5), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        _key("person_merge", "kept_id", "person"),
        _key("person_merge", "gone_id", "person"),
        _key("person_merge", "merged_by_id", "user"),
        _key("person_merge", "undone_by_id", "user"),
        sa.UniqueConstraint("uid", name=op.f("uq_person_merge_uid")),
        indexed=("gone_id", "kept_id"),
    )


def _tell_of_earlier_packs() -> None:
    """Packs that were made before keep their records: whom they told of stands in the acts of these."""
    op.execute(
        "INSERT INTO export (kind, name, taken_at, taken_by_id, rows, first_day, last_day) "
        "SELECT 'upr', 'upr-pack_' || country || '_' || CAST(period_from AS text) || '_' || CAST(period_to AS text) "
        "|| '_' || substr(replace(CAST(uid AS text), '-', ''), 1, 8), made_at, made_by_id, rows, period_from, "
        "period_to FROM pack"
    )
    op.execute(
        "INSERT INTO exported_person (export_id, person_id, is_named) "
        "SELECT DISTINCT export.id, act.person_id, false FROM pack "
        "JOIN export ON export.kind = 'upr' AND export.name = 'upr-pack_' || pack.country || '_' || "
        "CAST(pack.period_from AS text) || '_' || CAST(pack.period_to AS text) || '_' || "
        "substr(replace(CAST(pack.uid AS text), '-', ''), 1, 8) "
        "JOIN pack_record ON pack_record.pack_id = pack.id "
        "JOIN act ON act.incident_id = pack_record.incident_id WHERE act.person_id IS NOT NULL"
    )
    op.execute(
        "UPDATE exported_person SET is_named = true WHERE EXISTS (SELECT 1 FROM export, audit_entry "
        "WHERE export.id = exported_person.export_id AND audit_entry.deed = 'name_published' "
        "AND audit_entry.root_table = 'person' AND audit_entry.root_id = exported_person.person_id "
        "AND audit_entry.reason = export.name)"
    )


def downgrade() -> None:
    for table in (
        "person_merge",
        "exported_person",
        "export",
        "person_relation",
        "person_organisation",
        "person_leadership",
        "person_alias",
    ):
        op.drop_table(table)
    op.drop_column("person", "open_name_source")
    op.drop_column("person", "open_name")
