"""UPR packs: why one shows more, who submits, how far each record in it went, and the proceedings."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("pack") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("cover", sa.JSON(), nullable=True))
    with op.batch_alter_table("pack_record") as batch_op:
        # Until now a pack carried rows only.
        batch_op.add_column(
            sa.Column("reach", sa.String(length=20), nullable=False, server_default="anonymised_public")
        )
    with op.batch_alter_table("pack_record") as batch_op:
        batch_op.alter_column("reach", server_default=None)
    op.create_table(
        "pack_proceeding",
        sa.Column("pack_id", NUMBER, nullable=False),
        sa.Column("proceeding_id", NUMBER, nullable=False),
        sa.Column("reach", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_proceeding_pack_id_pack")),
        sa.ForeignKeyConstraint(
            ["proceeding_id"], ["proceeding.id"], name=op.f("fk_pack_proceeding_proceeding_id_proceeding")
        ),
        sa.PrimaryKeyConstraint("pack_id", "proceeding_id", name=op.f("pk_pack_proceeding")),
    )
    op.create_index(op.f("ix_pack_proceeding_proceeding_id"), "pack_proceeding", ["proceeding_id"])
    op.create_table(
        "pack_contract",
        sa.Column("pack_id", NUMBER, nullable=False),
        sa.Column("contract_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_pack_contract_pack_id_pack")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_pack_contract_contract_id_contract")),
        sa.PrimaryKeyConstraint("pack_id", "contract_id", name=op.f("pk_pack_contract")),
    )
    op.create_index(op.f("ix_pack_contract_contract_id"), "pack_contract", ["contract_id"])


def downgrade() -> None:
    op.drop_table("pack_contract")
    op.drop_table("pack_proceeding")
    with op.batch_alter_table("pack_record") as batch_op:
        batch_op.drop_column("reach")
    with op.batch_alter_table("pack") as batch_op:
        batch_op.drop_column("cover")
        batch_op.drop_column("reason")
