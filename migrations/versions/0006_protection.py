"""Protection: risks with their factors, measures with beneficiaries and steps, advocacy, promises; searchable."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_what", sa.Text(), nullable=True),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("sector", sa.String(120), nullable=True),
        sa.Column("status", sa.String(120), nullable=True),
        sa.Column("impact", sa.String(120), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("answered_from", sa.Date(), nullable=True),
        sa.Column("answered_to", sa.Date(), nullable=True),
        sa.Column("answered_precision", sa.String(length=10), nullable=False),
        sa.Column("answered_text", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("entry_uid", sa.Uuid(), nullable=True),
        sa.Column("search_full", sa.Text(), nullable=False),
        sa.Column("search_reduced", sa.Text(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.Column("happened_from", sa.Date(), nullable=True),
        sa.Column("happened_to", sa.Date(), nullable=True),
        sa.Column("happened_precision", sa.String(length=10), nullable=False),
        sa.Column("happened_text", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("external_source", sa.String(length=200), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("level_suggested", sa.String(120), nullable=True),
        sa.Column("level", sa.String(120), nullable=True),
        sa.Column("level_reason", sa.Text(), nullable=True),
        sa.Column("wishes", sa.Text(), nullable=True),
        sa.Column("measure", sa.String(120), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("really_done", sa.Text(), nullable=True),
        sa.Column("ended_from", sa.Date(), nullable=True),
        sa.Column("ended_to", sa.Date(), nullable=True),
        sa.Column("ended_precision", sa.String(length=10), nullable=True),
        sa.Column("ended_text", sa.Text(), nullable=True),
        sa.Column("action", sa.String(120), nullable=True),
        sa.Column("promised_to", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('RISK', 'MEASURE', 'ACTION', 'COMMITMENT')", name=op.f("ck_protection_kind")),
        sa.ForeignKeyConstraint(["action"], ["code.key"], name=op.f("fk_protection_action_code")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("fk_protection_body_id_organisation")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_protection_case_id_case")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_protection_created_by_id_user")),
        sa.ForeignKeyConstraint(["impact"], ["code.key"], name=op.f("fk_protection_impact_code")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_protection_import_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_protection_incident_id_incident")),
        sa.ForeignKeyConstraint(["level"], ["code.key"], name=op.f("fk_protection_level_code")),
        sa.ForeignKeyConstraint(["level_suggested"], ["code.key"], name=op.f("fk_protection_level_suggested_code")),
        sa.ForeignKeyConstraint(["measure"], ["code.key"], name=op.f("fk_protection_measure_code")),
        sa.ForeignKeyConstraint(["outcome"], ["code.key"], name=op.f("fk_protection_outcome_code")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_protection_person_id_person")),
        sa.ForeignKeyConstraint(["sector"], ["code.key"], name=op.f("fk_protection_sector_code")),
        sa.ForeignKeyConstraint(["status"], ["code.key"], name=op.f("fk_protection_status_code")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_protection_team_id_team")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_protection_updated_by_id_user")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_protection_withdrawn_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection")),
        sa.UniqueConstraint("reference", name=op.f("uq_protection_reference")),
        sa.UniqueConstraint(
            "team_id", "external_source", "external_id", name=op.f("uq_protection_team_id_external_source_external_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_protection_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("protection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_protection_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_body_id"), ["body_id"], unique=False)
        batch_op.create_index("ix_protection_by_day", ["is_open", "next_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_entry_uid"), ["entry_uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_happened_from"), ["happened_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_import_batch_id"), ["import_batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_level"), ["level"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_measure"), ["measure"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_protection_team_id"), ["team_id"], unique=False)

    op.create_table(
        "beneficiary",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("count_least", sa.Integer(), nullable=True),
        sa.Column("count_most", sa.Integer(), nullable=True),
        sa.Column("asks_not_to_be_named", sa.Boolean(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("protection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_beneficiary_person_id_person")),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_beneficiary_protection_id_protection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        sa.UniqueConstraint("uid", name=op.f("uq_beneficiary_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("beneficiary", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_beneficiary_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_beneficiary_protection_id"), ["protection_id"], unique=False)

    op.create_table(
        "protection_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(120), nullable=False),
        sa.Column("taken_from", sa.Date(), nullable=True),
        sa.Column("taken_to", sa.Date(), nullable=True),
        sa.Column("taken_precision", sa.String(length=10), nullable=False),
        sa.Column("taken_text", sa.Text(), nullable=True),
        sa.Column("sector", sa.String(120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("really_done", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("protection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_protection_step_protection_id_protection")
        ),
        sa.ForeignKeyConstraint(["sector"], ["code.key"], name=op.f("fk_protection_step_sector_code")),
        sa.ForeignKeyConstraint(["step"], ["code.key"], name=op.f("fk_protection_step_step_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_protection_step_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("protection_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_protection_step_protection_id"), ["protection_id"], unique=False)

    op.create_table(
        "recipient",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("protection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recipient_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_recipient_protection_id_protection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("uid", name=op.f("uq_recipient_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipient_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_protection_id"), ["protection_id"], unique=False)

    op.create_table(
        "risk_factor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("factor", sa.String(120), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("protection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["factor"], ["code.key"], name=op.f("fk_risk_factor_factor_code")),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_risk_factor_protection_id_protection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_factor")),
        sa.UniqueConstraint("protection_id", "factor", name=op.f("uq_risk_factor_protection_id_factor")),
        sa.UniqueConstraint("uid", name=op.f("uq_risk_factor_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("risk_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_risk_factor_protection_id"), ["protection_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(
                f"CREATE INDEX ix_protection_{column}_fts ON protection "
                f"USING gin (to_tsvector('simple'::regconfig, {column}))"
            )


def _sqlite_index() -> None:
    """As for proceedings in 0004."""
    index, columns = "protection_fts", "search_full, search_reduced"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='protection', content_rowid='id', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    # Without it erased words stay readable in the index.
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    put = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.search_full, new.search_reduced);"
    take = (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        "VALUES ('delete', old.id, old.search_full, old.search_reduced);"
    )
    op.execute(f"CREATE TRIGGER {index}_ai AFTER INSERT ON protection BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_ad AFTER DELETE ON protection BEGIN {take} END")
    op.execute(
        f"CREATE TRIGGER {index}_au AFTER UPDATE OF search_full, search_reduced ON protection BEGIN {take} {put} END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for when in ("ai", "ad", "au"):
            op.execute(f"DROP TRIGGER protection_fts_{when}")
        op.execute("DROP TABLE protection_fts")
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(f"DROP INDEX ix_protection_{column}_fts")
    with op.batch_alter_table("risk_factor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_risk_factor_protection_id"))

    op.drop_table("risk_factor")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_protection_id"))
        batch_op.drop_index(batch_op.f("ix_recipient_organisation_id"))

    op.drop_table("recipient")
    with op.batch_alter_table("protection_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_protection_step_protection_id"))

    op.drop_table("protection_step")
    with op.batch_alter_table("beneficiary", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_beneficiary_protection_id"))
        batch_op.drop_index(batch_op.f("ix_beneficiary_person_id"))

    op.drop_table("beneficiary")
    with op.batch_alter_table("protection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_protection_team_id"))
        batch_op.drop_index(batch_op.f("ix_protection_status"))
        batch_op.drop_index(batch_op.f("ix_protection_person_id"))
        batch_op.drop_index(batch_op.f("ix_protection_outcome"))
        batch_op.drop_index(batch_op.f("ix_protection_measure"))
        batch_op.drop_index(batch_op.f("ix_protection_level"))
        batch_op.drop_index(batch_op.f("ix_protection_incident_id"))
        batch_op.drop_index(batch_op.f("ix_protection_import_batch_id"))
        batch_op.drop_index(batch_op.f("ix_protection_happened_from"))
        batch_op.drop_index(batch_op.f("ix_protection_entry_uid"))
        batch_op.drop_index(batch_op.f("ix_protection_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_protection_created_at"))
        batch_op.drop_index(batch_op.f("ix_protection_case_id"))
        batch_op.drop_index("ix_protection_by_day")
        batch_op.drop_index(batch_op.f("ix_protection_body_id"))
        batch_op.drop_index(batch_op.f("ix_protection_action"))

    op.drop_table("protection")
