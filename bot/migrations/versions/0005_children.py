"""What is remembered of children (sealed), who agreed to it, and what they asked to be reminded of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("member", sa.String(64), primary_key=True),  # who speaks: a web conversation, or a hashed OpenID
        sa.Column("owner", sa.String(32), nullable=False, index=True),  # whose record it is: members of one family share it
        sa.Column("version", sa.String(16), nullable=False),  # of the words that were agreed to
        sa.Column("agreed_at", _AT, nullable=False),
        sa.Column("used_on", sa.Date, nullable=False, index=True),
        sa.Column("code_hash", sa.String(64), unique=True),
        sa.Column("code_until", _AT),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False, index=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(32), index=True),  # none where nothing else is remembered
        sa.Column("child", sa.String(32)),
        sa.Column("conversation", sa.String(64), nullable=False, index=True),
        sa.Column("tell_on", sa.Date, nullable=False, index=True),
        sa.Column("sealed", sa.Text, nullable=False),  # {"words", "values"}
    )


def downgrade() -> None:
    for table in ("reminder", "child", "consent"):
        op.drop_table(table)
