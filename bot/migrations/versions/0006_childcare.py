"""Childcare near home: institutions, what was taken in, their history, and parents' corrections to be looked through."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "childcare_institution",
        sa.Column("code", sa.String(18), primary_key=True),  # 统一社会信用代码
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("district", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("township", sa.String(9), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        sa.Column("services", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("age_from", "age_to")),  # months
        sa.Column("inclusive", sa.Boolean),
        *(sa.Column(name, sa.Integer) for name in ("fee_from", "fee_to", "places", "places_free")),
        sa.Column("filing_number", sa.String(64), nullable=False),
        sa.Column("filing_date", sa.Date),
        sa.Column("grade", sa.String(32), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("phone", sa.String(64), nullable=False),
        sa.Column("checked", sa.JSON, nullable=False),  # when each fact was looked at
        sa.Column("open", sa.Boolean, nullable=False),  # on the list still
    )
    op.create_table(
        "childcare_import",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("added", "changed", "unchanged", "removed")),
    )
    op.create_table(
        "childcare_history",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(18), nullable=False, index=True),
        sa.Column("import", sa.Integer, sa.ForeignKey("childcare_import.id"), nullable=False),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
    )
    op.create_table(
        "childcare_correction",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _AT, nullable=False),
        sa.Column("code", sa.String(18), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False, index=True),  # new, accepted, refused
        sa.Column("settled_by", sa.String(64)),
        sa.Column("settled_at", _AT),
    )


def downgrade() -> None:
    for table in ("childcare_correction", "childcare_history", "childcare_import", "childcare_institution"):
        op.drop_table(table)
