"""Tickets, their audit trail, contact data, and notices on their way out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(16), nullable=False, unique=True),
        sa.Column("draft", sa.String(64), nullable=False, unique=True),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False, index=True),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("nature", sa.String(16), nullable=False),
        sa.Column("district", sa.String(32), index=True),
        sa.Column("lead", sa.String(32), nullable=False, index=True),
        sa.Column("assist", sa.JSON, nullable=False),
        sa.Column("supervise", sa.JSON, nullable=False),
        sa.Column("emergency", sa.Boolean, nullable=False),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("due", sa.Date, nullable=False, index=True),
        sa.Column("overwritten_on", sa.Date),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("rating", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "ticket_event",
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("move", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("once", sa.String(64), unique=True),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "contact",
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), index=True),
    )
    op.create_table(
        "committee",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("institution", sa.String(80), nullable=False),
        sa.Column("district", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "follower",
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("conversation", sa.String(64), primary_key=True),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), index=True),
        sa.Column("mime", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(16), nullable=False, index=True),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("wrong_code", "attachment", "follower", "committee", "notice", "contact", "ticket_event", "ticket"):
        op.drop_table(table)
