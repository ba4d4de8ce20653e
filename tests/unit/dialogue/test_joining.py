"""Short messages that are understood together with what was said before them."""

from typing import Any

import pytest

from bot.dialogue.heard import BEFORE as EARLIER
from bot.dialogue.heard import CHANCES, SAID
from bot.dialogue.joining import ASKED_BACK, asks_source, before, joined, may_ask_within, may_join, was_asked_back
from bot.dialogue.next_asked import asked_next

BEFORE = "单位把我辞了 我怀孕5个月，"


def a_parse(
    text: str, intent: str, confidence: float = 0.6, heard: dict[str, float] | None = None, *entities: dict[str, Any]
) -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": list(entities), "facts_heard": heard or {}}


def read(
    alone: dict[str, Any], intent: str, confidence: float, heard: dict[str, float] | None = None, last: str = "leave", **more: Any
) -> Any:
    together = a_parse(BEFORE + alone["text"], intent, confidence, heard, *more.get("found", ()))
    return joined(alone, together, more.get("earlier", a_parse("", "greet")), {"last_topic": last})


def test_what_was_said_before_begins_with_the_last_message_that_stood_alone():
    piece = {"text": "三个月打完五联哭闹，38.7", SAID: "38.7", EARLIER: "三个月打完五联哭闹"}
    assert before(piece) == "三个月打完五联哭闹，38.7"
    assert before({"text": "十二天", EARLIER: "新生儿黄疸"}) == "新生儿黄疸，十二天"
    assert before(a_parse("那加奶粉不行吗", "ask_feeding", 0.95) | {EARLIER: "猪蹄汤有用吗"}) == "那加奶粉不行吗"
    assert before({"text": "我今天下午带孩子去打了第三针五联回来就哭", EARLIER: "产假"}) == "我今天下午带孩子去打了第三针五联回来就哭"
    assert before({"text": "/affirm"}) == before({}) == ""


def test_of_much_that_was_said_its_matter_and_its_end_are_kept():
    said = before({"text": "那多少合适呢", EARLIER: "孩子十个月大便干" + "，还是不行" * 20})
    assert said.startswith("孩子十个月大便干") and said.endswith("那多少合适呢") and len(said) <= 61


@pytest.mark.parametrize(
    ("text", "slots", "may"),
    [
        ("能赔多少", {"last_topic": "leave"}, True),
        ("能赔多少", {}, False),
        ("能赔多少", {"last_topic": "complaint_followup"}, False),
        ("换个问题 打什么针", {"last_topic": "leave"}, False),
        ("能赔多少", {"last_topic": "leave", "followup": {"asked": "number"}}, False),
        ("我家孩子昨天晚上开始发烧一直到现在都没有退下来怎么办", {"last_topic": "leave"}, False),
    ],
)
def test_a_piece_is_short_and_follows_an_answer(text, slots, may):
    assert may_join(a_parse(text, "out_of_scope"), {}, slots) is may


@pytest.mark.parametrize("text", ["行了晓得了", "好嘞", "那就先这样吧", "知道了，谢谢你"])
def test_what_only_says_that_it_was_heard_is_no_piece(text):
    assert not may_join(a_parse(text, "out_of_scope"), {}, {"last_topic": "health_urgent"})


def test_thanks_and_complaints_are_no_pieces():
    assert not may_join(a_parse("谢谢", "thank"), {}, {"last_topic": "leave"})
    assert not may_join(a_parse("我要投诉", "file_complaint"), {}, {"last_topic": "leave"})


def test_a_piece_that_only_may_be_a_complaint_may_be_a_piece():
    alone = a_parse("没看见牌子", "file_complaint", 0.31)
    assert may_join(alone, {}, {"last_topic": "childcare_choose"})
    assert read(alone, "ask_childcare_quality", 1.0, last="childcare_choose")[SAID] == "没看见牌子"


