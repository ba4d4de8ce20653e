"""How people say yes, no, never mind while they tell a complaint: the patterns that hearing, telling and answering go by. Pure."""

from __future__ import annotations

import re


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_GIVES_UP = r"(?:算了|不投诉了|不投了|不报了|不举报了|不告了|取消|撤销|撤回|撤了|不弄了|不想投诉了|放弃|先不投诉)"
CANCEL = re.compile(rf"^(?:那|还是|我)?{_GIVES_UP}(?:吧|了|投诉)?[，,。!！]?(?:不投诉了|不弄了|不告了)?[。!！]?$")
# Said at the end of whatever else: 我想想再说; whether it is meant is asked.
THINKS_AGAIN = re.compile(
    r"(?<![说让叫要才])(?:^|(?<![说让叫要才])[我俺咱]|[，,。 ]|算了|还是|要不)(?:就|先|暂时|也)*"
    r"(?:不(?:想|打算|准备)?(?:再)?(?:投诉?|举?报|告(?:他们?|她们?|它)?|反映)(?:他们?|她们?|它)?了(?!就|才|他|她)"
    r"|(?:(?:再)?(?:考虑|商量)(?:一下|考虑|商量)?|再?想(?:一?想|一下))(?:吧|再说|再定|再决定)[。！!]*$)"
    r"|(?:投诉|举报)(?:能|可以|帮我|给我|想|要)*(?:不能|不可以)?(?:撤|撤了|撤掉|撤销|撤回|取消)(?:吗|不|么|吧|了|掉)?[？?。！!]*$"
    r"|(?:^|[，,。 ])(?:那|还)?(?:能|可以|帮我|给我)(?:不能|不可以)?(?:撤|撤了|撤掉|撤销|撤回|撤诉|取消)(?:投诉|举报)?(?:吗|不|么|吧|了|掉)?[？?。！!]*$"
)
# Said of the complaint itself, wherever it stands: nothing is to be filed.
NOT_AT_ALL = re.compile(
    r"(?:[我俺咱](?:可|又|也|就|并|真)?不(?:是)?|^(?:这)?不是)(?:要|想|来)?(?:投诉|举报)(?:的|你们?|他们?|谁|啊|呀|哈)*(?:[，,。！! ]|$|(?=就|只|是?想?问))"
    r"|别(?:给我|帮我|给俺)(?:登记|记下来|报上去|立案|投诉)"
)
# It is to be kept and gone on with another time.
PAUSE = re.compile(
    r"先别(?:交|提交|报)|我(?:先|得)?[跟和][^，。]{1,4}商量|(?:先|就)(?:放着|放一放|存着|搁着|不急)|(?:存|放|搁)着(?:吧|别丢)|(?:回头|晚点|改天|等会儿?|待会儿?|过会儿?|明天|有空)再(?:说|来|弄|报|填|讲|投诉)|[我俺]先(?:去|带)[^，。]{0,6}(?:看(?:病|医生)?|医院)(?:吧|再说|[，,。]|$)|出(?:了)?月子再"
)
SUBMIT = any_of(
    r"^(?:那|就|先|快|赶紧|帮我|给我)*(?:把(?:它|投诉|这个))?交(?:了|吧|上|给他们)*[。！!]?$|(?:先|就)(?:把)?(?:投诉)?(?:给我)?[交报](?:了|上)吧?(?:[，, ]|$)",
    r"提交|交上去|报上去|递上去|发出去|确认|可以了|就这样",
    r"没(?:有)?(?:别的|其他|什么要?补充)",
)
YES = re.compile(r"^(?:是|对|嗯|好|行|可以|没问题|没错|确定|要得|中|ok|yes)(?:的|呀|啊|了|吧|滴)?[，,。!！]?")
SKIP = re.compile(
    r"^(?:我?也?)?(?:不知道|不清楚|不晓得|记不清|不记得|忘了|跳过|下一个|过|随便|无|没有|没了|不说|不想说|不告诉|不留|别留|不用|不方便|不想|不愿)"
)
RESUME = re.compile(r"继续|接着|投诉|刚才的?(?:事|投诉)|回到")
# The institution has no name, or it is not to be told.
NAMELESS = re.compile(
    r"没(?:有)?(?:挂)?(?:名字|招牌|牌子|店名)|(?:名字?|叫啥|叫什么|哪个|哪家|具体)[^，。]{0,6}(?:不(?:想|方便|能|便)(?:说|讲|透露)|不(?:晓得|知道|清楚))|不(?:想|方便|便)(?:说|讲|透露)(?:名|是哪)|不(?:知道|晓得|清楚|记得)(?:它|他家|那家)?(?:叫(?:什么|啥)|名字|是哪家)"
)
LEANS = re.compile(r"那.{1,8}呢[？?]?")  # asked of another topic's answer
GO_ON = re.compile(r"(?:好的?|嗯|那)?[，,]?(?:继续|接着)(?:来|投诉|说|办|填)?(?:吧|呀|啊)?[。!！]?")
CORRECT = re.compile(r"(?<!是)不是|(?<!对)不对|改(?:成|为|一下|下)?|错了|应该是|更正|说错|写错|记错")
CHANGE_ONLY = re.compile(r"^(?:我?(?:要|想))?(?:改|修改|更正)(?:一下|下|一改|内容)?[。!！]?$")
ASKS = any_of(
    r"[?？]|吗|呢|多[少久长]|怎么|咋|什么|啥|几|哪|为什么|是不是|有没有|能不能|可不可以|[了过]没有?$", r"先问|问个|问一下|该打|该吃"
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
# The same within a sentence: 你说我该不该投诉, 是给我办一个还是两个.
ASKS_WITHIN = re.compile(
    r"该不该|算不算|要不要|需不需要|有(?:啥|什么|没有)区别|还是[^，。]{1,4}$|(?:是|由|归)?(?:谁|哪(?:里|个部门)?)(?:在|来)?[^，。]{1,3}$|(?:多久|多长时间)[^，。]{0,3}$"
)
NO_CONTACT = any_of(
    r"没(?:有|得)?(?:电话|手机)",
    r"不(?:想|愿意?|要|用|方便)?(?:留|给|写|填)(?:下)?.{0,6}(?:电话|手机|号码|联系方式|姓名|名字)",
    r"别留.{0,4}(?:名|电话)|不留(?:电话|名)|匿名|^(?:都|也|我)?不留[了吧]?[。！!]*$",
    r"(?:电话|手机号?|号码|联系方式|姓名|名字)(?:我|就|都|也)*(?:不|别)(?:想|愿意?|要|用|方便|打算)?(?:留|给|写|填)",
)
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_MASKED = re.compile(r"(?<!\d)(?:1[3-9]\d|0\d{2,3}-?)\*{4}\d{3,4}(?!\d)")  # as earlier messages are kept (bot.dialogue.turn.masked)
ONLY_PLACE = re.compile(r"(?:那边|那块|那儿|那里|这块|这儿|附近|旁边|对面|这边|路|街道?|小区|镇|村|区|县|广场)$")
# Not what was told before, but something else.
NOT_THIS = re.compile(r"不(?:是|要)(?:投诉|说)?(?:这件|这个|这事|那件|那个|刚才(?:那|的)).{0,2}[。！!]?")
# Whom or what a message speaks against: without it, what sounds like a complaint may be a question or a child's day.
AGAINST = any_of(
    r"单位|公司|厂|老板|领导|人事|托育|托儿|托班|托管|幼儿园|早教|园里|园长|老师|阿姨|保育|机构|医院|护士|医生|接种|社区|物业|开发商|他们|人家",
    r"才(?:发|给)|只(?:发|给)|不(?:给|让|发|批|退|管|办|合理)|没(?:给|发|批|退|办)|扣|逼|欠|降薪|辞|裁|拖|骗|坑|涨价",
)
# Before the name or the day that an answer gives.
LEADING = re.compile(
    r"^(?:不[是对][，,]|好了|对了?|嗯|哦|就|是|叫(?:什么|啥|个)(?=.{2})|叫做?|名字(?:是|叫)?|机构(?:是|叫)?|[厂店园]名(?:是|叫)?|(?:公司|单位)名(?:称|字)?(?:是|叫)?|名(?:是|叫)|应该|好像|大概|在|它)[，,]?\s*"
)
# What 我要投诉 says before anything is told.
BARE = re.compile(
    r"(?:这|太|真|很|实在|也)*(?:不合理|不公平|不像话|气死?人|气死我|过分|离谱|欺负人|受不了)[了啊吧]*"
    r"|我|俺|咱|要|想|告|帮|替|给|那|就|行|好|吧|呗|嘛|再|重新|还是|算了|一次|一遍|[他她]们|投诉|举报|反映|一下|个|问题|情况|你好|您好|吗|怎么|可以|在哪|哪里|[，,。!！?？\s]"
)
# Intents of other topics: asked in the middle, they are answered, and the complaint waits.
OTHERS = re.compile(r"^(?:ask_(?!followup|source|capabilities)|find_childcare|report_symptom)")


def without_phone(text: str) -> str:
    """A message as it stands in the story: its telephone number is kept apart."""
    return _MASKED.sub("", PHONE.sub("（电话另存）", text))


def phone_in(text: str) -> str:
    """The telephone number in a message, empty where there is none."""
    match = PHONE.search(text)
    return match.group() if match else ""
