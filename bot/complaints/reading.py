"""What a parent's complaint already says: its kinds, the institution's nature and name, when, who is hurt, evidence, the wish. Pure.

Nothing is guessed that is not said: whatever is absent is asked, or left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.complaints.naming import institution_of
from bot.complaints.when import day_of, when_in
from bot.knowledge.model import ComplaintKind

MOST_KINDS = 4
NO_KIND = "none"  # what a message sounds like that tells of no grievance yet
_NAMED, _LIKELY = 0.8, 0.15  # what being named first counts where the loudest counts 1; the least chance that counts
_SENTENCE = re.compile(r"[。！!？?；;\n]+")
# Words that look like violence or closing and are none.
_HARMLESS = re.compile(
    r"打(?:了?(?:个|过|多少|多次|好几次|很多次)?(?:电话|投诉|热线)|12345|110|120|119|12315|(?:预防|疫苗|防疫)?针|疫苗|扫|算|卡|折|开|听|着|包|印|游戏|交道|工|车|招呼|架子鼓|水|点|理|广告|拼)"
    r"|合不合[法规理]|(?:要是|如果|假如)不合[法规]|捆绑(?:销售|消费|收费)|抽(?:血|奖|查|检|空|烟|时间|屉|取|调)|推(?:荐|迟|广|脱|卸|车|出)|关(?:于|系|心|键|注|照|闭)|摔跤|烫发|叫(?:什么|做|号|我们|家长)|骂(?:我|人|家长|了我)|虐心|怕[^，,。！!]{0,12}(?:穿小鞋|报复|针对)"
)
_RANK = {"emergency": 0, "serious": 1, "ordinary": 2}

_KINDERGARTEN = re.compile(r"幼儿园|幼稚园|小班|中班|大班")
_NURSERY = re.compile(r"托育|托儿|托班|托管|托幼|早教|亲子园|婴幼儿|照护|保育院")
_EMPLOYER = re.compile(r"公司|单位|厂里|工厂|老板|领导|人事|hr|企业|老东家|店里")
_OWN_NURSERY = re.compile(r"(?:公司|单位|厂里?|工厂|企业)(?:自己|里)?(?:办|开|建)的?[^，。]{0,4}托")
_PUBLIC = re.compile(r"公办|公立|事业单位|机关(?:幼儿园|托)|政府办")
_NON_PROFIT = re.compile(r"非营利|民办非企业|民非")
_STAFF = re.compile(
    r"我(?:是|在).{0,8}(?:园|里|这|机构|托).{0,8}(?:老师|保育|阿姨|员工|上班|工作|厨师|保安|实习)|我是(?:这里|那里|园里|里面)的"
)

_HURT = re.compile(
    r"(?:(?:医院|医生)[^，。]{0,6}(?:留院?观察?|观察|住院|重症)[^，。]{0,4}|住院|没有?(?:人)?受伤|没事|没大碍|人没事|没伤着|(?:头|脸|手|腿|胳膊|屁股|嘴|牙|眼|身上|后背|耳朵|额头|膝盖)[^，,。！!]{0,10}(?:伤|破|肿|青|紫|血|印|断|骨折|包|掉|疼)|(?:没有?|不)?(?:骨折|缝了?.{0,3}针|流血|烫伤|住院|昏迷|抽搐|呕吐|拉肚子|发烧|上吐下泻|过敏|受伤))"
)
_BODY_WORDS = re.compile(
    r"伤|疼|痛|病|医院|医生|烧|吐|拉稀|拉肚子|拉了|哭|吓|怕|咳|肿|破|血|青|紫|疹|瘦|精神|烫|断|缝|摔|磕|碰|撞|夹|咬|抓|砸|骨|包|药|检查|诊|心理|做梦|噩梦|夜惊|难受|不舒服|心情"
)
_WELL_OR_NOT = re.compile(
    r"^(?:还|也|都|倒|人|孩子|娃|宝宝|目前|暂时)*(?:没|无|不|有$|有[点些一的了]|还好|还行|好着|正常|健康)|没(?:啥|什么|大碍|看|去|有)|看了"
)
_OLDER = re.compile(
    r"(?<!不满)(?<!未满)(?<!不到)(?<!没到)(?<!不足)(?<![\d一二两三四五六七八九十至到~-])[3-9三四五六七八九]岁(?!以下|以内|以前|之前|前|内|[至到~-])"
    r"|[一二三四五六]年级|小学(?!旁|附近|门口|对面|边)|上[小中大]班"
)
_EVIDENCE = re.compile(
    r"没有?(?:什么)?证据|(?:有|拍了?|存了?|留了?|录了?|截了?|保存了?|都有)[^，,。！!]{0,8}(?:照片|视频|录音|监控|截图|聊天记录|收据|合同|发票|病历|转账记录|证据)|(?:照片|视频|录音|截图|聊天记录|收据|合同|病历|转账记录)(?:都?有|我有|在手|为证)|拍照了|录了像|录像了|监控.{0,4}看到"
)
_WISH = re.compile(
    r"(?:希望|要求|想让|想要|请求|建议|恳请|盼|望|请(?:领导|有关|相关)?)[^。！!？?]{2,40}|(?:能不能|能否)(?:来|去|管|查)[^。！!？?]{0,20}|(?<![光只不别])(?:退钱|退费|赔偿|道歉|关停|查处|整改|严查)|给(?:我|我们|家长)?(?:一?个)?(?:说法|交代)"
)
_ANONYMOUS = re.compile(
    r"匿名|别(?:说|讲|告诉).{0,8}(?:是)?我|不(?:要|想|愿)?(?:留|写|说|透露|暴露|公开).{0,6}(?:名|姓名|电话|手机|身份)|别留(?:我)?(?:名|电话)|保密|不实名|实名就算了"
)

_NOW = re.compile(
    r"(?:正在|现在|此刻|这会儿?|还在).{0,14}(?:打(?:我|孩子|人|娃)|虐|掐|着火|起火|冒烟|流血|昏|抽搐|不见|找不到|走丢|中毒)"
    r"|还在流(?!传)|止不住|着火了|起火了|煤气泄漏|燃气泄漏|昏迷|抽搐|口吐白沫|没(?:了)?呼吸|大出血|抢救|进了?icu|重症"
    r"|(?:孩子|娃|宝宝|小孩|儿子|女儿|孙子|孙女).{0,6}(?:不见了|走丢了|丢了|找不到了|被.{0,6}(?:抱走|拐))"
    r"|(?:好几个|多个|一群|十几个|几十个|全班|一半).{0,10}(?:呕吐|上吐下泻|食物中毒|中毒|送医|送(?:去)?医院|住院)"
)
_OVER = re.compile(r"差点|险些|后来找到|找到了|已经?找到|去年|前年|上个?月(?:\d{1,2}[号日])?|以前|听说|如果|万一|会不会|怎么办才")
_FRESH = re.compile(r"今天|刚才|刚刚|今早|昨天|昨晚|现在|方才")
_WOUND = re.compile(r"血|淤青|青一块|紫|伤|肿|骨折|破|印")


@dataclass(frozen=True)
class Reading:
    """What one message says of a complaint; empty where it says nothing. `when` and the like are the parent's own words."""

    kinds: tuple[str, ...] = ()
    nature: str = ""
    institution: str = ""
    when: str = ""
    incident_day: date | None = None
    hurt: str = ""
    evidence: str = ""
    wish: str = ""
    anonymous: bool = False
    staff: bool = False
    danger_now: bool = False


