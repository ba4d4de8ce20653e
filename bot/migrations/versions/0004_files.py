"""Files that are made for a parent, kept until they expire."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "made_file",
        sa.Column("id", sa.String(43), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("mime", sa.String(80), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("made_file")
