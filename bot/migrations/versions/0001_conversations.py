"""Conversations and their turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "turn",
        sa.Column("conversation", sa.String(64), sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("client_message_id", sa.String(64)),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("replies", sa.Text, nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("conversation", "client_message_id", name="turn_once"),
    )


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_table("conversation")
