"""An institution that looks after children under three, as the directory holds it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

KINDS = {"centre": "托育机构", "kindergarten": "幼儿园托班", "employer": "用人单位办托", "community": "社区托育", "home": "家庭托育点"}
SERVICES = {"full_day": "全日托", "half_day": "半日托", "hourly": "计时托", "temporary": "临时托", "parent_child": "亲子活动"}
SAMPLE = "示例"  # what invented names begin with


@dataclass(frozen=True)
class Institution:
    """One institution. What is not known is None or empty; it is never guessed.

    `code` is the 统一社会信用代码; `district` and `township` are an id and a code of districts.yml; `lat`, `lon` are degrees in WGS 84; `ages` in
    months, from and to; `fee` in yuan a month, lowest and highest; `inclusive` whether it is 普惠; `opens`, `closes` are HH:MM; `checked` says when
    each field was last looked at.
    """

    code: str
    name: str
    district: str
    kind: str = ""
    township: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    services: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    inclusive: bool | None = None
    fee_from: int | None = None
    fee_to: int | None = None
    places: int | None = None
    places_free: int | None = None
    filing_number: str = ""
    filing_date: date | None = None
    grade: str = ""
    opens: str = ""
    closes: str = ""
    phone: str = ""
    checked: Mapping[str, date] = field(default_factory=dict)

    def checked_on(self) -> date | None:
        """The day on which the oldest of its facts was looked at."""
        return min(self.checked.values(), default=None)


FACTS = tuple(f.name for f in fields(Institution) if f.name not in ("code", "checked"))  # what an import may change, what history keeps


def minutes(clock: str) -> int | None:
    """Minutes after midnight of HH:MM; None where it is empty."""
    if not clock:
        return None
    hours, _, rest = clock.partition(":")
    return int(hours) * 60 + int(rest)