def test_what_by_itself_is_none_of_our_business_is_read_with_what_was_said_before():
    parse = read(a_parse("能赔多少", "out_of_scope", 0.4), "ask_job_protection", 1.0, {"leave.unlawful_termination": 0.97})
    assert (parse["text"], parse[SAID], parse["intent"]["name"]) == (BEFORE + "能赔多少", "能赔多少", "ask_job_protection")


@pytest.mark.parametrize(
    ("alone", "together", "last"),
    [
        (a_parse("今天天气咋样", "out_of_scope", 0.99), ("ask_job_protection", 0.95, {"leave.dismissal": 0.8}), "leave"),
        (a_parse("那补贴呢", "ask_childcare_subsidy", 0.58), ("ask_leave_days", 0.7, {}), "leave"),
        (a_parse("是不是缺钙", "ask_feeding", 0.58, {"nutrition.calcium": 1.0}), ("ask_growth", 0.99, {"growth.calcium": 0.83}), "growth"),
        (a_parse("要刷牙吗", "ask_growth", 0.99, {"growth.brushing": 1.0}), ("ask_growth", 1.0, {"growth.teeth": 0.9}), "growth"),
        (a_parse("多重算正常", "ask_growth", 0.7, {"growth": 0.95}), ("ask_vaccination", 0.99, {}), "vaccination"),
        (a_parse("那第二针呢", "ask_followup", 1.0), ("ask_vaccination", 1.0, {"vaccination.after_fever": 0.9}), "vaccination"),
        (a_parse("行了再见", "goodbye", 0.98), ("report_symptom", 1.0, {}), "health_urgent"),
        (a_parse("好的", "affirm", 0.99), ("ask_vaccination", 1.0, {}), "vaccination"),
        (a_parse("能赔多少", "out_of_scope", 0.4), ("ask_feeding", 1.0, {}), "leave"),
    ],
)
def test_what_stands_alone_stays_as_it_was(alone, together, last):
    assert read(alone, *together, last=last) is alone


@pytest.mark.parametrize(
    ("alone", "together", "last"),
    [
        (a_parse("不发烧", "report_symptom", 0.9), ("ask_vaccination", 1.0, {"vaccination.before_cold": 0.99}), "vaccination"),
        (a_parse("38.7", "out_of_scope", 0.99), ("ask_vaccination", 1.0, {"vaccination.after_fever": 0.7}), "vaccination"),
        (a_parse("怎么申请", "ask_childcare_subsidy", 0.9, {"subsidy.where": 1.0}), ("ask_open_childcare", 1.0, {"opening.subsidies": 0.96}), "childcare_provider"),
        (a_parse("那几岁好", "ask_growth", 0.57, {"growth.curve": 0.3}), ("ask_childcare_quality", 0.94, {"childcare.right_age": 1.0}), "childcare_choose"),
        (a_parse("去哪告", "ask_open_childcare", 0.11, {"opening.where": 0.94}), ("ask_job_protection", 1.0, {}), "leave"),
        (a_parse("有人管吗", "greet", 0.64), ("ask_job_protection", 0.92, {}), "leave"),
        (a_parse("不烧", "deny", 0.91), ("ask_vaccination", 0.97, {}), "vaccination"),
        (a_parse("能晒太阳吗", "ask_growth", 0.69, {"growth.outdoor": 1.0}), ("report_symptom", 0.68, {}), "health_urgent"),
        (a_parse("要看医生吗", "ask_growth", 0.37), ("ask_growth", 1.0, {"growth": 0.95}), "growth"),
        (a_parse("不是158吗", "deny", 0.67), ("ask_leave_days", 1.0, {"leave.days_98_or_158": 0.8}), "leave"),
    ],
)  # fmt: skip
def test_a_piece_that_was_taken_for_something_else_is_about_what_was_said_before(alone, together, last):
    assert read(alone, *together, last=last)[SAID] == alone["text"]


def a_sign(name: str) -> dict[str, Any]:
    return {"entity": "danger_sign", "value": name, "start": 0, "end": 4}


