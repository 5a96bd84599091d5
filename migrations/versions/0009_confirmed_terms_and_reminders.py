"""Terms that a lawyer has confirmed, parts of terms, reminders; detentions assessed, charges edited."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.Text(), nullable=True))
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    with op.batch_alter_table("coercive_measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arbitrary", sa.String(120), nullable=True))
        batch_op.add_column(sa.Column("arbitrary_grounds", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("arbitrary_why", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("arbitrary_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("arbitrary_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_coercive_measure_arbitrary_code"), "code", ["arbitrary"], ["key"])
        batch_op.create_foreign_key(
            batch_op.f("fk_coercive_measure_arbitrary_by_id_user"), "user", ["arbitrary_by_id"], ["id"]
        )
    op.create_table(
        "reminder_settings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed_digest", sa.String(length=64), nullable=True),
        sa.Column("feed_whose", sa.String(length=4), nullable=False),
        sa.Column("feed_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_settings_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_settings")),
        sa.UniqueConstraint("feed_digest", name=op.f("uq_reminder_settings_feed_digest")),
        sa.UniqueConstraint("user_id", name=op.f("uq_reminder_settings_user_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("reminder_settings")
    with op.batch_alter_table("coercive_measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_coercive_measure_arbitrary_by_id_user"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_coercive_measure_arbitrary_code"), type_="foreignkey")
        for name in ("arbitrary_by_id", "arbitrary_on", "arbitrary_why", "arbitrary_grounds", "arbitrary"):
            batch_op.drop_column(name)
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("part")
