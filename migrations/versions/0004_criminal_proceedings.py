"""Proceedings with their numbers, accused, charges, stages, measures, hearings and answers; searchable."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proceeding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("direction", sa.String(length=14), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("title_es", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("court_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("court_text", sa.Text(), nullable=True),
        sa.Column("prosecutor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prosecutor_text", sa.Text(), nullable=True),
        sa.Column("complainant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("complainant_text", sa.Text(), nullable=True),
        sa.Column("facts_from", sa.Date(), nullable=True),
        sa.Column("facts_to", sa.Date(), nullable=True),
        sa.Column("facts_precision", sa.String(length=10), nullable=False),
        sa.Column("facts_text", sa.Text(), nullable=True),
        sa.Column("complexity", sa.String(120), nullable=True),
        sa.Column("current_stage", sa.String(120), nullable=True),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("sentence_text", sa.Text(), nullable=True),
        sa.Column("sentence_years", sa.Integer(), nullable=True),
        sa.Column("sentence_months", sa.Integer(), nullable=True),
        sa.Column("sentence_suspended", sa.String(120), nullable=True),
        sa.Column("reparation_amount", sa.BigInteger(), nullable=True),
        sa.Column("reparation_currency", sa.String(length=3), nullable=True),
        sa.Column("criminalisation_forms", sa.JSON(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("search_full", sa.Text(), nullable=False),
        sa.Column("search_reduced", sa.Text(), nullable=False),
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
        sa.CheckConstraint("direction in ('AGAINST', 'ACCOUNTABILITY')", name=op.f("ck_proceeding_direction")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_proceeding_case_id_case")),
        sa.ForeignKeyConstraint(
            ["complainant_id"], ["organisation.id"], name=op.f("fk_proceeding_complainant_id_organisation")
        ),
        sa.ForeignKeyConstraint(["complexity"], ["code.key"], name=op.f("fk_proceeding_complexity_code")),
        sa.ForeignKeyConstraint(["court_id"], ["organisation.id"], name=op.f("fk_proceeding_court_id_organisation")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_proceeding_created_by_id_user")),
        sa.ForeignKeyConstraint(["current_stage"], ["code.key"], name=op.f("fk_proceeding_current_stage_code")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_proceeding_import_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["kind"], ["code.key"], name=op.f("fk_proceeding_kind_code")),
        sa.ForeignKeyConstraint(["outcome"], ["code.key"], name=op.f("fk_proceeding_outcome_code")),
        sa.ForeignKeyConstraint(
            ["prosecutor_id"], ["organisation.id"], name=op.f("fk_proceeding_prosecutor_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["sentence_suspended"], ["code.key"], name=op.f("fk_proceeding_sentence_suspended_code")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_proceeding_team_id_team")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_proceeding_updated_by_id_user")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_proceeding_withdrawn_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
        sa.UniqueConstraint("reference", name=op.f("uq_proceeding_reference")),
        sa.UniqueConstraint(
            "team_id", "external_source", "external_id", name=op.f("uq_proceeding_team_id_external_source_external_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_proceeding_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proceeding_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_complainant_id"), ["complainant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_court_id"), ["court_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_current_stage"), ["current_stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_import_batch_id"), ["import_batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_prosecutor_id"), ["prosecutor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proceeding_team_id"), ["team_id"], unique=False)

    op.create_table(
        "accused",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_label", sa.Text(), nullable=True),
        sa.Column("count_least", sa.Integer(), nullable=True),
        sa.Column("count_most", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(120), nullable=False),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["outcome"], ["code.key"], name=op.f("fk_accused_outcome_code")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_accused_person_id_person")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_accused_proceeding_id_proceeding")),
        sa.ForeignKeyConstraint(["role"], ["code.key"], name=op.f("fk_accused_role_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accused")),
        sa.UniqueConstraint("uid", name=op.f("uq_accused_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("accused", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accused_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accused_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "case_number",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number_type", sa.String(120), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuing_body", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["number_type"], ["code.key"], name=op.f("fk_case_number_number_type_code")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_case_number_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_case_number_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_number_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "fair_trial_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point", sa.String(120), nullable=False),
        sa.Column("answer", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["code.key"], name=op.f("fk_fair_trial_answer_answer_code")),
        sa.ForeignKeyConstraint(["point"], ["code.key"], name=op.f("fk_fair_trial_answer_point_code")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_fair_trial_answer_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_trial_answer")),
        sa.UniqueConstraint("proceeding_id", "point", name=op.f("uq_fair_trial_answer_proceeding_id_point")),
        sa.UniqueConstraint("uid", name=op.f("uq_fair_trial_answer_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fair_trial_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fair_trial_answer_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "hearing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_at", sa.String(length=5), nullable=True),
        sa.Column("kind", sa.String(120), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["kind"], ["code.key"], name=op.f("fk_hearing_kind_code")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_hearing_proceeding_id_proceeding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("uid", name=op.f("uq_hearing_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(120), nullable=False),
        sa.Column("entered_from", sa.Date(), nullable=True),
        sa.Column("entered_to", sa.Date(), nullable=True),
        sa.Column("entered_precision", sa.String(length=10), nullable=False),
        sa.Column("entered_text", sa.Text(), nullable=True),
        sa.Column("left_from", sa.Date(), nullable=True),
        sa.Column("left_to", sa.Date(), nullable=True),
        sa.Column("left_precision", sa.String(length=10), nullable=False),
        sa.Column("left_text", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("entry_uid", sa.Uuid(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outcome"], ["code.key"], name=op.f("fk_stage_outcome_code")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_stage_proceeding_id_proceeding")),
        sa.ForeignKeyConstraint(["stage"], ["code.key"], name=op.f("fk_stage_stage_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("uid", name=op.f("uq_stage_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_entry_uid"), ["entry_uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accused_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offence", sa.String(120), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("participation", sa.String(120), nullable=True),
        sa.Column("outcome", sa.String(120), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["accused_id"], ["accused.id"], name=op.f("fk_charge_accused_id_accused")),
        sa.ForeignKeyConstraint(["offence"], ["code.key"], name=op.f("fk_charge_offence_code")),
        sa.ForeignKeyConstraint(["outcome"], ["code.key"], name=op.f("fk_charge_outcome_code")),
        sa.ForeignKeyConstraint(["participation"], ["code.key"], name=op.f("fk_charge_participation_code")),
        sa.ForeignKeyConstraint(["proceeding_id"], ["proceeding.id"], name=op.f("fk_charge_proceeding_id_proceeding")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("uid", name=op.f("uq_charge_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charge_accused_id"), ["accused_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_offence"), ["offence"], unique=False)
        batch_op.create_index(batch_op.f("ix_charge_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "coercive_measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accused_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure", sa.String(120), nullable=False),
        sa.Column("started_from", sa.Date(), nullable=True),
        sa.Column("started_to", sa.Date(), nullable=True),
        sa.Column("started_precision", sa.String(length=10), nullable=False),
        sa.Column("started_text", sa.Text(), nullable=True),
        sa.Column("limit_on", sa.Date(), nullable=True),
        sa.Column("ended_from", sa.Date(), nullable=True),
        sa.Column("ended_to", sa.Date(), nullable=True),
        sa.Column("ended_precision", sa.String(length=10), nullable=False),
        sa.Column("ended_text", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["accused_id"], ["accused.id"], name=op.f("fk_coercive_measure_accused_id_accused")),
        sa.ForeignKeyConstraint(["measure"], ["code.key"], name=op.f("fk_coercive_measure_measure_code")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_coercive_measure_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coercive_measure")),
        sa.UniqueConstraint("uid", name=op.f("uq_coercive_measure_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("coercive_measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coercive_measure_accused_id"), ["accused_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coercive_measure_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "measure_extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=True),
        sa.Column("doubts_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["coercive_measure.id"], name=op.f("fk_measure_extension_measure_id_coercive_measure")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_measure_extension_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_extension")),
        sa.UniqueConstraint("uid", name=op.f("uq_measure_extension_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("measure_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_extension_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_extension_proceeding_id"), ["proceeding_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(
                f"CREATE INDEX ix_proceeding_{column}_fts ON proceeding "
                f"USING gin (to_tsvector('simple'::regconfig, {column}))"
            )


def _sqlite_index() -> None:
    """As for incidents, cases and people in 0002."""
    index, columns = "proceeding_fts", "search_full, search_reduced"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='proceeding', content_rowid='id', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    # Without it erased words stay readable in the index.
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    put = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.search_full, new.search_reduced);"
    take = (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        "VALUES ('delete', old.id, old.search_full, old.search_reduced);"
    )
    op.execute(f"CREATE TRIGGER {index}_ai AFTER INSERT ON proceeding BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_ad AFTER DELETE ON proceeding BEGIN {take} END")
    op.execute(
        f"CREATE TRIGGER {index}_au AFTER UPDATE OF search_full, search_reduced ON proceeding BEGIN {take} {put} END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for when in ("ai", "ad", "au"):
            op.execute(f"DROP TRIGGER proceeding_fts_{when}")
        op.execute("DROP TABLE proceeding_fts")
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(f"DROP INDEX ix_proceeding_{column}_fts")
    with op.batch_alter_table("measure_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_extension_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_measure_extension_measure_id"))

    op.drop_table("measure_extension")
    with op.batch_alter_table("coercive_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coercive_measure_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_coercive_measure_accused_id"))

    op.drop_table("coercive_measure")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_charge_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_charge_offence"))
        batch_op.drop_index(batch_op.f("ix_charge_accused_id"))

    op.drop_table("charge")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_stage_entry_uid"))

    op.drop_table("stage")
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_hearing_held_on"))

    op.drop_table("hearing")
    with op.batch_alter_table("fair_trial_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fair_trial_answer_proceeding_id"))

    op.drop_table("fair_trial_answer")
    with op.batch_alter_table("case_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_number_proceeding_id"))

    op.drop_table("case_number")
    with op.batch_alter_table("accused", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accused_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_accused_person_id"))

    op.drop_table("accused")
    with op.batch_alter_table("proceeding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proceeding_team_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_prosecutor_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_outcome"))
        batch_op.drop_index(batch_op.f("ix_proceeding_import_batch_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_current_stage"))
        batch_op.drop_index(batch_op.f("ix_proceeding_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_created_at"))
        batch_op.drop_index(batch_op.f("ix_proceeding_court_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_complainant_id"))
        batch_op.drop_index(batch_op.f("ix_proceeding_case_id"))

    op.drop_table("proceeding")
