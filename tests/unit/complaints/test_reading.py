from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.complaints.naming import institution_of
from bot.complaints.reading import MOST_KINDS, kinds_of, older, plausible, ranked, read
from bot.complaints.when import day_of, time_in, when_in
from bot.knowledge.load import load_knowledge

KINDS = load_knowledge().complaint_kinds
TODAY = date(2026, 11, 23)  # a Monday

# One message a kind, in the words of somebody who has never read the policy.
TOLD = {
    "abuse": "那个阿姨揪着我孙子的耳朵往墙边拽",
    "injury": "孩子从床上摔破了头，园里瞒着没告诉我们",
    "pickup": "老师把我女儿交给了一个不认识的人",
    "food_safety": "后厨的肉都发臭了还给孩子吃",
    "hygiene": "一个班共用毛巾，手足口也不停课",
    "medication": "没问过我就给孩子吃了退烧药",
    "unlicensed": "邻居在民房里私自开托班，什么手续都没办",
    "not_filed": "开了半年了还没备案",
    "beyond_scope": "挂着托育的牌子，里面在办培训班",
    "prepaid": "开学一下子收了半年的钱",
    "fees": "除了学费，又冒出来空调费和材料费",
    "refund": "退园两个月了，剩下的钱一直不给退",
    "runaway": "早上去送孩子，大门锁了，老板电话不接，人去楼空",
    "loan": "让家长办贷款交学费",
    "invoice": "要发票，他们说没有",
    "false_advertising": "宣传说有外教，结果一个都没有",
    "cctv": "想看录像，他们说摄像头早坏了",
    "fire": "疏散楼梯堆满杂物，灭火器也没有",
    "safety_hazard": "插线板就放在孩子爬的垫子边上",
    "building": "教室的墙裂了一道大口子",
    "illegal_building": "把小区的绿地围起来做操场",
    "renovation": "刚装修完就开园，甲醛味刺鼻",
    "noise": "楼下天天放喇叭，吵得老人睡不着",
    "staff": "两个老师看二十多个孩子",
    "guard": "大门没人看，谁都能进",
    "threat": "园长说我再闹就报复我家",
    "privacy": "没经同意就把孩子照片发到抖音",
    "refusal": "说我家孩子过敏，不让来了",
    "kindergarten_nursery": "幼儿园的托班跟大班并在一起上",
    "price_support": "我们托育用电还按商业电价收",
    "tax_support": "减免房产税的优惠政策一直不落实",
    "grants": "育儿补贴审核过了，半年还没收到",
    "leave_denied": "单位不批育儿假",
    "dismissal": "一怀孕就被公司调岗降薪",
    "allowance": "生育津贴被厂里扣着不发",
    "staff_rights": "园里拖欠老师工资三个月",
    "talent_training": "学校让实习生顶岗带孩子",
    "handover": "小区配建的托育用房被改成了售楼处",
    "land": "托育的地块一直没划拨",
    "vaccine_service": "接种点护士态度恶劣，还推销自费苗",
    "medical_guidance": "卫生院的儿保医生敷衍，体检不给做",
    "committee": "家委会从来没成立过",
    "workplace_nursery": "机关的托育点说停就停了",
    "guidance_service": "妇联的亲子活动变成推销课",
    "youth_publicity": "大学生志愿者的宣传活动都是广告",
    "family_planning_publicity": "计生协发的东西过期了",
    "media_guidance": "电视节目里的育儿专家在推销假药",
    "information_system": "查备案的小程序一直打不开",
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "other"])
def test_a_parents_words_tell_the_kind(kind):
    assert kind in read(TOLD[kind], KINDS, TODAY).kinds


@pytest.mark.parametrize(
    "text",
    [
        "给孩子打疫苗要打针了", "我打电话问过了", "打算给他报名", "我打12345问孩子的事", "推荐一家托育", "关于孩子入托的事", "我想关注一下宝宝", "叫什么名字",
    ],
)  # fmt: skip
def test_harmless_words_are_no_violence(text):
    assert "abuse" not in read(text, KINDS, TODAY).kinds


