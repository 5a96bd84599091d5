"""The index along which the list of incidents is walked, in the very order of the list on both databases.

It holds what tells whether a reader sees a row, so that skipping and counting do not open the records.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    "id, case_id, withdrawn_at, team_id, created_by_id, state, main_type, urgency, assigned_to_id, country, place_id, "
    "happened_to"
)


def upgrade() -> None:
    # SQLite knows no NULLS LAST in an index; its falling order has them last anyway.
    order = "happened_from DESC" + (" NULLS LAST" if op.get_bind().dialect.name == "postgresql" else "")
    op.execute(f"CREATE INDEX ix_incident_walk ON incident ({order}, {COLUMNS})")


def downgrade() -> None:
    op.execute("DROP INDEX ix_incident_walk")
