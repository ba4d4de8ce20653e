"""The sound of a character: toneless pinyin, by which dictation and hurried thumbs go wrong (疫描, 托玉所)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Sounds = Mapping[str, str]  # of a character; one that it lacks sounds only like itself


def common_sounds(also: Iterable[str] = ()) -> dict[str, str]:
    """Those of GB 2312's characters and of the texts `also`. To be kept in the model: pypinyin takes 0.1 s to import and 14 MB."""
    from pypinyin import lazy_pinyin

    gb2312 = bytes(byte for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for byte in (high, low)).decode(
        "gb2312", errors="ignore"
    )
    return {sign: lazy_pinyin(sign)[0] for sign in sorted(set(gb2312 + "".join(also))) if "一" <= sign <= "鿿"}
