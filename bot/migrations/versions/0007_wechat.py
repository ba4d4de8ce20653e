"""The WeChat channel: its followers, what came in, what is to go out, its token and media."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wechat_member",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("openid", sa.Text),  # sealed; only while something may have to be pushed
        sa.Column("following", sa.Boolean, nullable=False),
        sa.Column("window_until", _AT),
        sa.Column("quota", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),  # sealed
    )
    op.create_table(
        "wechat_inbox",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("state", sa.String(8), nullable=False, index=True),
        sa.Column("message", sa.Text, nullable=False),  # sealed
        sa.Column("reply", sa.Text, nullable=False),  # sealed
        sa.Column("claimed_until", _AT),
        sa.Column("received_at", _AT, nullable=False, index=True),
    )
    op.create_table(
        "wechat_nonce",
        sa.Column("nonce", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", _AT, nullable=False, index=True),
    )
    op.create_table(
        "wechat_job",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),  # sealed
        sa.Column("once", sa.String(96), unique=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", _AT, nullable=False),
        sa.Column("until", _AT),
        sa.Column("error", sa.String(64), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
    )
    op.create_index("ix_wechat_job_due", "wechat_job", ["state", "next_at"])
    op.create_table(
        "wechat_asked",
        sa.Column("conversation", sa.String(64), primary_key=True),
        sa.Column("template", sa.String(16), primary_key=True),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("asked_at", _AT, nullable=False),
    )
    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.String(64), primary_key=True),
        sa.Column("token", sa.Text, nullable=False),  # sealed
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("refreshing_until", _AT),
    )
    op.create_table(
        "wechat_media",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("media_id", sa.String(128), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
    )


def downgrade() -> None:
    for table in ("media", "token", "asked", "job", "nonce", "inbox", "member"):
        op.drop_table(f"wechat_{table}")
