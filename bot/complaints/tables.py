"""The tables of tickets, as bot/migrations makes them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()
ticket = sa.Table(
    "ticket",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(16)),
    sa.Column("draft", sa.String(64)),
    sa.Column("code_hash", sa.String(64)),
    sa.Column("state", sa.String(8)),
    sa.Column("kinds", sa.JSON),
    sa.Column("nature", sa.String(16)),
    sa.Column("district", sa.String(32)),
    sa.Column("lead", sa.String(32)),
    sa.Column("assist", sa.JSON),
    sa.Column("supervise", sa.JSON),
    sa.Column("emergency", sa.Boolean),
    sa.Column("told", sa.JSON),
    sa.Column("due", sa.Date),
    sa.Column("overwritten_on", sa.Date),
    sa.Column("conversation", sa.String(64)),
    sa.Column("rating", sa.Integer),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("updated_at", sa.DateTime(timezone=True)),
    sa.Column("version", sa.Integer),
    sa.Column("kind", sa.String(32)),
    sa.Column("serious", sa.Boolean),
    sa.Column("lead_district", sa.String(32)),
    sa.Column("institution", sa.String(80)),
    sa.Column("institution_key", sa.String(80)),
    sa.Column("intake", sa.String(8)),
    sa.Column("reopened", sa.Integer),
    sa.Column("returned", sa.Boolean),
    sa.Column("closed_at", sa.DateTime(timezone=True)),
)
unit = sa.Table(
    "ticket_unit",
    _metadata,
    sa.Column("ticket", sa.Integer, primary_key=True),
    sa.Column("department", sa.String(32), primary_key=True),
    sa.Column("district", sa.String(32), primary_key=True),
    sa.Column("role", sa.String(12)),
)
event = sa.Table(
    "ticket_event",
    _metadata,
    sa.Column("ticket", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("actor", sa.String(64)),
    sa.Column("move", sa.String(16)),
    sa.Column("detail", sa.Text),
    sa.Column("once", sa.String(64)),
    sa.Column("before", sa.String(64)),
    sa.Column("hash", sa.String(64)),
)
contact = sa.Table("contact", _metadata, sa.Column("ticket", sa.Integer, primary_key=True), sa.Column("sealed", sa.Text))
notice = sa.Table(
    "notice",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ticket", sa.Integer),
    sa.Column("audience", sa.String(16)),
    sa.Column("content", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
)
wrong_code = sa.Table(
    "wrong_code",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(16)),
    sa.Column("conversation", sa.String(64)),
    sa.Column("at", sa.DateTime(timezone=True)),
)
committee = sa.Table(
    "committee",
    _metadata,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("institution", sa.String(80)),
    sa.Column("district", sa.String(32)),
    sa.Column("created_at", sa.DateTime(timezone=True)),
)
follower = sa.Table(
    "follower", _metadata, sa.Column("ticket", sa.Integer, primary_key=True), sa.Column("conversation", sa.String(64), primary_key=True)
)
attachment = sa.Table(
    "attachment",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.String(64)),
    sa.Column("ticket", sa.Integer),
    sa.Column("mime", sa.String(40)),
    sa.Column("size", sa.Integer),
    sa.Column("sha256", sa.String(64)),
    sa.Column("at", sa.DateTime(timezone=True)),
)
webhook = sa.Table(
    "webhook",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("department", sa.String(32)),
    sa.Column("district", sa.String(32)),
    sa.Column("url", sa.String(400)),
    sa.Column("secret", sa.Text),
    sa.Column("active", sa.Boolean),
    sa.Column("created_at", sa.DateTime(timezone=True)),
)
delivery = sa.Table(
    "delivery",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("webhook", sa.Integer),
    sa.Column("ticket", sa.Integer),
    sa.Column("event", sa.Integer),
    sa.Column("state", sa.String(8)),
    sa.Column("attempts", sa.Integer),
    sa.Column("next_at", sa.DateTime(timezone=True)),
    sa.Column("error", sa.String(200)),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("delivered_at", sa.DateTime(timezone=True)),
)
live = sa.Table(
    "live",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(64)),
    sa.Column("state", sa.String(12)),
    sa.Column("account", sa.Integer),
    sa.Column("asked_at", sa.DateTime(timezone=True)),
    sa.Column("seen_at", sa.DateTime(timezone=True)),
)