def test_a_danger_that_the_pieces_tell_only_together_is_found():
    alone = a_parse("现在一惊一跳的", "report_symptom", 1.0, None, a_sign("unclear_today"))
    severe = [a_sign("hfmd_severe")]
    assert read(alone, "report_symptom", 1.0, last="health_urgent", found=severe)["text"] == BEFORE + "现在一惊一跳的"
    told = a_parse("手足口还抖", "report_symptom", 1.0, None, a_sign("hfmd_severe"))
    assert read(alone, "report_symptom", 1.0, last="health_urgent", found=severe, earlier=told) is alone
    calm = a_parse("睡着了叫得醒", "report_symptom", 1.0)
    assert read(calm, "report_symptom", 1.0, last="health_urgent", found=[a_sign("head_injury")]) is calm


def test_within_an_illness_a_piece_is_not_refused_for_a_sign_that_was_told_before():
    alone = a_parse("喝醋管用吧", "out_of_scope", 0.65)
    parse = read(
        alone,
        "report_symptom",
        1.0,
        last="health_urgent",
        found=[a_sign("fish_bone")],
        earlier=a_parse("卡鱼刺", "report_symptom", 1.0, None, a_sign("fish_bone")),
    )
    assert parse["intent"]["name"] == "report_symptom"


@pytest.mark.parametrize(("text", "told_there"), [("找谁", True), ("谁负责落实", False), ("归哪个部门管", False)])
def test_who_is_responsible_is_asked_of_what_was_spoken_of(text, told_there):
    alone = a_parse(text, "ask_department_duty", 0.99)
    parse = read(alone, "ask_open_childcare", 0.97 if told_there else 0.6, last="childcare_provider")
    assert (parse["text"], parse["intent"]["name"]) == (BEFORE + text, "ask_open_childcare" if told_there else "ask_department_duty")


def test_ages_and_places_told_before_are_not_told_again():
    age = {"entity": "child_age_months", "value": 5, "start": 8, "end": 11}
    own = {"entity": "child_age_months", "value": 6, "start": len(BEFORE), "end": len(BEFORE) + 3}
    parse = read(a_parse("能赔多少", "out_of_scope", 0.4), "ask_job_protection", 1.0, found=[age, own])
    assert parse["entities"] == [own]


def test_an_age_alone_is_taken_by_the_topic_itself_but_after_a_vaccine_is_its():
    alone = a_parse("一岁了", "inform", 0.9, None, {"entity": "child_age_months", "value": 12, "start": 0, "end": 2})
    assert read(alone, "ask_feeding", 1.0, {"nutrition.start": 0.9}, last="nutrition") is alone
    of_a_vaccine = [{"entity": "vaccine", "value": "varicella", "start": 0, "end": 2}]
    assert read(alone, "ask_vaccination", 1.0, last="vaccination", found=of_a_vaccine)[SAID] == "一岁了"


def following(say: str, own: dict[str, float], both: dict[str, float], intent: str = "out_of_scope", sure: float = 0.6, **more: Any) -> Any:
    """A short message after an answer on leave, with the chances of facts by itself and together with what was said before."""
    alone = a_parse(say, intent, sure, None, *more.pop("found", ())) | {CHANCES: own}
    together = a_parse(BEFORE + say, more.pop("whole", "ask_leave_days"), 0.9) | {CHANCES: both}
    return joined(alone, together, more.get("earlier", a_parse("", "greet")), {"last_topic": "leave"})


def test_the_next_question_is_what_both_readings_think_likely():
    own = {"leave.dismissal": 0.3, "leave.overtime_night": 0.4, "leave": 0.1}
    both = {"leave.dismissal": 0.3, "leave.overtime_night": 0.01, "leave": 0.2}
    parse = following("会不会把我开了", own, both, "ask_growth", 0.38)
    assert (parse["text"], parse[SAID], parse["intent"]["name"]) == ("会不会把我开了", "会不会把我开了", "ask_leave_days")
    assert max(parse["facts_heard"], key=parse["facts_heard"].get) == "leave.dismissal"
    none = following("我剖的", own, both | {"leave": 0.9}, "ask_growth", 0.38, whole="greet")
    assert "facts_heard" not in none or not none["facts_heard"]  # that none of the texts answers is likelier


