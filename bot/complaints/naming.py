"""An institution's name in what a parent writes, and what cannot be one. Pure."""

from __future__ import annotations

import re

_KIND_OF_PLACE = r"(?:托育园|托育中心|托育机构|托育|托儿所|托管中心|托管班|幼儿园|亲子园|早教中心|早教|照护中心|保育院|宝贝屋)"
_NAME = re.compile(
    rf"(?=(?:(?:投诉|举报|反映|[:：,，。\s]|^|[区县镇里的]|街道|[那这]个|[那这]家|[那这]所)(?:它|机构|名字|园)?(?:叫做?|名叫|是)?|叫做?|名叫|名字(?:是|叫)?|名称(?:是)?)(?P<name>(?P<stem>[\u4e00-\u9fa5A-Za-z0-9·]{{2,8}}?){_KIND_OF_PLACE}))"
)
# A hospital, an office or a company is named as it stands: 市妇幼, 第一人民医院, 白塔埠卫生院, 恒顺机械厂.
_OTHER_NAME = re.compile(
    r"(?=(?:投诉|举报|反映|[:：,，。\s]|^|[那这]个|[那这]家|是|叫|在)(?P<name>(?P<stem>连云港市|[市县区]|(?:[市县区])?第[一二三四五]|[\u4e00-\u9fa5A-Za-z]{2,8}?|(?=妇))"
    r"(?:妇幼保健院|妇幼|妇保院|人民医院|中医院|儿童医院|卫生院|社区卫生服务(?:中心|站)|有限(?:责任)?公司|机械厂|服装厂|食品厂|化工厂|街道办事?处?)))"
)
_GENERIC = re.compile(
    r"投诉|举报|反映|叫|[区县]|一[家个所]|[这那某该哪两几全每][家个所]?|我|他|她|你|它|咱|俺|自[己家]|黑|私[立人]|公[立办]|民[办营]|无证|的|附近|周边|旁边|小区|家[里长]|[有想要找去开办上送没不把给对和跟让是进被看到再又也都还]|孩子|宝宝|娃|儿子|女儿"
    r"|普惠|通过|高温|而且|以[前后]|结果|刚|作为|屋顶|居民楼|安置|县城|城区|镇上|村里|配套|建设|经常|正规|什么|^破|市[里区]|为|关于|老师|园长|因为|所以|如果|双语"
)
_LEVELS = frozenset({"市", "县", "区", "连云港市"})
_SAID_NAME = re.compile(
    r"(?:(?:(?:机构|幼儿园|托育园|园|店|公司|单位|厂|药企|医院)?的?名[字称]?(?:[写说记打]?错了?|不对)?)[，,。 ]*(?:应该|其实)?"
    r"(?:是|叫做?|改[成为]|为|[:：])|(?:^|[，,。 ])(?:它|他们|就|好像)?叫(?:做|个什么|什么|啥|个)?(?=.{2})|(?:机构|公司|单位|药企|医院|[这那]家)叫做?)[，,。 ]*"
    r"(?P<name>[\u4e00-\u9fa5A-Za-z0-9·（）()]{2,24})"
)
_RENAMED = re.compile(
    r"不是(?P<old>[^，。,]{2,12}?)[，,、 ]*(?:(?:打|说|弄|写|记|搞)错了[，,、 ]*)?(?:应该|而)?是(?P<new>[^，。,]{2,14}?)[吧了呀啊]?$"
)
_NAME_ALONE = re.compile(r"[\u4e00-\u9fa5A-Za-z0-9·（）()]{2,20}")
_NO_NAME = re.compile(
    r"投诉|举报|反映|不知|不清楚|不晓得|告(?:他|她|它|死)"
    r"|^(?:什么|啥|咋|谁|哪|不是|不对|我(?!爱)|俺|他|她|它|你|谢|好的|这|那)|破(?:托育|机构|园|地方|公司|单位)|[一二三四五六七八九]年级|^(?:大|中|小)班$|了$|假$|牙印|[流淌出]血|[红发]?肿|破皮|红点|发烧|咳嗽|[疼痛]$|那个$|^(?:单|编|工单)号|^[A-Za-z]{2,4}-?\d|^名[字称](?!是|叫|为|[:：])|(?:一会儿?|等会|待会|回头|晚点).{0,4}(?:发|给|告诉|说)|截图|照片|录音|视频|证据|[吗呢?？]$|(?<!什)么$"
    r"|(?:孩子|娃|宝宝|老师|阿姨|儿子|女儿|我|他|她)们?[^，。]{0,4}(?:都|被|没|说|哭|吐|流|打|咬|发烧|不)|^[\d一二三四五六七八九十几好]+个(?:$|在|[，,])|为什么|怎么|多少|多久|能不能|可不可以|要不要|该不该|是不是|(?<!叫)什么时候|^(?:帮|给|替)我|^你|客气"
)
_SPEECH = re.compile(
    r"孩子|娃|儿子|女儿|老师|阿姨|我|俺|他|她|们|没|不|了|很|太(?!阳|空)|被|把|打|吃|说|在|有|到|去|给|让|着|过|的|[吗呢啊哦吧呀]|[一二两三四五六七八九十几半\d]+[个岁楼次回天月年]"
)


def institution_of(text: str) -> str:
    """The institution's name where one is said; empty for 一家托育园, 这家幼儿园."""
    return next(
        (match["name"] for pattern in (_NAME, _OTHER_NAME) for match in pattern.finditer(text) if not _generic(match["stem"])),
        "",
    )


def _generic(stem: str) -> bool:
    return stem not in _LEVELS and bool(_GENERIC.search(stem))


def name_in(text: str) -> str:
    """The institution's name where a message says that it is one: 机构名是××, 名字写错了，是××, 叫××."""
    match = _SAID_NAME.search(text)
    return match["name"] if match and like_a_name(match["name"]) else ""


def renamed(known: str, text: str) -> str:
    """The name that a message puts in the place of the known one: 不是妇幼，是第一人民医院; empty where it is about something else."""
    match = _RENAMED.search(text) if known else None
    return match["new"] if match and (match["old"] in known or known in match["old"]) and like_a_name(match["new"]) else ""


def like_a_name(answer: str) -> bool:
    """Whether an answer looks like an institution's name: 宝贝星球, 市东社区卫生服务中心; no sentence, no school year, no insult."""
    return bool(_NAME_ALONE.fullmatch(answer)) and not _NO_NAME.search(answer) and not _SPEECH.search(answer)


def no_name(answer: str) -> bool:
    """Whether an answer cannot be an institution's name: 我要投诉他们, 六年级, 什么破托育."""
    return bool(_NO_NAME.search(answer))
