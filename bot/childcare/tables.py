"""The tables of the directory of childcare, as bot/migrations makes them."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()
institution = sa.Table(
    "childcare_institution",
    _metadata,
    sa.Column("code", sa.String(18), primary_key=True),
    sa.Column("name", sa.String(120)),
    sa.Column("district", sa.String(32)),
    sa.Column("kind", sa.String(16)),
    sa.Column("township", sa.String(9)),
    sa.Column("address", sa.String(200)),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("services", sa.JSON),
    sa.Column("age_from", sa.Integer),
    sa.Column("age_to", sa.Integer),
    sa.Column("inclusive", sa.Boolean),
    sa.Column("fee_from", sa.Integer),
    sa.Column("fee_to", sa.Integer),
    sa.Column("places", sa.Integer),
    sa.Column("places_free", sa.Integer),
    sa.Column("filing_number", sa.String(64)),
    sa.Column("filing_date", sa.Date),
    sa.Column("grade", sa.String(32)),
    sa.Column("opens", sa.String(5)),
    sa.Column("closes", sa.String(5)),
    sa.Column("phone", sa.String(64)),
    sa.Column("checked", sa.JSON),
    sa.Column("open", sa.Boolean),
)
taken_in = sa.Table(
    "childcare_import",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("file", sa.String(200)),
    sa.Column("sha256", sa.String(64)),
    sa.Column("added", sa.Integer),
    sa.Column("changed", sa.Integer),
    sa.Column("unchanged", sa.Integer),
    sa.Column("removed", sa.Integer),
)
history = sa.Table(
    "childcare_history",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(18)),
    sa.Column("import", sa.Integer),
    sa.Column("what", sa.String(8)),
    sa.Column("before", sa.JSON),
    sa.Column("after", sa.JSON),
)
correction = sa.Table(
    "childcare_correction",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("code", sa.String(18)),
    sa.Column("conversation", sa.String(64)),
    sa.Column("words", sa.Text),
    sa.Column("state", sa.String(8)),
    sa.Column("settled_by", sa.String(64)),
    sa.Column("settled_at", sa.DateTime(timezone=True)),
)
