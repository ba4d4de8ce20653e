"""What can be done with the directory: search it, take a list in, look through parents' corrections."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.childcare.editing import FormFaults, after_form, version_of
from bot.childcare.files import ImportRefused, plain, read_sheet
from bot.childcare.institution import FACTS, Institution
from bot.childcare.places import centres
from bot.childcare.rows import Row, merged, read_row
from bot.childcare.search import Directory
from bot.childcare.store import Change, ChangedMeanwhile, ChildcareStore, Correction
from bot.complaints.institution import institution_key, places_of
from bot.knowledge.model import Knowledge

STALE_AFTER = 2.0  # seconds for which the directory in memory is not compared with the database
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONGEST = 500  # characters of a correction
_TRIES = 5  # of an edit, while others edit other records
# What a parent hears of a correction; what is being mended may still be shown as it was.
_TOLD = {
    "accepted": "您上次说“{name}”的信息不对，工作人员看过了，您说得对，正在改。谢谢您，也帮了别的家长。",
    "refused": "您上次说“{name}”的信息不对，工作人员核对过，名单上的暂时不用改。您要是有新情况，再告诉我；急着问，可以打12345。谢谢您。",
}
SHOWN = 10  # names of a kind in a report


@dataclass(frozen=True)
class Report:
    """What an import changes, by what it does to an institution; `missing`: on the list before, not in this file, and left as they are; `unused`:
    headings that nothing is read from; `after`: the number of the import that it follows (0: none)."""

    changes: tuple[Change, ...]
    unchanged: int
    missing: int
    unused: tuple[str, ...]
    after: int = 0

    def of(self, *what: str) -> list[Change]:
        return [change for change in self.changes if change.what in what]


class Childcare:
    """The directory of one database, kept in memory; the sample stands in for it as long as nothing real was ever taken in."""

    def __init__(self, store: ChildcareStore, knowledge: Knowledge, today: Callable[[], date]) -> None:
        self.store, self.knowledge, self.today = store, knowledge, today
        self.centres = centres(knowledge)
        self._directory: Directory | None = None
        self._seen: tuple[int, datetime] | None = None
        self._looked_at = 0.0

    async def directory(self) -> Directory:
        """The directory as it stands; at most STALE_AFTER seconds behind another process's import."""
        if self._directory is not None and time.monotonic() - self._looked_at < STALE_AFTER:
            return self._directory
        last = await self.store.last_import()
        if self._directory is None or last != self._seen:
            open_ones = [institution for institution, is_open in (await self.store.all()).values() if is_open] if last else []
            self._directory = await asyncio.to_thread(self._build, open_ones, last)
        self._seen, self._looked_at = last, time.monotonic()
        return self._directory

    def _build(self, institutions: list[Institution], last: tuple[int, datetime] | None) -> Directory:
        if last is None:
            return Directory(self.knowledge.childcare_sample, self.centres, sample=True)
        places = places_of(self.knowledge)
        keys = [institution_key(institution.name, places) for institution in institutions]
        return Directory(institutions, self.centres, keys, as_of=last[1].date())

    async def take_in(
        self, name: str, data: bytes, *, full: bool = False, dry_run: bool = False, within: str = "", after: int | None = None
    ) -> Report:
        """Take a list in, or only say what it would change. `full`: institutions of the list before that are not in it are taken off. `within`: only
        that district's, none other may be in it. `after`: only where nothing was changed since a report that followed this import.

        Raises ImportRefused with every fault, nothing changed; also where another import came between.
        """
        rows, unused = await asyncio.to_thread(self._rows, name, data)
        last = await self.store.last_import()
        if after is not None and after != (last[0] if last else 0):
            raise ImportRefused(["您看过以后名单又有改动，这次没有写入。请再检查一遍。"])
        known = await self.store.all()
        if within:
            others = {code for code, (institution, _) in known.items() if institution.district != within}
            elsewhere = [row for row in rows if row.given["district"] != within or row.code in others]
            if elsewhere:
                where = f"不在{self._where(within)}，不归您的单位管。"
                raise ImportRefused([f"第 {row.number} 行：{row.given['name']}{where}" for row in elsewhere])
            known = {code: one for code, one in known.items() if code not in others}
        changes, same = self._changes(rows, known, full)
        unseen = [code for code, (_, is_open) in known.items() if is_open and code not in {row.code for row in rows}]
        report = Report(tuple(changes), len(same), 0 if full else len(unseen), unused, last[0] if last else 0)
        if not dry_run:
            counts = {"added": report.of("added", "back"), "changed": report.of("changed"), "removed": report.of("removed")}
            kept = {what: len(found) for what, found in counts.items()} | {"unchanged": len(same)}
            row = {"at": datetime.now(UTC), "file": name[-200:], "sha256": hashlib.sha256(data).hexdigest(), **kept}
            try:
                await self.store.take_in(last[0] if last else None, changes, same, row)
            except ChangedMeanwhile as error:
                raise ImportRefused(["刚才有另一次导入，这次没有写入，请再运行一遍。"]) from error
            self._looked_at, self._directory = 0.0, None
        return report

    async def edit(
        self, code: str, cells: Mapping[str, str], who: str, *, version: str = "", all_checked: bool = False, within: str = ""
    ) -> Change | None:
        """What a clerk typed of an institution, checked like a row of a list and kept as an import of its own; an empty `code`: a new one. None where
        nothing differs but the day on which it was looked at. `version` as bot.childcare.editing says; `within`: see take_in.

        Raises FormFaults, nothing changed; ChangedMeanwhile where somebody changed the record since.
        """
        for _ in range(_TRIES):
            asked = code or cells.get("code", "").replace(" ", "").upper()
            last, found = await self.store.last_import(), (await self.store.some([asked])).get(asked)
            if code and (found is None or version_of(*found) != version):
                raise ChangedMeanwhile
            before, was_open = found if code and found else (None, False)
            after, is_open = after_form(self.knowledge, before, cells, self.today(), all_checked=all_checked)
            if found and not code:
                raise FormFaults(("code", f"{found[0].name}已经有这个代码了，请打开它来改。"))
            if within and {before.district if before else within, after.district} != {within}:
                raise FormFaults(("district", f"您的单位只管{self._where(within)}的机构。"))
            if not is_open and not was_open:
                raise FormFaults(("state", "要保存，请先选在名单上。" if before is None else "这家已经下架；要改，请先放回名单。"))
            old, new = _difference(before, after)
            what = "added" if before is None else "removed" if not is_open else "changed" if was_open else "back"
            change = Change(what, after, old, new) if what != "changed" or new else None
            counts = {"added": what in ("added", "back"), "changed": bool(change and what == "changed"), "unchanged": change is None}
            kept = {name: int(value) for name, value in (counts | {"removed": what == "removed"}).items()}
            row = {"at": datetime.now(UTC), "file": who, "sha256": "", **kept}
            try:
                await self.store.take_in(last[0] if last else None, [change] if change else [], [] if change else [after], row)
            except ChangedMeanwhile:
                continue  # perhaps it was another record: look again
            self._looked_at, self._directory = 0.0, None
            return change
        raise ChangedMeanwhile

    def _where(self, district: str) -> str:
        return self.knowledge.districts[district].name

    def _rows(self, name: str, data: bytes) -> tuple[list[Row], tuple[str, ...]]:
        columns, today = self.knowledge.childcare_columns, self.today()
        assert columns
        field_of = {plain(heading): field for field, headings in columns.headings.items() for heading in headings}
        sheet = read_sheet(name, data, field_of)
        used = [heading for heading in sheet.headings if heading in field_of]
        faults = [f"缺少“{columns.headings[field][0]}”这一列。" for field in ("name", "code") if field not in {field_of[h] for h in used}]
        twice = {field for field in columns.headings if [field_of[h] for h in used].count(field) > 1}
        faults += [f"有两列都是“{columns.headings[field][0]}”，请只留一列。" for field in sorted(twice)]
        if faults:
            raise ImportRefused(faults)
        faults, rows, seen = list(sheet.faults), [], dict[str, int]()
        broken = {fault.split("：", 1)[0] for fault in faults}  # a row is not told twice what is wrong with it
        for number, cells in sheet.rows:
            row, wrong = read_row(self.knowledge, number, {field_of[h]: cell for h, cell in cells.items() if h in field_of}, today)
            if f"第 {number} 行" not in broken:
                faults += wrong
            if row and row.code in seen:
                faults.append(f"第 {number} 行：统一社会信用代码 {row.code} 和第 {seen[row.code]} 行重复。")
            elif row:
                seen[row.code] = number
                rows.append(row)
        if not rows and not faults:
            faults.append("表里一家机构也没有。")
        if faults:
            raise ImportRefused(sorted(faults, key=_row_of))
        return rows, tuple(dict.fromkeys(heading for heading in sheet.headings if heading and heading not in field_of))

    @staticmethod
    def _changes(
        rows: list[Row], known: Mapping[str, tuple[Institution, bool]], full: bool
    ) -> tuple[list[Change], list[Institution]]:  # fmt: skip
        changes: list[Change] = []
        same: list[Institution] = []
        for row in rows:
            before, was_open = known.get(row.code, (None, False))
            after = merged(before, row)
            old, new = _difference(before, after)
            if row.closed:
                if was_open:
                    changes.append(Change("removed", after, old, new))
            elif before is None or not was_open or old != new:
                what = "added" if before is None else "changed" if was_open else "back"
                changes.append(Change(what, after, old, new))
            else:
                same.append(after)
        if full:
            listed = {row.code for row in rows}
            gone = [institution for code, (institution, is_open) in known.items() if is_open and code not in listed]
            changes += [Change("removed", institution, {}, {}) for institution in gone]
        return changes, same

    async def correct(self, codes: tuple[str, ...], words: str, conversation: str) -> None:
        """A parent says that something is wrong with these institutions: on the review list, mobile numbers without their middle; the directory stays
        as it is."""
        kept = _MOBILE.sub(r"\1****\2", words)[:_LONGEST]
        await self.store.correct([code[:18] for code in codes], kept, conversation, datetime.now(UTC))

    async def corrections(self, code: str = "") -> list[Correction]:
        """What parents said (of the institution with this code) and nobody has looked through yet."""
        return await self.store.corrections(code)

    async def settle(self, correction: int, accepted: bool, who: str) -> bool:
        """Say whether a parent was right, which the parent is told; the facts themselves change by an edit or the next import. False where that was
        said already, or nothing has this number."""
        said = await self.store.correction(correction)
        if said is None:
            return False
        found = (await self.store.some([said.code])).get(said.code)
        state = "accepted" if accepted else "refused"
        tell = _TOLD[state].replace("{name}", found[0].name if found else "这家机构")
        return await self.store.settle(correction, state, who, datetime.now(UTC), tell)


def _row_of(fault: str) -> int:
    digits = fault.removeprefix("第 ").split(" ", 1)[0]
    return int(digits) if digits.isdigit() else 0


def _difference(before: Institution | None, after: Institution) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, before and after, as JSON values; for a new one nothing and everything that is known."""
    names = [name for name in FACTS if (getattr(before, name) if before else None) != getattr(after, name)]
    old = {name: _json(getattr(before, name)) for name in names} if before else {}
    return old, {name: _json(getattr(after, name)) for name in names}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
