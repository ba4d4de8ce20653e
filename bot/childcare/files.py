"""Read a list of institutions: CSV (UTF-8 with or without BOM, GB18030) or xlsx, as rows of cells by heading. What cannot be read is a fault with its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

MOST_ROWS, MOST_COLUMNS, MOST_BYTES, _MOST_UNZIPPED = 50_000, 100, 30_000_000, 300_000_000
_NUMBER = re.compile(r"[+-]?[\d\s().-]+")
_GARBLED = re.compile("[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f]|锟斤拷|烫烫烫|ï»¿|â€|Ã.")


class ImportRefused(ValueError):
    """A file is not taken in; `faults` are Chinese lines, one a fault, with the row where there is one."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(faults[0] if faults else "")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Sheet:
    """Rows of cells by heading, each with its row number in the file (the headings are row 1 where nothing stands above), and faults met on the way."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    faults: tuple[str, ...]


def plain(heading: str) -> str:
    """A heading without spaces, brackets and what stands in them: 收费（元/月） is 收费."""
    return re.sub(r"[（(\[【].*?[)）\]】]|[\s*＊:：]", "", heading)


def read_sheet(name: str, data: bytes, known: Iterable[str]) -> Sheet:
    """The rows of a file. `known` are the headings to tell the row of headings by. Raises ImportRefused where nothing of it can be read."""
    if len(data) > MOST_BYTES:
        raise ImportRefused([f"文件太大（超过 {MOST_BYTES // 1_000_000} MB），请分成几个文件。"])
    if data[:4] == b"PK\x03\x04":
        return _sheet(_xlsx(data), frozenset(known))
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise ImportRefused(["这是旧式的 xls 文件，请另存为 xlsx 或 CSV（UTF-8）。"])
    if name.lower().endswith(".xlsx"):
        raise ImportRefused(["这不是能打开的 xlsx 文件。"])
    return _sheet(_csv(data, frozenset(known)), frozenset(known))


def _xlsx(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNZIPPED:
                raise ImportRefused(["xlsx 展开后太大，请分成几个文件。"])
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows = list(enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True), 1))
    except ImportRefused:
        raise
    except (BadZipFile, Exception) as error:  # a broken workbook fails in any way there is
        raise ImportRefused(["这不是能打开的 xlsx 文件。"]) from error
    yield from ((number, list(cells)) for number, cells in rows)


def _csv(data: bytes, known: frozenset[str]) -> Iterator[tuple[int, list[Any]]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportRefused(["文件是 UTF-16 编码，请另存为 CSV（UTF-8）或 xlsx。"])
    data = data.removeprefix(b"\xef\xbb\xbf")
    # The headings tell the encoding: a broken line further down is then a fault of that line, not of the file.
    beginning = data[:20_000]
    encoding = next(
        (each for each in ("utf-8", "gb18030") if any(word in beginning.decode(each, "replace") for word in known)), None
    )  # fmt: skip
    if encoding is None:
        raise ImportRefused(["看不出文件的编码，或者没有“机构名称”“统一社会信用代码”这样的表头。请另存为 CSV（UTF-8）或 xlsx。"])
    text = data.decode(encoding, "replace").replace("\x00", "\ufffd")
    delimiter = "\t" if text.split("\n", 1)[0].count("\t") > text.split("\n", 1)[0].count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ImportRefused([f"第 {number} 行：CSV 的引号或分隔符不对。"]) from error
        yield number, list(cells)


def _sheet(lines: Iterable[tuple[int, list[Any]]], known: frozenset[str]) -> Sheet:
    headings: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[str] = []
    for number, cells in lines:
        if not headings:
            named = tuple(plain(str(cell)) if cell is not None else "" for cell in cells)
            if len(known & set(named)) >= 2:
                headings = named
            elif number > 10:
                break
            continue
        if len(rows) >= MOST_ROWS:
            raise ImportRefused([f"超过 {MOST_ROWS} 行，请分成几个文件。"])
        if all(cell is None or not str(cell).strip() for cell in cells):
            continue
        filled: dict[str, str] = {}
        for heading, cell in zip(headings, cells, strict=False):
            if not heading:
                continue
            text, fault = cell_text(cell)
            if fault:
                faults.append(f"第 {number} 行：“{heading}”{fault}")
            filled[heading] = text
        rows.append((number, filled))
    if not headings:
        raise ImportRefused(["前 10 行里没有找到表头（至少要有“机构名称”和“统一社会信用代码”）。"])
    return Sheet(headings, tuple(rows), tuple(faults))


def cell_text(cell: Any) -> tuple[str, str]:
    """(what stands in a cell, what is wrong with it)."""
    if cell is None:
        return "", ""
    if isinstance(cell, datetime):
        return cell.date().isoformat(), ""
    if isinstance(cell, (date, time)):
        return cell.isoformat()[:10] if isinstance(cell, date) else cell.isoformat()[:5], ""
    if isinstance(cell, bool):
        return ("是" if cell else "否"), ""
    if isinstance(cell, int):
        return str(cell), ""
    if isinstance(cell, float):
        return (str(int(cell)) if cell.is_integer() else repr(cell)), ""
    if not isinstance(cell, str):
        return "", "是公式，请粘贴成数值再导入。"
    text = cell.strip()
    if text.startswith(("=", "@", "＝")) or (text[:1] in "+-" and len(text) > 2 and not _NUMBER.fullmatch(text)):
        return "", "是公式，请粘贴成数值再导入。"
    if re.fullmatch(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", text):
        return "", f"是出错的公式（{text}），请改好再导入。"
    if _GARBLED.search(text):
        return "", "有乱码，请检查这一格，或把文件另存为 CSV（UTF-8）。"
    return re.sub(r"\s+", " ", text), ""
