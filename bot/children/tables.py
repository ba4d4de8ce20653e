"""The tables of what is remembered of children, as bot/migrations makes them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()
consent = sa.Table(
    "consent",
    _metadata,
    sa.Column("member", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(32)),
    sa.Column("version", sa.String(16)),
    sa.Column("agreed_at", sa.DateTime(timezone=True)),
    sa.Column("used_on", sa.Date),
    sa.Column("code_hash", sa.String(64)),
    sa.Column("code_until", sa.DateTime(timezone=True)),
)
child = sa.Table(
    "child",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(32)),
    sa.Column("sealed", sa.Text),
)
reminder = sa.Table(
    "reminder",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String(32)),
    sa.Column("child", sa.String(32)),
    sa.Column("conversation", sa.String(64)),
    sa.Column("tell_on", sa.Date),
    sa.Column("sealed", sa.Text),
)
