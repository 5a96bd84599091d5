"""Alerts, links between incidents, what the State did, and notes on single answers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root_table", sa.String(length=60), nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=11), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("will_do", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["user.id"], name=op.f("fk_alert_acknowledged_by_id_user")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user.id"], name=op.f("fk_alert_raised_by_id_user")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_alert_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("uid", name=op.f("uq_alert_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index("ix_alert_open", ["team_id", "acknowledged_at", "ended_at"], unique=False)
        batch_op.create_index("ix_alert_root", ["root_table", "root_id"], unique=False)

    op.create_table(
        "answer_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_answer_note_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_note")),
        sa.UniqueConstraint("incident_id", "field", name=op.f("uq_answer_note_incident_id_field")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "incident_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["incident.id"], name=op.f("fk_incident_link_first_id_incident")),
        sa.ForeignKeyConstraint(["kind"], ["code.key"], name=op.f("fk_incident_link_kind_code")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_incident_link_made_by_id_user")),
        sa.ForeignKeyConstraint(["second_id"], ["incident.id"], name=op.f("fk_incident_link_second_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_link")),
        sa.UniqueConstraint("first_id", "second_id", "kind", name=op.f("uq_incident_link_first_id_second_id_kind")),
        sa.UniqueConstraint("uid", name=op.f("uq_incident_link_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("incident_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_link_second_id"), ["second_id"], unique=False)

    op.create_table(
        "state_response",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("happened_from", sa.Date(), nullable=True),
        sa.Column("happened_to", sa.Date(), nullable=True),
        sa.Column("happened_precision", sa.String(length=10), nullable=False),
        sa.Column("happened_text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_state_response_incident_id_incident")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_state_response_made_by_id_user")),
        sa.ForeignKeyConstraint(["step"], ["code.key"], name=op.f("fk_state_response_step_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_response")),
        sa.UniqueConstraint("uid", name=op.f("uq_state_response_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("state_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_state_response_happened_from"), ["happened_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_state_response_incident_id"), ["incident_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("state_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_state_response_incident_id"))
        batch_op.drop_index(batch_op.f("ix_state_response_happened_from"))

    op.drop_table("state_response")
    with op.batch_alter_table("incident_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_link_second_id"))

    op.drop_table("incident_link")
    op.drop_table("answer_note")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_root")
        batch_op.drop_index("ix_alert_open")

    op.drop_table("alert")