def test_a_dismissal_is_no_refund():
    assert read("怀孕五个月，不上夜班就辞退", KINDS, TODAY).kinds == ("dismissal",)


def test_a_fall_is_an_injury_and_no_abuse():
    assert read("孩子从床上摔破了头，园里瞒着没告诉我们", KINDS, TODAY).kinds == ("injury",)


def test_several_kinds_in_one_story_the_gravest_first():
    story = "后厨有蟑螂，饭菜是馊的。昨天阿姨还打了我家孩子耳光。一次收了一年的钱。"
    assert read(story, KINDS, TODAY).kinds[0] == "abuse"
    assert {"food_safety", "prepaid"} <= set(read(story, KINDS, TODAY).kinds)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("叫小星星托育园", "小星星托育园"), ("我要投诉豆豆屋托儿所", "豆豆屋托儿所"), ("在海州区的童画里早教中心，昨天的事", "童画里早教中心"),
        ("赣榆青口的小蘑菇托育园一次收了一年", "小蘑菇托育园"), ("海州区一家托育园", ""), ("我家孩子的幼儿园", ""), ("这家幼儿园不行", ""), ("我们小区幼儿园", ""), ("有个托育园打人", ""), ("附近的托育", ""), ("投诉托育园没有灭火器", ""),
    ],
)  # fmt: skip
def test_an_institution_is_named_or_it_is_not(text, name):
    assert institution_of(text) == name


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天早上", date(2026, 11, 23)), ("昨天中午", date(2026, 11, 22)), ("大前天", date(2026, 11, 20)), ("3天前", date(2026, 11, 20)),
        ("上周三", date(2026, 11, 18)), ("周五", date(2026, 11, 20)), ("11月3号", date(2026, 11, 3)), ("12月3日", date(2025, 12, 3)),
        ("去年5月8日", date(2025, 5, 8)), ("2月30日", None), ("昨个下午", date(2026, 11, 22)), ("上个月31号", date(2026, 10, 31)), ("上个月32号", None), ("最近", None), ("上个月", None),
    ],
)  # fmt: skip
def test_the_day_of_what_happened(said, day):
    assert day_of(said, TODAY) == day


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("孩子现在昏迷了", True), ("园里着火了", True), ("我家娃不见了！", True), ("今天老师打孩子，手上都是血印", True), ("十几个孩子食物中毒送医院了", True),
        ("去年孩子走丢了又找到了", False), ("老师打孩子", False), ("差点着火了", False), ("收费太贵", False),
    ],
)  # fmt: skip
def test_danger_now(text, now):
    assert read(text, KINDS, TODAY).danger_now is now


def test_what_is_told_is_taken_and_nothing_else():
    reading = read("我是这里的保育员，上周三亲眼看见的，拍了视频，希望关停，别说是我说的", KINDS, TODAY)
    assert (reading.staff, reading.anonymous, reading.when, reading.evidence) == (True, True, "上周三", "拍了视频")
    assert reading.wish.startswith("希望关停")
    assert read("你好", KINDS, TODAY) == type(reading)()


@given(st.text(max_size=300))
def test_no_message_crashes_the_reading(text):
    reading = read(text, KINDS, TODAY)
    assert len(reading.kinds) <= MOST_KINDS
    assert reading.incident_day is None or reading.incident_day <= TODAY
    assert kinds_of(text, KINDS.values()) == kinds_of(text, KINDS.values())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("万达没有母婴室，喂奶都没地方", ()), ("商场母婴室脏", ("hygiene",)), ("单位母婴室被占了", ("leave_denied",)), ("公司没有母婴室", ("leave_denied",)),
        ("母婴室锁着，公司不管", ("leave_denied",)), ("我在公司的母婴室喂奶", ()), ("上班时间不让喂奶", ("leave_denied",)),
        ("我是家委会，没有灭火器", ("fire",)), ("我们家委会反映园里一次收了半年的钱，不退", ("refund", "prepaid")), ("家委会从来没成立过", ("committee",)),
        ("我们家委会被解散了", ("committee",)), ("疫苗过期还给孩子打", ("vaccine_service",)), ("给孩子打了过期疫苗", ("vaccine_service",)), ("给孩子喝过期的奶", ("food_safety",)),
    ],
)  # fmt: skip
def test_a_word_in_passing_tells_no_kind(text, kinds):
    assert set(read(text, KINDS, TODAY).kinds) == set(kinds)


