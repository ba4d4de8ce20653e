"""What a parent says of an answer: whether it helped, and why not."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("turn", sa.Column("helpful", sa.Boolean))
    op.add_column("turn", sa.Column("reason", sa.String(200)))  # masked


def downgrade() -> None:
    with op.batch_alter_table("turn") as turn:
        turn.drop_column("reason")
        turn.drop_column("helpful")