def read(text: str, kinds: Mapping[str, ComplaintKind], today: date) -> Reading:
    """The reading of one normalised message (half-width, simplified characters)."""
    plain = _HARMLESS.sub("·", text.lower())
    found = kinds_of(plain, kinds.values())
    when = when_in(text)
    return Reading(
        kinds=found,
        nature=nature_of(plain),
        institution=institution_of(text),
        when=when,
        incident_day=day_of(when, today) if when else None,
        hurt=_first(_HURT, text),
        evidence=_first(_EVIDENCE, text),
        wish=_first(_WISH, text),
        anonymous=bool(_ANONYMOUS.search(text)),
        staff=bool(_STAFF.search(text)),
        danger_now=_danger_now(plain, found),
    )


def body_in(answer: str) -> bool:
    """Whether an answer says if a child was hurt: 没有, 有点, 哭了两天, 看医生了."""
    return bool(_HURT.search(answer) or _BODY_WORDS.search(answer) or _WELL_OR_NOT.search(answer))


def older(text: str) -> bool:
    """Whether a message speaks of a child of three or more, who is no longer in the care this policy is about."""
    return bool(_OLDER.search(text))


def plausible(sounds: Mapping[str, float], text: str) -> dict[str, float]:
    """What a text sounds like, without an injury where it has no word of one: 跑了三趟 for a certificate hurts nobody."""
    return {kind: chance for kind, chance in sounds.items() if kind != "injury" or _BODY_WORDS.search(text)}


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """On first use: compiling all of them would take a tenth of the start."""
    return re.compile(pattern)


