"""Parents of companies on record, names that a team has for what all share, organisations and projects recorded twice."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", NUMBER, nullable=True))
        batch_op.create_index(batch_op.f("ix_organisation_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_organisation_parent_id_organisation"), "organisation", ["parent_id"], ["id"]
        )
    with op.batch_alter_table("organisation_alias", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", NUMBER, nullable=True))
        batch_op.create_index(batch_op.f("ix_organisation_alias_team_id"), ["team_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_organisation_alias_team_id_team"), "team", ["team_id"], ["id"])
    _names_of_projects()
    for table in ("organisation", "project"):
        _merges(table)


def _names_of_projects() -> None:
    """From one cell into rows, as those of organisations stand."""
    op.create_table(
        "project_alias",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("project_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", FOLDED, nullable=False),
        sa.Column("team_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_alias_project_id_project")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_project_alias_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_alias")),
        sqlite_autoincrement=True,
    )
    for column in ("name_folded", "project_id", "team_id"):
        op.create_index(op.f(f"ix_project_alias_{column}"), "project_alias", [column], unique=False)
    project = sa.table("project", sa.column("id"), sa.column("aliases", sa.JSON()))
    alias = sa.table("project_alias", *(sa.column(name) for name in ("project_id", "name", "name_folded")))
    rows = [
        {"project_id": number, "name": name, "name_folded": _folded(name)}
        for number, names in op.get_bind().execute(sa.select(project.c.id, project.c.aliases)).all()
        for name in names or []
    ]
    if rows:
        op.bulk_insert(alias, rows)
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("aliases")


def _folded(text: str) -> str:
    """As the program folds names, at the time of this step."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold().strip()


def _merges(root: str) -> None:
    table = f"{root}_merge"
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kept_id", NUMBER, nullable=False),
        sa.Column("gone_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("merged_by_id", NUMBER, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], [f"{root}.id"], name=op.f(f"fk_{table}_kept_id_{root}")),
        sa.ForeignKeyConstraint(["gone_id"], [f"{root}.id"], name=op.f(f"fk_{table}_gone_id_{root}")),
        sa.ForeignKeyConstraint(["merged_by_id"], ["user.id"], name=op.f(f"fk_{table}_merged_by_id_user")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f(f"fk_{table}_undone_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{table}_uid")),
        sqlite_autoincrement=True,
    )
    for column in ("gone_id", "kept_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("project_merge", "organisation_merge"):
        op.drop_table(table)
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("aliases", sa.JSON(), nullable=True))
    _names_into_one_cell()
    op.drop_table("project_alias")
    # A team's own name would be open to all without its team.
    op.execute("DELETE FROM organisation_alias WHERE team_id IS NOT NULL")
    with op.batch_alter_table("organisation_alias", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisation_alias_team_id_team"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_organisation_alias_team_id"))
        batch_op.drop_column("team_id")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_organisation_parent_id_organisation"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_organisation_parent_id"))
        batch_op.drop_column("parent_id")


def _names_into_one_cell() -> None:
    project = sa.table("project", sa.column("id"), sa.column("aliases", sa.JSON()))
    alias = sa.table("project_alias", *(sa.column(name) for name in ("id", "project_id", "name", "team_id")))
    statement = sa.select(alias.c.project_id, alias.c.name).where(alias.c.team_id.is_(None)).order_by(alias.c.id)
    names: dict[int, list[str]] = {}
    for number, name in op.get_bind().execute(statement).all():
        names.setdefault(number, []).append(name)
    for number, found in names.items():
        op.execute(sa.update(project).where(project.c.id == number).values(aliases=found))
