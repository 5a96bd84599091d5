"""Terms that a lawyer has confirmed, parts of terms, and what users want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.Text(), nullable=True))
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
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("part")