def kinds_of(plain: str, kinds: Iterable[ComplaintKind]) -> tuple[str, ...]:
    """The kinds that a message is of, the gravest first, then the one that more of its words tell; at most MOST_KINDS."""
    sentences = [s for s in _SENTENCE.split(plain) if s.strip()]
    scored = []
    for kind in kinds:
        covered = {
            (n, i)
            for n, sentence in enumerate(sentences)
            for pattern in kind.patterns
            for match in _compiled(pattern).finditer(sentence)
            for i in range(*match.span())
        }
        if covered:
            scored.append((_RANK[kind.severity], -len(covered), kind.id))
    scored.sort(key=lambda row: (row[0] != 0, row[1] if row[0] else 0, row[2]))
    return tuple(name for *_, name in scored[:MOST_KINDS])


def ranked(named: Sequence[str], sounds: Mapping[str, float]) -> tuple[str, ...]:
    """The kinds that words name and the one that the whole sounds like, the likeliest first: it leads.

    In a long letter a word named in passing (体罚 beside the fees) does not tell what the letter is about.
    """
    heard = max(sounds.keys() - {NO_KIND}, key=lambda kind: (sounds[kind], kind), default="other")
    loudest = sounds.get(heard) or 1.0  # in a long letter, which sounds like much, none is loud
    score = {kind: sounds.get(kind, 0.0) / loudest + _NAMED / (1 + place) for place, kind in enumerate(named)}
    if heard != "other" and sounds[heard] >= _LIKELY:
        score.setdefault(heard, 0.9)
    return tuple(sorted(score, key=lambda kind: -score[kind])[:MOST_KINDS])


def nature_of(plain: str) -> str:
    """kindergarten, employer, public, non_profit, nursery or empty."""
    if _NON_PROFIT.search(plain):
        return "non_profit"
    if _KINDERGARTEN.search(plain):
        return "kindergarten"
    if _PUBLIC.search(plain):
        return "public"
    if _OWN_NURSERY.search(plain):
        return "employer"
    if _NURSERY.search(plain):
        return "nursery"
    return "employer" if _EMPLOYER.search(plain) else ""


def _danger_now(plain: str, kinds: tuple[str, ...]) -> bool:
    """Whether a child is in danger, or was hurt a moment ago: the ticket is urgent and 110 or 120 comes before any question."""
    for sentence in _SENTENCE.split(plain):
        if _NOW.search(sentence) and not _OVER.search(sentence):
            return True
        if "abuse" in kinds and _FRESH.search(sentence) and _WOUND.search(sentence):
            return True
    return False
