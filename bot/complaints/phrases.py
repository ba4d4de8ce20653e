"""How people say yes, no, never mind, and what they ask while they tell a complaint: the patterns that hearing, telling and answering go by. Pure."""

from __future__ import annotations

import re

_SHORT_QUESTION = 20  # characters up to which 谁管 asks who handles it; in a longer story it may be told


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_GIVES_UP = r"(?:算了|不投诉了|不举报了|不告了|取消|撤销|撤回|撤了|不弄了|不想投诉了|放弃|先不投诉)"
CANCEL = re.compile(rf"^(?:那|还是|我)?{_GIVES_UP}(?:吧|了|投诉)?[，,。!！]?(?:不投诉了|不弄了|不告了)?[。!！]?$")
# Said at the end of whatever else: 我想想再说; whether it is meant is asked.
THINKS_AGAIN = re.compile(
    r"(?<![说让叫要才])(?:^|(?<![说让叫要才])[我俺咱]|[，,。 ]|算了|还是|要不)(?:就|先|暂时|也)*"
    r"(?:不(?:想|打算|准备)?(?:再)?(?:投诉|举报|告(?:他们?|她们?|它)?|反映)(?:他们?|她们?|它)?了(?!就|才|他|她)"
    r"|(?:(?:再)?(?:考虑|商量)(?:一下|考虑|商量)?|再?想(?:一?想|一下))(?:吧|再说|再定|再决定)[。！!]*$)"
    r"|(?:投诉|举报)(?:能|可以|帮我|给我|想|要)*(?:不能|不可以)?(?:撤|撤了|撤掉|撤销|撤回|取消)(?:吗|不|么|吧|了|掉)?[？?。！!]*$"
    r"|(?:^|[，,。 ])(?:那|还)?(?:能|可以|帮我|给我)(?:不能|不可以)?(?:撤|撤了|撤掉|撤销|撤回|撤诉|取消)(?:投诉|举报)?(?:吗|不|么|吧|了|掉)?[？?。！!]*$"
)
SUBMIT = _any(r"提交|交上去|报上去|递上去|发出去|确认|可以了|就这样", r"没(?:有)?(?:别的|其他|什么要?补充)")
YES = re.compile(r"^(?:是|对|嗯|好|行|可以|没问题|没错|确定|要得|中|ok|yes)(?:的|呀|啊|了|吧|滴)?[，,。!！]?")
SKIP = re.compile(
    r"^(?:我?也?)?(?:不知道|不清楚|不晓得|记不清|不记得|忘了|跳过|下一个|过|随便|无|没有|没了|不说|不想说|不告诉|不留|别留|不用|不方便|不想|不愿)"
)
RESUME = re.compile(r"继续|接着|投诉|刚才的?(?:事|投诉)|回到")
LEANS = re.compile(r"那.{1,8}呢[？?]?")  # asked of another topic's answer
GO_ON = re.compile(r"(?:好的?|嗯|那)?[，,]?(?:继续|接着)(?:来|投诉|说|办|填)?(?:吧|呀|啊)?[。!！]?")
CORRECT = re.compile(r"不是|不对|改(?:成|为|一下|下)?|错了|应该是|更正|说错|写错|记错")
CHANGE_ONLY = re.compile(r"^(?:我?(?:要|想))?(?:改|修改|更正)(?:一下|下|一改|内容)?[。!！]?$")
ASKS = _any(r"[?？]|吗|呢|多少|怎么|咋|什么|啥|几|哪|为什么|是不是|有没有|能不能|可不可以|[了过]没有?$", r"先问|问个|问一下|该打|该吃")
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
PRAISE = re.compile(r"(?:我|想|要|来)表扬|(?:不是|不)投诉[，,]?.{0,4}(?:感谢|夸)|(?:感谢|夸).{0,6}不是投诉|锦旗")
ABOUT_US = re.compile(
    r"(?:投诉|举报)(?:的?就?是)?(?:你们?(?:这个?|的)?|这个?)?(?:机器人|连宝)|(?:投诉|举报)(?:的?就?是)?(?:你们?(?:这个?|的)?|这个?)(?:智能客服|客服|小助手|人工智能|ai)"
    r"|(?:投诉|举报)你(?:自己)?[。！!]?$",
    re.IGNORECASE,
)
REFUSES = re.compile(r"^(?:[不别免没无]|算了|匿名)")
# Asks something back: never the answer to what was asked.
QUESTION = re.compile(
    r"[?？]$|(?:吗|(?<!什)么|[了过]没有?|.{2}不)[。！!]*$|^能.{1,6}一下|^(?:那|我|你|请问|这)*(?:为什么|为啥|怎么|咋|谁|哪|多久|几天|要不要|能不能|可不可以|是不是|有没有|会不会)"
)
BOTH = re.compile(r"(?:两个|都|一起|同时).{0,6}(?:报|投|转|告|通知)")
NO_CONTACT = _any(
    r"没(?:有|得)?(?:电话|手机)",
    r"不(?:想|愿意?|要|用|方便)?(?:留|给|写|填)(?:下)?.{0,6}(?:电话|手机|号码|联系方式|姓名|名字)",
    r"别留.{0,4}(?:名|电话)|不留(?:电话|名)|匿名",
)
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_MASKED = re.compile(r"(?<!\d)(?:1[3-9]\d|0\d{2,3}-?)\*{4}\d{3,4}(?!\d)")  # as earlier messages are kept (bot.dialogue.turn.masked)
ONLY_PLACE = re.compile(r"(?:那边|那块|那儿|那里|这块|这儿|附近|旁边|对面|这边|路|街道?|小区|镇|村|区|县|广场)$")
# Not what was told before, but something else.
NOT_THIS = re.compile(r"不(?:是|要)(?:投诉|说)?(?:这件|这个|这事|那件|那个|刚才(?:那|的)).{0,2}[。！!]?")
# Whom or what a message speaks against: without it, what sounds like a complaint may be a question or a child's day.
AGAINST = _any(
    r"单位|公司|厂|老板|领导|人事|托育|托儿|托班|托管|幼儿园|早教|园里|园长|老师|阿姨|保育|机构|医院|护士|医生|接种|社区|物业|开发商|他们|人家",
    r"才(?:发|给)|只(?:发|给)|不(?:给|让|发|批|退|管|办|合理)|没(?:给|发|批|退|办)|扣|逼|欠|降薪|辞|裁|拖|骗|坑|涨价",
)
# Before the name or the day that an answer gives.
LEADING = re.compile(
    r"^(?:不[是对][，,]|好了|对了?|嗯|哦|就|是|叫做?|名字(?:是|叫)?|机构(?:是|叫)?|[厂店园]名(?:是|叫)?|(?:公司|单位)名(?:称|字)?(?:是|叫)?|名(?:是|叫)|应该|好像|大概|在|它)[，,]?\s*"
)
# What 我要投诉 says before anything is told.
BARE = re.compile(
    r"(?:这|太|真|很|实在|也)*(?:不合理|不公平|不像话|气死?人|气死我|过分|离谱|欺负人|受不了)[了啊吧]*"
    r"|我|要|想|投诉|举报|反映|一下|个|问题|情况|你好|您好|吗|怎么|可以|在哪|哪里|[，,。!！?？\s]"
)
# Intents of other topics: asked in the middle, they are answered, and the complaint waits.
OTHERS = re.compile(r"^(?:ask_(?!followup|source|capabilities)|find_childcare|report_symptom)")


def process_question(text: str) -> str:
    """Which question on how complaints are handled a message asks; empty where it asks none."""
    if len(text) <= _SHORT_QUESTION and (POLICE.search(text) or WHO_HANDLES.search(text)):
        return "police" if POLICE.search(text) else "who_handles"
    if WHO_SEES.search(text):
        return "who_sees"
    if HOW_TO_FOLLOW.search(text):
        return "how_to_follow"
    if BOTH.search(text):
        return "both"
    return "why" if WHY.search(text) else ""


def without_phone(text: str) -> str:
    """A message as it stands in the story: its telephone number is kept apart."""
    return _MASKED.sub("", PHONE.sub("（电话另存）", text))


def phone_in(text: str) -> str:
    """The telephone number in a message, empty where there is none."""
    match = PHONE.search(text)
    return match.group() if match else ""