def test_what_was_asked_before_is_less_likely_asked_next():
    chances = {"leave.dismissal": 0.5, "leave.pay_cut": 0.45, "leave": 0.05}
    earlier = a_parse("", "ask_job_protection", 0.9, {"leave.dismissal": 1.0})
    parse = following("那工资呢", chances, chances, earlier=earlier)
    assert max(parse["facts_heard"], key=parse["facts_heard"].get) == "leave.pay_cut"


@pytest.mark.parametrize(
    ("say", "intent", "sure", "found"),
    [
        ("今天天气咋样", "out_of_scope", 0.99, ()),
        ("娃从床上摔下来了", "report_symptom", 0.94, ()),
        ("能吃虾吗", "ask_feeding", 0.95, ({"entity": "food", "value": "shrimp", "start": 1, "end": 2},)),
        ("帮我排个假", "ask_leave_plan", 0.9, ()),
    ],
)
def test_what_is_surely_of_another_matter_is_no_next_question(say, intent, sure, found):
    chances = {"leave.dismissal": 0.75, "leave": 0.25}
    assert SAID not in following(say, chances, chances, intent, sure, found=found, whole="out_of_scope")


def test_a_text_of_another_topic_is_told_where_both_readings_are_sure_of_it():
    chances = {"leave": 1.0, "leave.dismissal": 0.0, "subsidy.who": 0.9, "subsidy": 0.1}
    parse = following("啥样的能领", chances, chances, "ask_childcare_subsidy", 0.6, whole="ask_childcare_subsidy")
    assert (parse["intent"]["name"], parse[SAID]) == ("ask_childcare_subsidy", "啥样的能领")
    assert SAID not in following("啥样的能领", chances, chances, "find_childcare", 0.6, whole="find_childcare")


@pytest.mark.parametrize(
    ("say", "intent", "found"),
    [("糖呢", "ask_followup", ()), ("虾呢", "ask_followup", ({"entity": "food", "value": "shrimp", "start": 0, "end": 1},))],
)
def test_the_same_of_another_food_is_no_question_for_a_text(say, intent, found):
    chances = {"nutrition": 0.1, "nutrition.sugar": 0.9}
    alone = a_parse(say, intent, 0.9, None, *found) | {CHANCES: chances}
    together = a_parse("虾能吃吗，" + say, "ask_feeding", 0.9) | {CHANCES: chances}
    assert asked_next(alone, together, a_parse("虾能吃吗", "ask_feeding"), "nutrition") is None


@pytest.mark.parametrize(
    ("say", "last", "asks"), [("吃什么奶粉好", "nutrition", True), ("吃奶粉的", "nutrition", False), ("吃奶粉的", "health_urgent", False)]
)
def test_what_only_tells_asks_for_a_text_less_lightly(say, last, asks):
    chances = {"nutrition": 0.78, "nutrition.formula_choose": 0.17, "nutrition.formula_make": 0.05}
    alone = a_parse(say, "ask_feeding", 0.9) | {CHANCES: chances}
    together = a_parse("三个月，" + say, "ask_feeding", 0.9) | {CHANCES: chances}
    assert bool(asked_next(alone, together, a_parse("三个月", "ask_feeding"), last)) is asks


@pytest.mark.parametrize("last", ["health_urgent", "leave"])
def test_a_few_bare_words_after_an_illness_or_a_leave_are_of_that(last):
    chances = {"growth": 0.1, "growth.sleep": 0.9, "leave": 0.1, "leave.father_leave_details": 0.9}
    alone = a_parse("要紧吗", "ask_followup", 0.9) | {CHANCES: chances}
    together = a_parse("摔了一下，要紧吗", "ask_growth", 0.9) | {CHANCES: chances}
    assert asked_next(alone, together, a_parse("摔了一下", "report_symptom"), last) is None


