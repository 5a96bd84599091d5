"""Contracts with their addenda and parts, spans of their terms, links to incidents, requests for information; searchable."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("modality", sa.String(120), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("base_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("effect", sa.String(120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("company_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_text", sa.Text(), nullable=True),
        sa.Column("police_unit", sa.String(120), nullable=True),
        sa.Column("police_unit_text", sa.Text(), nullable=True),
        sa.Column("signatories", sa.Text(), nullable=True),
        sa.Column("signed_from", sa.Date(), nullable=True),
        sa.Column("signed_to", sa.Date(), nullable=True),
        sa.Column("signed_precision", sa.String(length=10), nullable=False),
        sa.Column("signed_text", sa.Text(), nullable=True),
        sa.Column("starts_from", sa.Date(), nullable=True),
        sa.Column("starts_to", sa.Date(), nullable=True),
        sa.Column("starts_precision", sa.String(length=10), nullable=False),
        sa.Column("starts_text", sa.Text(), nullable=True),
        sa.Column("ends_from", sa.Date(), nullable=True),
        sa.Column("ends_to", sa.Date(), nullable=True),
        sa.Column("ends_precision", sa.String(length=10), nullable=False),
        sa.Column("ends_text", sa.Text(), nullable=True),
        sa.Column("terminated_from", sa.Date(), nullable=True),
        sa.Column("terminated_to", sa.Date(), nullable=True),
        sa.Column("terminated_precision", sa.String(length=10), nullable=False),
        sa.Column("terminated_text", sa.Text(), nullable=True),
        sa.Column("officers_least", sa.Integer(), nullable=True),
        sa.Column("officers_most", sa.Integer(), nullable=True),
        sa.Column("officers_text", sa.Text(), nullable=True),
        sa.Column("services", sa.JSON(), nullable=True),
        sa.Column("special_units", sa.JSON(), nullable=True),
        sa.Column("logistics", sa.JSON(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("force_terms", sa.Text(), nullable=True),
        sa.Column("pay_text", sa.Text(), nullable=True),
        sa.Column("institution_pay_text", sa.Text(), nullable=True),
        sa.Column("institution_amount", sa.BigInteger(), nullable=True),
        sa.Column("institution_currency", sa.String(length=3), nullable=True),
        sa.Column("total_amount", sa.BigInteger(), nullable=True),
        sa.Column("total_currency", sa.String(length=3), nullable=True),
        sa.Column("total_basis", sa.String(120), nullable=True),
        sa.Column("total_qualifier", sa.String(120), nullable=True),
        sa.Column("total_text", sa.Text(), nullable=True),
        sa.Column("counts", sa.Integer(), nullable=True),
        sa.Column("count_basis", sa.String(120), nullable=True),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("conflict_at_signature", sa.String(120), nullable=True),
        sa.Column("obtained", sa.String(120), nullable=True),
        sa.Column("obtained_note", sa.Text(), nullable=True),
        sa.Column("in_confidence", sa.Boolean(), nullable=False),
        sa.Column("may_be_published", sa.Boolean(), nullable=False),
        sa.Column("confidentiality", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("document_reference", sa.String(length=11), nullable=True),
        sa.Column("entry_uid", sa.Uuid(), nullable=True),
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
        sa.CheckConstraint(
            "confidentiality in ('RESTRICTED', 'TEAM', 'NETWORK')", name=op.f("ck_contract_confidentiality")
        ),
        sa.CheckConstraint(
            "state in ('SUBMITTED', 'UNVERIFIED', 'CORROBORATED', 'VERIFIED', 'REJECTED')",
            name=op.f("ck_contract_state"),
        ),
        sa.CheckConstraint("parent_id is null or parent_id <> id", name=op.f("ck_contract_parent")),
        sa.ForeignKeyConstraint(["base_id"], ["contract.id"], name=op.f("fk_contract_base_id_contract")),
        sa.ForeignKeyConstraint(["company_id"], ["organisation.id"], name=op.f("fk_contract_company_id_organisation")),
        sa.ForeignKeyConstraint(
            ["conflict_at_signature"], ["code.key"], name=op.f("fk_contract_conflict_at_signature_code")
        ),
        sa.ForeignKeyConstraint(["count_basis"], ["code.key"], name=op.f("fk_contract_count_basis_code")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_contract_created_by_id_user")),
        sa.ForeignKeyConstraint(["effect"], ["code.key"], name=op.f("fk_contract_effect_code")),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_contract_import_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["modality"], ["code.key"], name=op.f("fk_contract_modality_code")),
        sa.ForeignKeyConstraint(["obtained"], ["code.key"], name=op.f("fk_contract_obtained_code")),
        sa.ForeignKeyConstraint(["parent_id"], ["contract.id"], name=op.f("fk_contract_parent_id_contract")),
        sa.ForeignKeyConstraint(["police_unit"], ["code.key"], name=op.f("fk_contract_police_unit_code")),
        sa.ForeignKeyConstraint(["status"], ["code.key"], name=op.f("fk_contract_status_code")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_contract_team_id_team")),
        sa.ForeignKeyConstraint(["total_basis"], ["code.key"], name=op.f("fk_contract_total_basis_code")),
        sa.ForeignKeyConstraint(["total_qualifier"], ["code.key"], name=op.f("fk_contract_total_qualifier_code")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_contract_updated_by_id_user")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_contract_withdrawn_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("reference", name=op.f("uq_contract_reference")),
        sa.UniqueConstraint(
            "team_id", "external_source", "external_id", name=op.f("uq_contract_team_id_external_source_external_id")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_contract_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_base_id"), ["base_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_entry_uid"), ["entry_uid"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_import_batch_id"), ["import_batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_police_unit"), ["police_unit"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_team_id"), ["team_id"], unique=False)

    op.create_table(
        "contract_challenge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_challenge_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_contract_challenge_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_challenge")),
        sa.UniqueConstraint(
            "contract_id", "proceeding_id", name=op.f("uq_contract_challenge_contract_id_proceeding_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_challenge_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_challenge_proceeding_id"), ["proceeding_id"], unique=False)

    op.create_table(
        "contract_clause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.String(120), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=3), nullable=True),
        sa.Column("translation", sa.Text(), nullable=True),
        sa.Column("page", sa.String(length=40), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_contract_clause_checked_by_id_user")),
        sa.ForeignKeyConstraint(["clause"], ["code.key"], name=op.f("fk_contract_clause_clause_code")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_clause_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_clause")),
        sa.UniqueConstraint("uid", name=op.f("uq_contract_clause_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_clause_clause"), ["clause"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_clause_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_legal_basis",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("norm", sa.String(120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_legal_basis_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(["norm"], ["code.key"], name=op.f("fk_contract_legal_basis_norm_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_legal_basis")),
        sa.UniqueConstraint("contract_id", "norm", name=op.f("uq_contract_legal_basis_contract_id_norm")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_legal_basis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_legal_basis_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(120), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("followed", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("evidence_reference", sa.String(length=11), nullable=True),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('PROPOSED', 'CONFIRMED')", name=op.f("ck_contract_link_state")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_contract_link_by_id_user")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_link_contract_id_contract")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_contract_link_incident_id_incident")),
        sa.ForeignKeyConstraint(["level"], ["code.key"], name=op.f("fk_contract_link_level_code")),
        sa.ForeignKeyConstraint(["second_by_id"], ["user.id"], name=op.f("fk_contract_link_second_by_id_user")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_contract_link_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_link")),
        sa.UniqueConstraint("incident_id", "contract_id", name=op.f("uq_contract_link_incident_id_contract_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_link", schema=None) as batch_op:
        batch_op.create_index("ix_contract_link_contract_id", ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_link_source_id"), ["source_id"], unique=False)

    op.create_table(
        "contract_pay",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("amount_least", sa.BigInteger(), nullable=False),
        sa.Column("amount_most", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period", sa.String(120), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_least >= 0 and (amount_most is null or amount_most >= amount_least)",
            name=op.f("ck_contract_pay_amounts"),
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_pay_contract_id_contract")),
        sa.ForeignKeyConstraint(["period"], ["code.key"], name=op.f("fk_contract_pay_period_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_pay")),
        sa.UniqueConstraint("uid", name=op.f("uq_contract_pay_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_pay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_pay_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_place",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_place_contract_id_contract")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_contract_place_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_place")),
        sa.UniqueConstraint("contract_id", "place_id", name=op.f("uq_contract_place_contract_id_place_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_place_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_place_place_id"), ["place_id"], unique=False)

    op.create_table(
        "contract_project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_project_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contract_project_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_project")),
        sa.UniqueConstraint("contract_id", "project_id", name=op.f("uq_contract_project_contract_id_project_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_project_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_project_project_id"), ["project_id"], unique=False)

    op.create_table(
        "contract_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=False),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_contract_review_by_id_user")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_review_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_review")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_review_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "contract_source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credibility", sa.String(120), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_source_contract_id_contract")),
        sa.ForeignKeyConstraint(["credibility"], ["code.key"], name=op.f("fk_contract_source_credibility_code")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_contract_source_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_source")),
        sa.UniqueConstraint("contract_id", "source_id", name=op.f("uq_contract_source_contract_id_source_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_source_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contract_source_source_id"), ["source_id"], unique=False)

    op.create_table(
        "contract_span",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind in ('CERTAIN', 'POSSIBLE', 'UNKNOWN')", name=op.f("ck_contract_span_kind")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_span_contract_id_contract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_span")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_span", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_span_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index("ix_contract_span_days", ["contract_id", "kind", "from_day", "to_day"], unique=False)

    op.create_table(
        "contract_test",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point", sa.String(120), nullable=False),
        sa.Column("answer", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["code.key"], name=op.f("fk_contract_test_answer_code")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_test_contract_id_contract")),
        sa.ForeignKeyConstraint(["point"], ["code.key"], name=op.f("fk_contract_test_point_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_test")),
        sa.UniqueConstraint("contract_id", "point", name=op.f("uq_contract_test_contract_id_point")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_test_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "transparency_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(120), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("appeal_due_on", sa.Date(), nullable=True),
        sa.Column("appealed_on", sa.Date(), nullable=True),
        sa.Column("appeal_number", sa.Text(), nullable=True),
        sa.Column("appeal_decided_on", sa.Date(), nullable=True),
        sa.Column("appeal_outcome", sa.Text(), nullable=True),
        sa.Column("proceeding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["body_id"], ["organisation.id"], name=op.f("fk_transparency_request_body_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_transparency_request_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_transparency_request_import_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_transparency_request_proceeding_id_proceeding")
        ),
        sa.ForeignKeyConstraint(["status"], ["code.key"], name=op.f("fk_transparency_request_status_code")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_transparency_request_team_id_team")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["user.id"], name=op.f("fk_transparency_request_updated_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name=op.f("fk_transparency_request_withdrawn_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transparency_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_transparency_request_reference")),
        sa.UniqueConstraint(
            "team_id",
            "external_source",
            "external_id",
            name=op.f("uq_transparency_request_team_id_external_source_external_id"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_transparency_request_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("transparency_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transparency_request_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_import_batch_id"), ["import_batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_proceeding_id"), ["proceeding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_transparency_request_team_id"), ["team_id"], unique=False)

    op.create_table(
        "requested_contract",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_requested_contract_contract_id_contract")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["transparency_request.id"],
            name=op.f("fk_requested_contract_request_id_transparency_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requested_contract")),
        sa.UniqueConstraint("request_id", "contract_id", name=op.f("uq_requested_contract_request_id_contract_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("requested_contract", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requested_contract_contract_id"), ["contract_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(
                f"CREATE INDEX ix_contract_{column}_fts ON contract "
                f"USING gin (to_tsvector('simple'::regconfig, {column}))"
            )


def _sqlite_index() -> None:
    """As for proceedings in 0004."""
    index, columns = "contract_fts", "search_full, search_reduced"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='contract', content_rowid='id', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
    )
    # Without it erased words stay readable in the index.
    op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('secure-delete', 1)")
    put = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, new.search_full, new.search_reduced);"
    take = (
        f"INSERT INTO {index}({index}, rowid, {columns}) "
        "VALUES ('delete', old.id, old.search_full, old.search_reduced);"
    )
    op.execute(f"CREATE TRIGGER {index}_ai AFTER INSERT ON contract BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_ad AFTER DELETE ON contract BEGIN {take} END")
    op.execute(
        f"CREATE TRIGGER {index}_au AFTER UPDATE OF search_full, search_reduced ON contract BEGIN {take} {put} END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for when in ("ai", "ad", "au"):
            op.execute(f"DROP TRIGGER contract_fts_{when}")
        op.execute("DROP TABLE contract_fts")
    else:
        for column in ("search_full", "search_reduced"):
            op.execute(f"DROP INDEX ix_contract_{column}_fts")
    with op.batch_alter_table("requested_contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requested_contract_contract_id"))

    op.drop_table("requested_contract")
    with op.batch_alter_table("transparency_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transparency_request_team_id"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_status"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_import_batch_id"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_created_at"))
        batch_op.drop_index(batch_op.f("ix_transparency_request_body_id"))

    op.drop_table("transparency_request")
    with op.batch_alter_table("contract_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_test_contract_id"))

    op.drop_table("contract_test")
    with op.batch_alter_table("contract_span", schema=None) as batch_op:
        batch_op.drop_index("ix_contract_span_days")
        batch_op.drop_index(batch_op.f("ix_contract_span_contract_id"))

    op.drop_table("contract_span")
    with op.batch_alter_table("contract_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_source_source_id"))
        batch_op.drop_index(batch_op.f("ix_contract_source_contract_id"))

    op.drop_table("contract_source")
    with op.batch_alter_table("contract_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_review_contract_id"))

    op.drop_table("contract_review")
    with op.batch_alter_table("contract_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_project_project_id"))
        batch_op.drop_index(batch_op.f("ix_contract_project_contract_id"))

    op.drop_table("contract_project")
    with op.batch_alter_table("contract_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_place_place_id"))
        batch_op.drop_index(batch_op.f("ix_contract_place_contract_id"))

    op.drop_table("contract_place")
    with op.batch_alter_table("contract_pay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_pay_contract_id"))

    op.drop_table("contract_pay")
    with op.batch_alter_table("contract_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_link_source_id"))
        batch_op.drop_index("ix_contract_link_contract_id")

    op.drop_table("contract_link")
    with op.batch_alter_table("contract_legal_basis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_legal_basis_contract_id"))

    op.drop_table("contract_legal_basis")
    with op.batch_alter_table("contract_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_clause_contract_id"))
        batch_op.drop_index(batch_op.f("ix_contract_clause_clause"))

    op.drop_table("contract_clause")
    with op.batch_alter_table("contract_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_challenge_proceeding_id"))
        batch_op.drop_index(batch_op.f("ix_contract_challenge_contract_id"))

    op.drop_table("contract_challenge")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_team_id"))
        batch_op.drop_index(batch_op.f("ix_contract_state"))
        batch_op.drop_index(batch_op.f("ix_contract_police_unit"))
        batch_op.drop_index(batch_op.f("ix_contract_parent_id"))
        batch_op.drop_index(batch_op.f("ix_contract_import_batch_id"))
        batch_op.drop_index(batch_op.f("ix_contract_entry_uid"))
        batch_op.drop_index(batch_op.f("ix_contract_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_contract_created_at"))
        batch_op.drop_index(batch_op.f("ix_contract_company_id"))
        batch_op.drop_index(batch_op.f("ix_contract_base_id"))

    op.drop_table("contract")
