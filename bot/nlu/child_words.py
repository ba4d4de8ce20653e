"""What is said outright about a family's record needs no guessing, and what is plainly about something else is not about the record. Pure."""

from __future__ import annotations

import re

# Said outright: the record, and what is to be done with it. The first that fits counts.
_OUTRIGHT = (
    (
        "link_child",
        r"BB[2-9A-HJ-NP-Z]{8}(?![A-Z0-9])|(?:档案|关联|绑定|同步)码|(?:微信|公众号|网页|手机|电脑|那边|"
        r"两边).{0,10}(?:档案|存过|建过档|登记过|打通)",
    ),
    (
        "remind_child",
        r"(?:提醒|通知|(?:记得|到时候?|时候)[喊叫催])(?:我|一下|一声).{0,12}(?:打|针|疫苗|接种|复查|体检|门诊)|(?:到|快).{0,6}(?:提醒|喊|"
        r"通知)我|(?:取消|关掉|不用|不要|停止|设个?|加个?)提醒|提醒(?:取消|关)",
    ),
    (
        "forget_child",
        r"(?:删|清空|清除|清掉|抹掉?|注销|销毁|撤回|擦).{0,8}(?:我的|宝宝|孩子|娃|个人|档案).{0,6}(?:数据|资料|信息|"
        r"档案|记录|隐私|同意)?(?:删|清)?|(?:数据|档案|资料|信息|记录).{0,6}(?:删|清掉|清空|抹|注销|销毁|作废)|"
        r"别再?(?:记|存).{0,4}(?:孩子|宝宝|娃)",
    ),
    (
        "export_child",
        r"(?:导出|导岀|下载|备份|打印|拷).{0,8}(?:档案|资料|数据|记录|信息|宝宝)|(?:档案|资料|数据|记录|"
        r"信息).{0,8}(?:导出|导岀|下载|打印|备份)|^导出$",
    ),
    (
        "correct_child",
        r"^(?:我|俺|咱)们?家?的?(?:孙女|孙子|外孙女?|娃|宝宝|闺女|儿子|女儿|孩子|小孩|丫头)(?:名字|小名)?叫(?!什么|啥|不|醒|唤|号|救|人|得|着|[^，。？]*(?:疼|痛|难受|饿|哭|痒))[^，。？]{1,4}$|"
        r"(?:生日|出生(?:日期|年月|日子|时间)?|小名|昵称|性别|档案|宝宝的?名字).{0,10}(?:错|不对|改|更正|纠正|写反)|"
        r"(?:改|更正|纠正|修改|编辑).{0,8}(?:生日|出生日|小名|昵称|性别|宝宝(?:的)?(?:资料|信息)|档案)|"
        r"^小名(?!.{0,3}(?:起|取|怎|吗))|不是(?:男|女)(?:孩|宝|娃).{0,3}是",
    ),
    (
        "switch_child",
        r"^(?:换|切|改说|切换|回)(?:到|成|回|一下)?(?:老|大|二|三|小|姐|妹|哥|弟|另|第)?.{0,3}(?:宝宝?|娃|老[大二三幺]|"
        r"[大二三小]宝|哥哥|弟弟|姐姐|妹妹|的)(?:[，, ]?(?:今年|现在|都|已经)?[\d一二两三四五六七八九十]+(?:岁|个月)[半多了]*)?$|"
        r"(?:还有|再登记|再加|添加|新增)(?:一?个)?(?:宝宝|孩子|女儿|儿子|娃|小的|"
        r"[二三]宝)(?:也?记.*|呢)?$",
    ),
    (
        "remember_child",
        r"(?:记住|记下|保存|存一?下|登记一下|建|创建|新建|注册|录入|添加)(?:一?[个下])?(?:我们?家)?(?:的)?(?:宝宝|孩子|"
        r"娃儿?|闺女|孙[子女])(?:的?(?:档案|信息|资料|生日|卡))?|^(?:建档|存档|建个档|开个档案)|给.{0,4}(?:娃|宝宝|孩子|"
        r"小孩|丫头)(?:建|记)个?档",
    ),
    (
        "show_child",
        r"^(?:看|查|打开|显示|看看|查一下|看下)?(?:我?[的家]?)?(?:宝宝|孩子|娃|小孩)的?(?:档案|资料|信息)(?:在哪|看一下|"
        r"打开)?$|(?:还|你)记得我.{0,2}(?:娃|宝宝|孩子|小孩)",
    ),
)
_SAID = tuple((intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in _OUTRIGHT)
_ELSEWHERE = re.compile(
    r"投诉|举报|工单|留言|反映|补贴|个税|抵扣|银行卡|参保|医保|社保|驾驶证|身份证|出生(?:医学)?证|户口|托育|托班|托位|幼儿园|园里|老师|名单|清单|发票|合同|收据|政策|监控|录像|考勤|入托|公示|头像|起名|取个|系统"
    r"|我的世界|命好|梗|要不要|慢多|早很多|摔|发烧|咳"
)
INTENTS = frozenset(intent for intent, _ in _OUTRIGHT)
_UNSURE = 0.45  # below it another intent that is nearly as likely is the safer one


def outright(text: str) -> str | None:
    """The intent of a message that says outright what it wants of the record; None where it says nothing of the kind, or speaks of other things too."""
    if _ELSEWHERE.search(text) and not re.search(r"档案|BB[2-9A-HJ-NP-Z]{8}", text, re.IGNORECASE):
        return None
    return next((intent for intent, pattern in _SAID if pattern.search(text)), None)


def is_elsewhere(text: str, confidence: float) -> bool:
    """Whether a message that was taken to be about the record is more likely about something else."""
    return confidence < _UNSURE or bool(_ELSEWHERE.search(text) and "档案" not in text)


# Once it is known that a message is about the record: what is to be done with it. The first that fits counts.
_WANTED = tuple(
    (intent, re.compile(pattern, re.IGNORECASE))
    for intent, pattern in (
        (
            "link_child",
            r"码|同步|两边|跨设备|(?:微信|公众号|网页)(?!.{0,6}提醒)|(?:换|新|旧|另|他|她|儿子|老公|爷爷).{0,5}(?:手机|"
            r"浏览器|号还)|浏览器|共享|共用|合并|打通|互通|找回|恢复|接(?:过来|起来|上|到这)|连(?:上|一|起)|引入|接续|"
            r"另外一个地方",
        ),
        ("remind_child", r"提醒|通知|闹钟|日程|[喊叫催]我|叮嘱|盯着|知会|发信息吗|到(?:时|期|点).{0,3}(?:说|讲)"),
        ("export_child", r"导[出岀个入下]|导.{0,3}(?:文件|数据)|下载|打印|备份"),
        (
            "show_child",
            r"(?:看|查|显示|打开|念|核对|翻|调出|总结)(?!.{0,6}删).{0,10}(?:档|资料|信息|记录|情况|资|宝宝$)|(?:记|存|保存|"
            r"了解)了?(?:我|你|些)?.{0,6}(?:哪些|什么|吗|没|不|啥|几)|记没记|还记得|记着(?:呢|吗)",
        ),
        (
            "forget_child",
            r"删|抹|清(?!楚)|注销|销|撤|忘(?:掉|记|了我|干净)|全忘|擦|别再?(?:记|存|留)(?!.{0,3}号)|不要?(?:用|想|同意|"
            r"让)?.{0,6}(?:记着|记住了|存|保留|保存|留底)|移除|收回|反悔|去掉|退出|档案我?不(?:要|需)|不需要",
        ),
        (
            "export_child",
            r"导|下载|文件|打印|拷|备份|打包|副本|复制|电子版|书面|留底|带走|拿走|发我|给我一份|份底|转存|文档|输出|弄到|"
            r"自己保管|拿份",
        ),
        (
            "correct_child",
            r"错|改|更正|纠正|不对|对不上|有误|串|岔|反了|不叫|划掉|不是.{1,8}是|更新|编辑|作废|换掉|换一下|(?:小|昵|"
            r"乳)[名称].{0,6}(?:叫|是|换)|(?:娃|宝宝|孩子|闺女|女儿|儿子)(?:名字)?叫|写成|记成|重新填",
        ),
        (
            "switch_child",
            r"换|切|另外?(?:一个|那个|的)|老[大二三幺小]|[大二三小]宝|哥哥|姐姐|弟弟|妹妹|还有(?:一个|个)|加一?个|新增|"
            r"再登记|第[一二三]个|改说|轮到|大的|小的|别拿|二娃|二[闺孙]|大女儿|小儿子",
        ),
        ("remember_child", r"记住|记一?下|记上|存|建|保存|登记|录|注册|添|设置|留[个着下]|收藏|填|记着|记档|备个案|记录|电子疫苗本|管着"),
    )
)


def wanted(text: str, intent: str) -> str:
    """What a message about the record wants done with it; as it was understood where no word of it says."""
    return next((name for name, pattern in _WANTED if pattern.search(text)), intent)
