"""One row of a list → an institution, every cell checked. Pure: what is wrong is a Chinese line that names the row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from bot.childcare.distance import to_wgs84
from bot.childcare.institution import SAMPLE, Institution
from bot.knowledge.childcare import ChildcareColumns
from bot.knowledge.model import District, Knowledge

MOST_FEE, MOST_PLACES, OLDEST = 20_000, 2_000, 72  # yuan a month, places, months
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?|(\d{4})(\d{2})(\d{2})")
_CLOCKS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-~—–至到－]+\s*(\d{1,2})[:：](\d{2})")
_PHONE = re.compile(r"(?:\+86[- ]?)?(?:0\d{2,3}[- ]?)?\d{7,8}(?:[-转]\d{1,6})?|(?:\+86[- ]?)?1\d{10}|1\d{4}|[48]00[- ]?\d{3,4}[- ]?\d{3,4}")
_SPLIT = re.compile(r"[、,，;；/|\s]+")
_AGE = re.compile(r"(\d+(?:\.\d)?)\s*(个?月龄?|周?岁|M|m)?")


@dataclass(frozen=True)
class Row:
    """A checked row: the fields that it gives (a cell left empty gives none), and whether it says that the institution is closed."""

    number: int
    code: str
    given: Mapping[str, Any]
    closed: bool


class _Wrong(ValueError):
    """A cell cannot be what its column says."""


def check_digit(first: str) -> str:
    """The last sign of a 统一社会信用代码 from its first 17 (GB 32100—2015)."""
    total = sum(_CODE_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(first))
    return _CODE_SIGNS[-total % 31]


def _code(cell: str) -> str:
    code = cell.upper().replace(" ", "")
    if not code:
        raise _Wrong("没有填")
    if re.fullmatch(r"[\d.]+E\+?\d+", code) or (code.isdigit() and code.endswith("000") and len(code) == 18):
        raise _Wrong("被表格存成了数字，请把这一列改成文本重新填")
    if not _CODE.fullmatch(code) or check_digit(code[:17]) != code[17]:
        raise _Wrong(f"“{cell[:24]}”不是正确的统一社会信用代码（18位，校验位要对）")
    return code


def _day(cell: str, today: date) -> date:
    match = _DAY.fullmatch(cell)
    try:
        found = date(*map(int, [part for part in match.groups() if part])) if match else None
    except ValueError:
        found = None
    if found is None:
        raise _Wrong(f"“{cell[:20]}”不是日期，请写成 2026-03-01")
    if not date(1990, 1, 1) <= found <= today:
        raise _Wrong(f"“{cell[:20]}”不可能：早于1990年或晚于今天")
    return found


def _whole(cell: str, most: int, unit: str) -> int:
    match = re.fullmatch(rf"(\d+)(?:\.0+)?\s*{unit}?", cell)
    if not match or int(match[1]) > most:
        raise _Wrong(f"“{cell[:20]}”不可能，应为 0 到 {most} 的整数")
    return int(match[1])


def _fee(cell: str) -> dict[str, int]:
    numbers = re.findall(
        r"-?\d+(?:\.\d+)?", cell.replace(",", "").replace("－", "-").replace("~", " ").replace("—", " ").replace("至", " ")
    )
    values = sorted(round(abs(float(number))) if place else round(float(number)) for place, number in enumerate(numbers))
    if (
        not values
        or len(values) > 2
        or values[0] < 0
        or values[-1] > MOST_FEE
        or re.search(r"年|学期|季|天|日(?!托)|小时|次|餐|伙食|押金", cell)
    ):
        raise _Wrong(f"“{cell[:20]}”不可能，应为每月多少元（0 到 {MOST_FEE}），如 1500 或 1200-1800")
    return {"fee_from": values[0], "fee_to": values[-1]}


def _ages(cell: str) -> dict[str, int]:
    parts = list(_AGE.finditer(cell))
    last = next((match[2] for match in reversed(parts) if match[2]), "月")
    months = [round(float(match[1]) * (12 if "岁" in (match[2] or last) else 1)) for match in parts]
    if len(months) != 2 or not 0 <= months[0] < months[1] <= OLDEST:
        raise _Wrong(f"“{cell[:20]}”不可能，应为从小到大的月龄，如 6-36 或 6个月-3岁")
    return {"age_from": months[0], "age_to": months[1]}


def _hours(cell: str) -> dict[str, str]:
    match = _CLOCKS.search(cell)
    numbers = [int(part) for part in match.groups()] if match else []
    if not numbers or not (numbers[0] * 60 + numbers[1] < numbers[2] * 60 + numbers[3] <= 24 * 60) or max(numbers[1], numbers[3]) > 59:
        raise _Wrong(f"“{cell[:20]}”不是开放时间，请写成 07:30-17:30")
    return {"opens": f"{numbers[0]:02d}:{numbers[1]:02d}", "closes": f"{numbers[2]:02d}:{numbers[3]:02d}"}


def _phone(cell: str) -> str:
    if not all(_PHONE.fullmatch(one) for one in re.split(r"[、,，;；/]\s*|\s{2,}", cell) if one):
        raise _Wrong(f"“{cell[:24]}”不是电话号码")
    return cell[:64]


def _word(columns: ChildcareColumns, field: str, cell: str) -> str:
    for value, said in columns.words[field].items():
        if cell.upper() in {word.upper() for word in said}:
            return value
    known = "、".join(said[0] for said in columns.words[field].values())
    raise _Wrong(f"“{cell[:20]}”不认识，应为：{known}")


@cache
def _district_names(knowledge: Knowledge) -> tuple[tuple[str, District], ...]:
    names = [(name, d) for d in knowledge.districts.values() for name in (d.name, *d.aliases)]
    return tuple(sorted(names, key=lambda pair: -len(pair[0])))


def _district(knowledge: Knowledge, cell: str) -> str:
    """The district of 江苏省连云港市海州区 or 海州."""
    local = re.sub(r"^.*连云港市?(?!经济)", "", cell) if "连云港" in cell else re.sub(r"^江苏省?", "", cell)
    found = next((d for name, d in _district_names(knowledge) if name in local or name in cell and name.startswith("连云港")), None)
    if found is None or ("市" in cell and "连云港" not in cell):
        raise _Wrong(f"“{cell[:24]}”不是连云港的县区")
    return found.id


@cache
def _townships(knowledge: Knowledge) -> dict[str, tuple[str, str]]:
    return {town.name: (town.code, d.id) for d in knowledge.districts.values() for town in d.townships}


def _township(knowledge: Knowledge, cell: str, address: str, district: str) -> str:
    """The township's code: by its own column, else by its full name in the address; empty where neither says."""
    known = _townships(knowledge)
    named = known.get(cell) or known.get(f"{cell}街道") or known.get(f"{cell}镇") or known.get(f"{cell}乡")
    if cell and named is None:
        raise _Wrong(f"“{cell[:20]}”不是连云港的乡镇或街道")
    if named:
        return named[0]
    return next((code for name, (code, of) in known.items() if of == district and name in address), "")