def test_an_injury_is_not_heard_where_no_word_speaks_of_one():
    sounds = {"injury": 0.4, "medical_guidance": 0.2}
    assert "injury" not in ranked((), plausible(sounds, "不给开准生证明，跑了三趟"))
    assert ranked((), plausible(sounds, "腿肿了没人说")) == ("injury",)


@pytest.mark.parametrize(
    ("text", "is_older"),
    [
        ("三岁半，中班老师打他", True), ("六年级", True), ("孩子上小学", True), ("我家4岁", True),
        ("两岁半", False), ("不满3岁", False), ("3岁以下", False), ("三十五岁的老师", False), ("0到3岁", False), ("小学旁边的托育园", False), ("托班跟大班混着上", False),
    ],
)  # fmt: skip
def test_a_child_of_three_is_told_from_a_younger_one(text, is_older):
    assert older(text) is is_older


@pytest.mark.parametrize(
    ("answer", "is_time"),
    [
        ("刚才", True), ("一直", True), ("第3天", True), ("好几次", True), ("上个月", True), ("每天", True), ("三月份", True), ("怀孕7个月的时候", True),
        ("孩子四个月", False), ("宝宝两岁", False), ("童心", False), ("小天使", False), ("宝贝星球", False), ("阳光早教", False), ("金色年华", False), ("惠民小区3号楼", False),
    ],
)  # fmt: skip
def test_a_time_is_told_from_an_age_and_from_a_name(answer, is_time):
    assert time_in(answer) is is_time


@pytest.mark.parametrize(
    ("text", "hurt"), [("我家孩子倒没拉肚子", "没拉肚子"), ("没发烧", "没发烧"), ("拉肚子两天了", "拉肚子"), ("没有受伤", "没有受伤")]
)
def test_what_did_not_happen_to_a_child_is_read_as_it_was_said(text, hurt):
    assert read(text, KINDS, TODAY).hurt == hurt


@pytest.mark.parametrize(
    ("text", "when"), [("生了四十天了", ""), ("怀孕三个月了", ""), ("发生三天了", "三天了"), ("四十天了没人管", "四十天了")]
)
def test_how_long_ago_a_child_was_born_is_not_when_it_happened(text, when):
    assert read(text, KINDS, TODAY).when == when


@pytest.mark.parametrize(("text", "wish"), [("光道歉不行", ""), ("光道歉不行 要给我个说法", "给我个说法"), ("要他们道歉", "道歉")])
def test_what_is_not_enough_is_no_wish(text, wish):
    assert read(text, KINDS, TODAY).wish == wish


@pytest.mark.parametrize(
    ("text", "when"), [("刚才的事，现在孩子一直哭", "刚才"), ("一直这样", "一直"), ("每天都晚接，上周三最晚", "上周三")]
)
def test_a_day_says_more_of_when_than_how_often(text, when):
    assert when_in(text) == when


@pytest.mark.parametrize(
    ("text", "kinds"), [("那要是不合法我该找谁", ()), ("这合不合法", ()), ("园里收了半年的钱关门了", ("prepaid", "runaway"))]
)
def test_whether_it_is_lawful_names_no_grievance(text, kinds):
    assert read(text, KINDS, TODAY).kinds == kinds
