"""Links: what one person had confirmed stays on record under a proposal that goes further."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE = "contract_link"
# A table that SQLite makes anew must still never give a number twice.
NUMBERED = {"sqlite_autoincrement": True}
COLUMNS = ("confirmed_level", "confirmed_followed", "confirmed_by_id", "confirmed_at")


def upgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        batch_op.add_column(sa.Column("confirmed_level", sa.String(120), nullable=True))
        batch_op.add_column(sa.Column("confirmed_followed", sa.String(length=8), nullable=True))
        batch_op.add_column(
            sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_contract_link_confirmed_level_code"), "code", ["confirmed_level"], ["key"])
        batch_op.create_foreign_key(op.f("fk_contract_link_confirmed_by_id_user"), "user", ["confirmed_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERED) as batch_op:
        for name in ("confirmed_by_id_user", "confirmed_level_code"):
            batch_op.drop_constraint(op.f(f"fk_contract_link_{name}"), type_="foreignkey")
        for column in COLUMNS:
            batch_op.drop_column(column)