def _point(columns: ChildcareColumns, lat: str, lon: str, system: str) -> dict[str, float]:
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        raise _Wrong(f"“{lat[:14]}，{lon[:14]}”不是经纬度（要两个都填，如 34.60 和 119.20）") from None
    bounds = columns.bounds
    if not (bounds["south"] <= north <= bounds["north"] and bounds["west"] <= east <= bounds["east"]):
        turned = bounds["south"] <= east <= bounds["north"] and bounds["west"] <= north <= bounds["east"]
        raise _Wrong(f"“{lat[:12]}，{lon[:12]}”" + ("经纬度填反了" if turned else "不在连云港市范围内"))
    if (_word(columns, "coordinates", system) if system else columns.coordinates) == "gcj02":
        north, east = to_wgs84(north, east)
    return {"lat": round(north, 6), "lon": round(east, 6)}


def read_row(knowledge: Knowledge, number: int, cells: Mapping[str, str], today: date) -> tuple[Row | None, list[str]]:
    """A row, its cells by field (`{"name": "…"}`), checked: (row, []) or (None, its faults)."""
    row, faults = read_cells(knowledge, number, cells, today)
    return row, [f"第 {number} 行：{words}" for _, words in faults]


def read_cells(knowledge: Knowledge, number: int, cells: Mapping[str, str], today: date) -> tuple[Row | None, list[tuple[str, str]]]:
    """The same with each fault as (field, words): for a form, which says it beside the field."""
    columns = knowledge.childcare_columns
    assert columns
    has = {name: "" if cell in columns.empty else cell for name, cell in cells.items()}
    given: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []

    def take(field: str, read: Callable[[str], Any], into: str = "") -> None:
        cell = has.get(field, "")
        if not cell and field not in ("code", "name", "district"):
            return
        try:
            value = read(cell)
        except _Wrong as wrong:
            faults.append((field, f"“{columns.headings[field][0]}”{wrong}。"))
            return
        given.update(value if isinstance(value, dict) else {into or field: value})

    def name(cell: str) -> str:
        if not cell:
            raise _Wrong("没有填")
        if cell.startswith(SAMPLE):
            raise _Wrong("是示例，不是真实机构")
        if len(cell) < 2 or len(cell) > 100:
            raise _Wrong("太短或太长")
        return cell

    take("code", _code)
    take("name", name)
    take("district", lambda cell: _district(knowledge, cell or has.get("address", "") or _missing()))
    take("address", lambda cell: cell[:200])
    take("kind", lambda cell: _word(columns, "kind", cell))
    take("services", lambda cell: tuple(dict.fromkeys(_word(columns, "services", one) for one in _SPLIT.split(cell) if one)))
    take("inclusive", lambda cell: _word(columns, "inclusive", cell) == "yes")
    take("ages", _ages)
    take("fee", _fee)
    take("places", lambda cell: _whole(cell, MOST_PLACES, "个"))
    take("places_free", lambda cell: _whole(cell, MOST_PLACES, "个"))
    take("filing_date", lambda cell: _day(cell, today))
    take("filing_number", lambda cell: cell[:64])
    take("grade", lambda cell: cell[:32])
    take("hours", _hours)
    take("phone", _phone)
    take("checked", lambda cell: _day(cell, today))
    take("state", lambda cell: _word(columns, "state", cell))
    if has.get("lat") or has.get("lon"):
        has["lat"] = has.get("lat", "") or " "
        take("lat", lambda cell: _point(columns, cell, has.get("lon", ""), has.get("coordinates", "")))
    has["township"] = has.get("township", "") or " "
    take("township", lambda cell: _township(knowledge, cell.strip(), has.get("address", ""), given.get("district", "")))
    if "places" in given and given.get("places_free", 0) > given["places"]:
        faults.append(("places_free", f"空余托位（{given['places_free']}）比托位数（{given['places']}）还多。"))
    if faults:
        return None, faults
    closed, looked_at = given.pop("state", "open") == "closed", given.pop("checked", today)
    code = given.pop("code")
    kept = {field: value for field, value in given.items() if value != ""}
    return Row(number, code, kept | {"checked": dict.fromkeys(kept, looked_at)}, closed), []


def _missing() -> str:
    raise _Wrong("没有填")


def merged(before: Institution | None, row: Row) -> Institution:
    """The institution after a row: what the row gives, else what was known."""
    known = dict(before.checked) if before else {}
    given = {**row.given, "checked": known | row.given["checked"]}
    if before is None:
        return Institution(code=row.code, **given)
    return Institution(**{**before.__dict__, **given})
