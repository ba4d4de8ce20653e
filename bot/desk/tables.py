"""The desk's own tables, as bot/migrations makes them; those of tickets: bot.complaints.tables."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()
_AT = sa.DateTime(timezone=True)
account = sa.Table(
    "account",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64)),
    sa.Column("password", sa.String(200)),
    sa.Column("role", sa.String(12)),
    sa.Column("department", sa.String(32)),
    sa.Column("district", sa.String(32)),
    sa.Column("active", sa.Boolean),
    sa.Column("seen_notice", sa.Integer),
    sa.Column("created_at", _AT),
    sa.Column("seen_at", _AT),
)
session = sa.Table(
    "desk_session",
    _metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.Integer),
    sa.Column("csrf", sa.String(64)),
    sa.Column("created_at", _AT),
    sa.Column("seen_at", _AT),
)
login_failure = sa.Table(
    "login_failure",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(64)),
    sa.Column("address", sa.String(64)),
    sa.Column("at", _AT),
)
log = sa.Table(
    "desk_log",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", _AT),
    sa.Column("who", sa.String(64)),
    sa.Column("what", sa.String(24)),
    sa.Column("detail", sa.Text),
)
turn = sa.Table(
    "turn",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("client_message_id", sa.String(64)),
    sa.Column("user", sa.Text),
    sa.Column("replies", sa.Text),
    sa.Column("topic", sa.String(32)),
    sa.Column("at", _AT),
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("mend", sa.String(12)),
    sa.Column("reason", sa.String(200)),
)
