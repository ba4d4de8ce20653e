"""The tables of the WeChat channel, as bot/migrations makes them. What can name a person or repeat their words is sealed (bot.complaints.sealing)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

_metadata = sa.MetaData()
_AT = sa.DateTime(timezone=True)

# Who follows the account, by conversation (`wechat-` and the keyed hash of the OpenID).
member = sa.Table(
    "wechat_member",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("openid", sa.Text),  # sealed; only while something may have to be pushed
    sa.Column("following", sa.Boolean),
    sa.Column("window_until", _AT),  # until when the customer-service API may be used
    sa.Column("quota", sa.Integer),  # and how many messages of it are left
    sa.Column("told", sa.Integer),  # the number of the last turn that was given to them
    sa.Column("choices", sa.Text),  # sealed JSON [{"number", "title", "payload"}]: the buttons shown last
)
# What WeChat sent, once by its key (MsgId, or FromUserName and CreateTime of an event), stored before it is answered.
inbox = sa.Table(
    "wechat_inbox",
    _metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64)),
    sa.Column("state", sa.String(8)),  # received, answered
    sa.Column("message", sa.Text),  # sealed JSON; empty once answered
    sa.Column("reply", sa.Text),  # sealed: the passive reply, the same for each retry
    sa.Column("claimed_until", _AT),  # while a process works on it
    sa.Column("received_at", _AT),
)
# A nonce with its timestamp, and the message that came under it: another message under the same is a replay.
nonce = sa.Table(
    "wechat_nonce",
    _metadata,
    sa.Column("nonce", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64)),
    sa.Column("at", _AT),
)
# What is to be done with WeChat's API, tried until it is done or out of date.
job = sa.Table(
    "wechat_job",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(64)),
    sa.Column("kind", sa.String(12)),  # send (customer service), notify (subscribe or template message), fetch (media of a message)
    sa.Column("payload", sa.Text),  # sealed JSON
    sa.Column("once", sa.String(96)),  # unique: the same thing is queued once
    sa.Column("state", sa.String(8)),  # waiting, kept (given with the next word), done, dead
    sa.Column("attempts", sa.Integer),
    sa.Column("next_at", _AT),
    sa.Column("until", _AT),
    sa.Column("error", sa.String(64)),
    sa.Column("created_at", _AT),
)
# Notices that a member asked for: one row a template, with how many may be sent (a one-time permission counts one).
asked = sa.Table(
    "wechat_asked",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("template", sa.String(16), primary_key=True),
    sa.Column("left", sa.Integer),
    sa.Column("asked_at", _AT),
)
token = sa.Table(
    "wechat_token",
    _metadata,
    sa.Column("app_id", sa.String(64), primary_key=True),
    sa.Column("token", sa.Text),  # sealed
    sa.Column("expires_at", _AT),
    sa.Column("refreshing_until", _AT),
)
media = sa.Table(
    "wechat_media",
    _metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("media_id", sa.String(128)),
    sa.Column("expires_at", _AT),
)


def timed(statement: str, *names: str) -> Any:
    """A statement as text whose parameters of these names are times."""
    return sa.text(statement).bindparams(*(sa.bindparam(name, type_=_AT) for name in names))
