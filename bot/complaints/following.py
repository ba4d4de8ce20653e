"""What a parent wants of a complaint that was filed: to know how it stands, to add, urge, withdraw, rate, have it handled again. Pure."""

from __future__ import annotations

import re

_WANTS = (
    ("withdraw", re.compile(r"撤(?:诉|回|销|掉|了)|不投诉了|不告了|不举报了|取消(?:投诉|举报|工单)|和解了")),
    ("anonymous", re.compile(r"(?:名字|姓名|电话|号码|信息|个人).{0,8}(?:去掉|删|抹|撤)|(?:删|去掉|抹).{0,8}(?:名字|姓名|电话|号码|信息)|改成?匿名|要匿名")),
    ("leak", re.compile(r"泄露|泄漏|知道是我|谁举报|谁投诉|报复|保密|匿名")),
    ("dissatisfied", re.compile(r"不满意|不服|重新(?:办|处理|调查)|不认可|敷衍|糊弄|没解决|不接受|假办结|凭什么办结")),
    ("rate", re.compile(r"(?<!\d)[1-5一二三四五]\s*(?:颗)?(?:星|分)|满意|好评|差评|评价|打分|评分")),
    ("why", re.compile(r"为什么|为啥|凭什么|怎么(?:转|是|给)")),
    ("add", re.compile(r"补充|补一?(?:下|点|个|张|交)|添加|再加|还有.{0,4}(?:情况|证据|照片|材料)|又(?:发生|出|来|有)|新(?:情况|证据|材料)|忘(?:了)?说")),
    ("urge", re.compile(r"催|快点|怎么还|抓紧|尽快|赶紧|(?:天|周|月|年)了?.{0,8}(?:没|还不|都不)"
                        r"|没(?:有)?(?:一点)?(?:音讯|动静|回音|消息|结果|人管|人理|下文|答复|回复)|不执行|不处理")),
)  # fmt: skip
# Of a complaint made elsewhere or before: 上个月投诉那家…现在啥情况了, 反映…那个事回我了没.
_BEFORE = re.compile(
    r"(?:之前|以前|上次|上个?(?:月|周|星期|礼拜)|[前昨今]天|前(?:阵子|几天|两天|段时间)|早就|已经|刚才|12345|12315|热线|月份?|[号日天年]前?)[^，。？?]{0,8}(?:投诉|举报|反映|打过)"
    r"|工单(?:号|尾号|编号)|(?:投诉|举报|反映)(?:了|过|的)|(?:投诉|举报|反映)[^。？?]{0,20}(?:那个|的事|工单|单子)"
)
_PROGRESS = re.compile(
    r"结果|进展|进度|到(?:哪|什么)|哪一?步|回(?:复|我|话|音)|答复|啥情况|什么情况|怎么样了|咋样了|咋说|信(?:了|儿|没)|消息|动静|下文|处理(?:了|没|得|到)|查(?:了|得|到|下|一下)|编号"
    r"|多久|还要几天|何时|啥时候|什么时候|有没有人|管了没|去检查|回音"
)
_LOST = re.compile(
    r"(?:单号|编号|工单号?|查询码|回执|LB\d*).{0,4}(?:我?(?:没|不)记|没存|没留|没了|看不清|忘|丢|找不[到着]|不见|记不|不知道|删了)|(?:没记|没存|忘了?|丢了?|找不[到着]|记不[住得清]).{0,4}(?:单号|编号|工单号|查询码)"
)
_OTHER_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?!LB)[A-Z]{2,4}-?\d{4,}", re.IGNORECASE)
_STARS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_ADDED = re.compile(r"^.{0,12}?(?:补充|补一?(?:下|点|个|张|交)|添加|再加)(?:一下|一点|个|材料|情况|证据|说明|内容|点)*[，,:：。]?\s*")


def wants(text: str) -> str:
    """What a message wants: withdraw, anonymous, leak, dissatisfied, rate, why, add, urge, or progress where it names nothing else."""
    return next((name for name, pattern in _WANTS if pattern.search(text)), "progress")


def told_before(text: str) -> bool:
    """Whether a message asks after a complaint that was made before, here or elsewhere, rather than tells a new one."""
    return bool(_BEFORE.search(text) and _PROGRESS.search(text))


def asks_progress(text: str) -> bool:
    """Whether a message asks in so many words how a complaint stands."""
    return bool(_PROGRESS.search(text))


def lost(text: str) -> bool:
    """Whether a message says that the number or the query code is not at hand: 单号没记, 查询码找不到了."""
    return bool(_LOST.search(text))


def other_number(text: str) -> str:
    """A number in a message that is none of ours, which begin with LB; empty where there is none."""
    match = _OTHER_NUMBER.search(text)
    return match.group() if match else ""


def stars(text: str) -> int | None:
    """1 to 5 of a rating; None where it says none."""
    if match := re.search(r"(?<!\d)([1-5一二三四五])\s*(?:颗)?(?:星|分)|^\s*([1-5])\s*$", text):
        said = match[1] or match[2]
        return _STARS.get(said) or int(said)
    if re.search(r"不满意|差评", text):
        return 1
    return 5 if re.search(r"非常满意|很满意|好评", text) else None


def added(text: str) -> str:
    """The words that are to be added; empty where a message only says that it wants to add."""
    rest = _ADDED.sub("", text).strip("，,。!！ ")
    return rest if len(rest) > 4 else ""
