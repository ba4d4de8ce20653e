"""What people ask of complaining itself while they tell a complaint: who sees it, who handles it, what is needed. Pure."""

from __future__ import annotations

import re

_A_QUESTION = 28  # characters of a question that names what it asks
_SHORT_QUESTION = 20  # characters up to which 谁管 asks who handles it; in a longer story it may be told


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


HOW_TO_FOLLOW = _any(
    r"(?:怎么|咋|如何|哪里|在哪).{0,6}(?:知道|查|看|问|等).{0,4}(?:结果|进度|处理|回复)?",
    r"(?:多久|多长时间|什么时候|几天).{0,8}(?:结果|回[复话音信]|处理|办|答复|解决)",
    r"(?:多久|几天|什么时候)[^不没，。]{0,4}(?:给我?|告诉我)(?:回|结果|答复|消息|个?信|$)|怎么通知我|给(?:我|俺)?一?个(?:编|单|工单|查询|投诉)?号(?!码|线|称|召)",
)
WHO_SEES = _any(
    r"(?:知道|透露|泄露|泄漏|告诉|查出|发现|认出|晓得).{0,8}(?:是我|我是谁|我的|我家|谁投诉|谁举报)",
    r"(?:会|不会|能).{0,6}(?:报复|泄露|泄漏|保密)",
    r"(?:会不会|会|不会).{0,4}(?:告诉|通知|透露给?|转给).{0,4}(?:园|厂|机构|单位|他们|她们|对方|老板|老师|公司|学校|幼儿园)",
    r"(?:给|让|被).{0,4}(?:园|厂|机构|单位|对方|老板|老师).{0,4}(?:看|知道|晓得)",
    r"匿名.{0,4}(?:吗|是什么|安全)|谁(?:能|会)?看(?:到|见)",
)
WHY = _any(r"为什么.{0,10}(?:部门|局|委|管|转|给|交给|是|不是)", r"凭什么.{0,6}(?:管|转)", r"怎么(?:是|不是).{0,6}(?:局|委)")
WHO_HANDLES = _any(
    r"(?:找|归|该|由|问)(?:谁|哪(?:个|家|里|儿)?(?:部门|单位|局)?|(?:什么|啥)(?:部门|单位|局))(?:管|投诉|告|处理|负责|反映|举报|说理|解决|办)",
    r"^(?:那|这事?|到底|我)*(?:应该|该|要|得)?找(?:谁|哪(?:个|家|里)(?:部门|单位)?|(?:什么|啥)部门)[啊呀呢]?[?？]?$",
    r"归(?:谁|哪(?:个|里|儿)?(?:部门|单位|局)?)管?[啊呀的]?[?？]?$|谁(?:来|能|会)?管管?(?:这事|这个|啊|呀|呢|[?？]|$)",
    r"(?:哪个|哪家|什么|啥)(?:部门|单位|局)(?:管|负责|处理)",
)
POLICE = _any(
    r"(?:要不要|用不用|该不该|需不需要|能不能|可不可以|可以|是不是|我们?[要该能想])(?:先|去|得|该|直接|现在)*(?:报警|打110|找(?:警察|公安)|报公安)",
    r"(?:报警|打110|找警察)(?:还是|吗|好|行|有用|管用|有没有用)|还是(?:报警|打110)",
)
BOTH = re.compile(r"(?:两个|都|一起|同时).{0,6}(?:报|投|转|告|通知)")
MATERIALS = _any(
    r"(?:要|用|得|准备|带|交|提供)(?:准备|带|交|提供|什么|些|啥|哪些)*(?:什么|啥|哪些)(?:材料|证据|东西|手续|资料|证明)",
    r"(?:身份证|名字|姓名|证据|发票|合同|聊天记录|照片|视频|录音|截图|转账|打卡记录|病历|收据)[^，。]{0,6}(?:要不要|用不用|要给|行不行|行吗|可以吗|可以不|算不算|能不能|有没有用|有用吗|要吗|够吗|够不够|[发交传]给?(?:谁|哪)|怎么[发交传])",
    r"(?:要|用|需要)(?:不要|不用)?(?:[^，。]{0,8})?(?:[写给报填留签])[^，。]{0,6}(?:名字?|身份证|字)(?:吗|不|么|[?？])",
)
LEGAL = re.compile(
    r"(?:算不算|是不是|犯不犯|违不违|合不合|属不属于|算|属于)[^，。]{0,3}(?:违法|犯法|犯罪|违规|合法|合规|法|规)(?:吗|么|不|啊|的|[?？]|$)|(?:合法|违法|犯法|违规|合规|合理)(?:吗|么|不|[?？])"
)
WHO_CALLS = re.compile(
    r"(?:谁|哪个|什么时候|啥时候|几时|几点)[^，。]{0,4}(?:[跟给和找]我们?)[^，。]{0,3}(?:联系|打电话|回电|回电话)|给我打电话(?:吗|不|么|[?？])"
)
WRITES = re.compile(
    r"(?:[帮给替](?:我|俺|咱)们?)(?:写|记|弄|组织|整理)|(?:写|说)(?:得)?客气(?:点|些)|(?:^|[我俺])不(?:识|认得?)[几个]*字|(?:^|[我俺])不会写"
)
CHILD_FIRST = re.compile(r"先(?:去)?(?:看病|医院|就医)[^，。]{0,4}还是|还是先(?:去)?(?:看病|医院|就医)")
THREATENS = re.compile(
    r"拼命|[跟找][他她它这那][^，。]{0,4}(?:拼|算账|干架|打一架)|砸(?:了)?(?:他|她|它|园|店)|(?:弄|打|整)死(?:他|她|它)|同归于尽"
)
OR_12345 = re.compile(
    r"12345[^，。]{0,8}(?:区别|不同|一样)|12345[^，。]{0,6}(?:帮我|替我|你能)[^，。]{0,3}打|(?:帮我|替我)[^，。]{0,3}打12345"
)
WHO_MAY = re.compile(
    r"(?:爷爷|奶奶|姥姥|外婆|邻居|亲戚|阿姨|不是我家|我不是家长|替|代表|代)[^，。]{0,12}(?:能|可以)[^，。]{0,4}(?:投诉|举报|说|反映|报)|代表[^，。]{0,8}(?:可以|行|能)(?:吗|不|么)"
    r"|(?:也|我)(?:能|可以)(?:投诉|举报)(?:吗|不|么)|一个一?个来"
)
CAN_YOU = re.compile(r"(?:你们?|这里|这)?(?:到底)?(?:能不能|能|管不|会不会)?(?:帮忙)?管管?(?:不管|不|吗|么)[啊呀]?[?？]?$")


def process_question(text: str) -> str:
    """Which question on how complaints are handled a message asks; empty where it asks none."""
    short = len(text) <= _SHORT_QUESTION
    if short and THREATENS.search(text):
        return "calm"
    if short and (POLICE.search(text) or WHO_HANDLES.search(text)):
        return "police" if POLICE.search(text) else "who_handles"
    if WHO_SEES.search(text):
        return "who_sees"
    for name, pattern in (
        ("child_first", CHILD_FIRST),
        ("who_may", WHO_MAY),
        ("or_12345", OR_12345),
        ("who_calls", WHO_CALLS),
        ("materials", MATERIALS),
    ):
        if len(text) <= _A_QUESTION and pattern.search(text):
            return name
    if HOW_TO_FOLLOW.search(text):
        return "how_to_follow"
    if BOTH.search(text):
        return "both"
    if WHY.search(text):
        return "why"
    for name, pattern in (("legal", LEGAL), ("writes", WRITES), ("can_you", CAN_YOU)):
        if short and pattern.search(text):
            return name
    return ""