def test_each_of_parents_and_operators_is_told_what_is_written_for_them():
    chances = {"childcare.floor": 0.5, "opening.floor": 0.45, "childcare": 0.05, "opening": 0.0}
    parse = a_parse("三楼行吗", "ask_childcare_quality") | {CHANCES: chances}
    for earlier, told in (("ask_open_childcare", "opening.floor"), ("ask_childcare_quality", "childcare.floor")):
        asked = asked_next(parse, parse, a_parse("在哪办", earlier), "childcare_provider")
        assert asked and max(asked["facts_heard"], key=asked["facts_heard"].get) == told


@pytest.mark.parametrize(
    ("text", "intent", "sure", "may"),
    [
        ("玩具多久消一回毒", "ask_childcare_quality", 0.93, True),
        ("中间能涨么", "nlu_fallback", 0.22, True),
        ("老师打人是不是犯法", "file_complaint", 0.9, False),
        ("他们家没有证", "ask_childcare_quality", 0.4, False),
        ("能打13800000000吗", "nlu_fallback", 0.3, False),
    ],
)
def test_a_question_in_the_middle_of_a_complaint(text, intent, sure, may):
    assert may_ask_within(a_parse(text, intent, sure)) is may


def test_what_was_told_before_and_not_answered_is_read_with_what_follows():
    alone, nobody = a_parse("这样哭要多久能好", "ask_followup", 0.56), {"last_topic": None}
    assert may_join(alone, a_parse("奶奶心软要抱家来不去了", "out_of_scope"), nobody)
    assert not may_join(alone, a_parse("你好", "greet"), nobody) and not may_join(alone, {}, nobody)


def test_what_sounds_like_danger_only_by_itself_is_read_with_what_was_said_before():
    alone = a_parse("在灌云打的 现在搬到市里了", "report_symptom", 1.0, None, a_sign("unclear_now"))
    assert read(alone, "ask_vaccination", 1.0, last="vaccination")[SAID] == alone["text"]
    assert read(alone, "report_symptom", 1.0, last="vaccination") is alone
    named = a_parse("不喘气了", "report_symptom", 1.0, None, a_sign("not_breathing"))
    assert read(named, "ask_vaccination", 1.0, last="vaccination") is named


@pytest.mark.parametrize(
    ("text", "intent", "last", "asks"),
    [
        ("你确定吗", "ask_source", "leave", True),
        ("规定写在哪个文件里", "ask_policy_clause", "leave", True),
        ("市里53号文件写在哪", "ask_policy_clause", "leave", False),
        ("新小区要配托育吗", "ask_policy_clause", "leave", False),
        ("你确定吗", "ask_source", "complaint_followup", False),
    ],
)
def test_the_source_of_the_last_answer_is_asked_for(text, intent, last, asks):
    assert asks_source(a_parse(text, intent), a_parse("产假多少天", "ask_leave_days"), {"last_topic": last}) is asks


def test_a_few_words_after_a_message_that_was_asked_back_are_read_with_it():
    asked_back = a_parse("厂里说没交保险产假就没得钱", "nlu_fallback") | {ASKED_BACK: True}
    assert was_asked_back(a_parse("那钱跟哪个要", "ask_followup"), asked_back)
    assert not was_asked_back(a_parse("那钱跟哪个要", "ask_followup"), a_parse("产假", "ask_leave_days"))
    assert not was_asked_back(a_parse("产假多少天", "ask_leave_days", 0.98), asked_back)
    for said in ("知道了", "都不是", "转人工", "换个问题"):
        assert not was_asked_back(a_parse(said, "nlu_fallback"), asked_back)
    assert not was_asked_back(a_parse("抽了", "report_symptom", 0.8, None, a_sign("seizure")), asked_back)
