"""The complaint desk: accounts and sessions, units and words of tickets to look them up by, hooks to other systems, live talk, what is to be mended."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_AT = sa.DateTime(timezone=True)
_NEW_OF_TICKET: tuple[sa.Column[Any], ...] = (
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("kind", sa.String(32), nullable=False, server_default="other"),
    sa.Column("serious", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("lead_district", sa.String(32)),
    sa.Column("institution", sa.String(80), nullable=False, server_default=""),
    sa.Column("institution_key", sa.String(80), nullable=False, server_default=""),
    sa.Column("intake", sa.String(8), nullable=False, server_default="parent"),
    sa.Column("reopened", sa.Integer, nullable=False, server_default="0"),
    sa.Column("returned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("closed_at", _AT),
)
_NEW_OF_TURN: tuple[sa.Column[Any], ...] = (
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("mend", sa.String(12)),  # unanswered, unsure, unhelpful, mended
)
# All that a queue's order and its counters ask for, so that none of its tickets is read but those that are shown: everybody's, a unit's, a district's.
_QUEUE = ("state", "emergency", "due", "serious", "overwritten_on", "returned", "id")
_QUEUES = {"ix_ticket_queue": (), "ix_ticket_queue_of_unit": ("lead", "lead_district"), "ix_ticket_queue_of_district": ("lead_district",)}


def upgrade() -> None:
    for column in _NEW_OF_TICKET:
        op.add_column("ticket", column)
    op.create_index("ix_ticket_institution_key", "ticket", ["institution_key", "created_at"])
    for name, unit in _QUEUES.items():
        op.create_index(name, "ticket", [*unit, *_QUEUE])
    op.create_index("ix_ticket_created_at", "ticket", ["created_at"])
    op.create_table(
        "ticket_unit",
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("department", sa.String(32), primary_key=True),
        sa.Column("district", sa.String(32), primary_key=True),  # empty: the city's
        sa.Column("role", sa.String(12), nullable=False),
    )
    op.create_index("ix_ticket_unit_department", "ticket_unit", ["department", "district", "role", "ticket"])
    _search_table()
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("department", sa.String(32)),
        sa.Column("district", sa.String(32)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("seen_notice", sa.Integer, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, index=True),
    )
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, index=True),
        sa.Column("address", sa.String(64), nullable=False, index=True),
        sa.Column("at", _AT, nullable=False),
    )
    op.create_table(
        "desk_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("department", sa.String(32), nullable=False),
        sa.Column("district", sa.String(32), nullable=False),  # empty: the city's
        sa.Column("url", sa.String(400), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),  # sealed
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.UniqueConstraint("department", "district"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("webhook", sa.Integer, sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("event", sa.Integer, nullable=False),  # the row of the ticket's trail that it tells of
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", _AT, nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("delivered_at", _AT),
        sa.UniqueConstraint("webhook", "ticket", "event"),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "next_at"])
    op.create_table(
        "live",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("account", sa.Integer, sa.ForeignKey("account.id")),
        sa.Column("asked_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
    )
    for column in _NEW_OF_TURN:
        op.add_column("turn", column)
    op.create_index("ix_turn_mend", "turn", ["mend", "at"])
    _fill()


def _search_table() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE ticket_search USING fts5(terms, detail=none)")
        return
    op.execute("CREATE TABLE ticket_search (ticket INTEGER PRIMARY KEY REFERENCES ticket (id), terms tsvector NOT NULL)")
    op.execute("CREATE INDEX ix_ticket_search ON ticket_search USING gin (terms)")


def _fill() -> None:
    """The tickets that were filed before there was a desk."""
    from bot.complaints import tables
    from bot.complaints.indexing import index, row_of
    from bot.knowledge.load import load_knowledge

    connection = op.get_bind()
    for ticket in connection.execute(sa.select(tables.ticket)).mappings().all():
        more = row_of(load_knowledge(), ticket)
        connection.execute(
            sa.update(tables.ticket).where(tables.ticket.c.id == ticket["id"]).values(lead_district=ticket["district"], **more)
        )
        for statement, values in index(connection.dialect.name, {**ticket, **more, "lead_district": ticket["district"]}):
            connection.execute(statement, values)


def downgrade() -> None:
    op.drop_index("ix_turn_mend", "turn")
    for column in _NEW_OF_TURN:
        op.drop_column("turn", column.name)
    for table in ("live", "delivery", "webhook", "desk_log", "login_failure", "desk_session", "account", "ticket_search", "ticket_unit"):
        op.drop_table(table)
    for index in ("ix_ticket_institution_key", *_QUEUES, "ix_ticket_created_at"):
        op.drop_index(index, "ticket")
    for column in _NEW_OF_TICKET:
        op.drop_column("ticket", column.name)
