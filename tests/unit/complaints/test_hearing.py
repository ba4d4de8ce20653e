from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.complaints.draft import NUMBER, WAITS, Draft, Message
from bot.complaints.hearing import hear
from bot.complaints.phrases import phone_in
from bot.complaints.reading import read
from bot.complaints.telling import tells_nothing, told_earlier
from bot.knowledge.load import load_knowledge

KNOWLEDGE = load_knowledge()
TODAY = date(2026, 11, 23)
STORY = "投诉，托育园厨房里有蟑螂，饭菜是馊的"


def tell(*messages, draft=None, after_emergency=False):
    """What the last of the messages did; each is a text or a Message, and what is next is asked after each, as the action does."""
    heard = None
    draft = draft or Draft("d")
    for number, message in enumerate(messages):
        message = message if isinstance(message, Message) else Message(str(number), message)
        heard = hear(draft, replace(message, id=str(number)), KNOWLEDGE, TODAY, after_emergency)
        draft = heard.draft if heard.draft.asking == "cancel" else replace(heard.draft, asking=heard.draft.next)
    return replace(heard, draft=draft)


def test_a_bare_wish_to_complain_asks_for_the_story():
    heard = tell("我要投诉")
    assert heard.notes == ("start",) and heard.draft.next == "story"


def test_a_long_story_is_taken_at_once_and_only_the_rest_is_asked():
    heard = tell(
        Message("", "赣榆区叫小蘑菇托育园的，昨天给孩子吃发霉的面包，孩子拉肚子，有照片，希望查处，不留姓名", districts=("ganyu",))
    )
    draft = heard.draft
    assert (draft.institution, draft.district, draft.when, draft.hurt, draft.evidence) == (
        "小蘑菇托育园",
        "ganyu",
        "昨天",
        "拉肚子",
        "有照片",
    )
    assert draft.anonymous and draft.missing == () and draft.incident_day == "2026-11-22"


def test_one_thing_is_asked_at_a_time_and_everything_but_the_story_can_be_skipped():
    heard = tell(STORY, "不知道", "不清楚", "忘了", "没有", "不留")
    assert heard.draft.next == "confirm" and heard.outcome == "asked"
    assert set(heard.draft.skipped) >= {"institution", "district", "when"} and heard.draft.anonymous and heard.draft.hurt == "没有受伤"
    assert tell(STORY, "不知道", "不清楚", "忘了", "没有", "不留", "提交").outcome == "filed"


def test_a_place_is_no_institution_and_is_kept():
    heard = tell(STORY, Message("", "就在墟沟北小区那边", districts=("lianyun",)))
    assert heard.draft.institution == "" and heard.draft.district == "lianyun" and "墟沟北小区" in heard.draft.story


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("那我怎么知道结果", "how_to_follow"),
        ("会不会让园里知道是我", "who_sees"),
        ("为什么是市场监管局管", "why"),
        ("两个部门都报一下", "both"),
        ("那找谁投诉", "who_handles"),
        ("那找谁管", "who_handles"),
        ("那找谁", "who_handles"),
        ("我不知道找谁投诉啊", "who_handles"),
        ("你先说你归哪管", "who_handles"),
        ("要不要报警", "police"),
        ("报警还是找你们", "police"),
    ],
)
def test_questions_about_the_complaint_are_answered_and_the_form_stays(text, notes):
    heard = tell(STORY, text)
    assert heard.notes == (notes,) and heard.outcome == "asked" and heard.draft.next == "institution"


def test_another_topic_in_the_middle_interrupts_and_an_answer_does_not():
    question = Message("", "等一下，八个月该打什么疫苗", intent="ask_vaccination", confidence=0.9)
    assert tell(STORY, question).outcome == "interrupted"
    answer = Message("", "昨天中午看到的", intent="ask_feeding", confidence=0.4)
    assert tell(STORY, "小蘑菇", Message("", "海州区", districts=("haizhou",)), answer).draft.when.startswith("昨天")


def test_a_child_in_danger_interrupts_and_its_follow_up_too():
    danger = Message("", "孩子现在抽了", intent="report_symptom", confidence=1.0, danger=True)
    assert tell(STORY, danger).outcome == "interrupted"
    told = replace(tell(STORY).draft, asking=WAITS)
    assert tell("救护车在路上了，然后呢", draft=told, after_emergency=True).outcome == "interrupted"
    assert tell("继续投诉吧，叫小蘑菇", draft=told, after_emergency=True).outcome == "asked"


def test_giving_up_is_asked_once():
    assert tell(STORY, "算了").draft.asking == "cancel"
    assert tell(STORY, "算了", "对").outcome == "cancelled"
    kept = tell(STORY, "算了", "不")
    assert kept.outcome == "asked" and kept.notes == ("kept",) and kept.draft.story == STORY


def test_a_correction_changes_the_field_and_files_nothing():
    heard = tell(
        Message("", STORY, districts=("ganyu",)),
        "小蘑菇",
        "昨天",
        "没有受伤",
        "不留",
        Message("", "不是赣榆，是东海", districts=("ganyu", "donghai")),
    )
    assert heard.outcome == "asked" and heard.notes == ("changed",) and heard.draft.district == "donghai"
    assert tell("改一下", draft=heard.draft).notes == ("what_to_change",)
    assert tell("对的", draft=heard.draft).outcome == "filed"


def test_submitting_at_once_skips_the_rest_but_reads_it_back_first():
    heard = tell(STORY, "那行，就这样交上去吧，别留我名字")
    assert heard.outcome == "asked" and heard.draft.next == "confirm" and heard.draft.anonymous


def test_contact_is_optional_and_a_wrong_number_is_asked_again():
    ready = tell(Message("", STORY, districts=("haizhou",)), "小蘑菇", "昨天", "没有").draft
    assert ready.next == "contact"
    again = hear(ready, Message("m", "138"), KNOWLEDGE, TODAY).draft
    assert again.asking == NUMBER and hear(again, Message("n", "不留了"), KNOWLEDGE, TODAY).draft.next == "confirm"
    kept = tell(Message("", "13800001111", contact="sealed"), draft=ready)
    assert kept.draft.contact == "sealed" and kept.notes == ("contact_kept",) and kept.draft.next == "confirm"
    assert tell("不想留", draft=ready).draft.next == "confirm"


def test_danger_makes_it_urgent_and_short():
    heard = tell("今天老师打我孩子，脸上都是血印")
    assert heard.draft.emergency and heard.notes[0] == "danger" and heard.draft.missing == ("institution", "district")


def test_somebody_of_the_staff_is_told_of_the_duty_to_report():
    assert "duty_to_report" in tell("我是这个园里的老师，看见同事打孩子").notes


def test_a_draft_is_saved_and_read_back_whole():
    draft = tell(STORY, "不知道").draft
    assert Draft.of(draft.saved()) == draft


def test_a_telephone_number_is_found():
    assert (
        phone_in("我的电话13812345678谢谢") == "13812345678"
        and phone_in("0518-85501234") == "0518-85501234"
        and phone_in("2026112300001") == ""
    )


@given(
    st.lists(
        st.sampled_from(
            ["算了", "对", "不", "提交", "改一下", "昨天", "不知道", STORY, "为什么", "/affirm", "/deny", "123", "13812345678", "吗？", ""]
        ),
        max_size=12,
    )
)
def test_no_order_of_answers_crashes_or_loses_the_story(messages):
    draft = Draft("d")
    told = ""
    for number, text in enumerate(messages):
        heard = hear(
            draft, Message(str(number), text, intent="affirm" if text == "/affirm" else "deny" if text == "/deny" else ""), KNOWLEDGE, TODAY
        )
        if heard.outcome in ("filed", "cancelled"):
            return
        assert heard.draft.story.startswith(told)
        told = heard.draft.story
        draft = replace(heard.draft, asking="cancel" if heard.draft.asking == "cancel" else heard.draft.next)


def test_a_telephone_number_never_stands_in_the_story():
    heard = tell(Message("", f"{STORY}，昨天的事，孩子没事，我电话13812345678，请尽快处理", contact="sealed", districts=("haizhou",)))
    assert "13812345678" not in str(heard.draft.saved()) and heard.draft.contact == "sealed"


def test_a_late_answer_is_taken_and_the_telephone_is_still_asked_for():
    ready = tell(Message("", f"{STORY}，没有受伤", districts=("haizhou",)), "小蘑菇", "不清楚").draft
    assert ready.next == "contact"
    late = tell("上个月20号", draft=ready)
    assert (late.draft.when, late.draft.incident_day, late.draft.next) == ("上个月20号", "2026-10-20", "contact")


def test_what_has_no_place_of_its_own_is_added_to_the_story_before_filing():
    ready = tell(Message("", f"{STORY}，昨天的事，孩子没事", districts=("haizhou",)), "小蘑菇", "不留").draft
    assert ready.next == "confirm"
    assert tell("金额说错了，是一万二", draft=ready).draft.story.endswith("金额说错了，是一万二")


def test_saying_again_that_one_complains_is_no_answer():
    assert tell(STORY, Message("", "我要投诉", intent="file_complaint")).draft.institution == ""


def test_a_place_is_no_time():
    told = tell(Message("", STORY, districts=("development_zone",)), "小蘑菇", Message("", "朝阳街道", districts=("development_zone",)))
    assert told.draft.when == "" and "朝阳街道" in told.draft.story and told.draft.next == "when"


@pytest.mark.parametrize("text", ["我问她怎么看孩子的，她说不知道，孩子头上磕破了缝了三针", "老师后来确认是她打的孩子，脸上都是手印"])
def test_more_of_the_story_is_kept_whatever_else_it_sounds_like(text):
    assert text in tell(STORY, text).draft.story
    ready = tell(Message("", f"{STORY}，昨天的事，孩子没事", districts=("haizhou",)), "小蘑菇", "不留").draft
    assert ready.next == "confirm"
    heard = tell(text, draft=ready)
    assert heard.outcome == "asked" and text in heard.draft.story


def test_going_on_is_no_answer():
    heard = tell(STORY, "继续")
    assert heard.draft.institution == "" and heard.draft.next == "institution"


def test_a_follow_up_of_another_answer_interrupts_and_is_kept_for_no_answer():
    assert tell(STORY, Message("", "那老公呢", "ask_followup", 0.9)).outcome == "interrupted"


def test_a_question_while_giving_up_is_answered_and_giving_up_is_asked_again():
    heard = tell(STORY, "算了", Message("", "产假多少天", "ask_leave_days", 0.9))
    assert heard.outcome == "interrupted" and heard.draft.asking == "cancel"


WORK = Message("", "单位让我怀孕7个月上夜班", intent="ask_job_protection", sounds={"dismissal": 0.6})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([WORK, Message("", "我该咋办", intent="ask_growth", sounds={"none": 0.9})], "单位让我怀孕7个月上夜班"),
        ([WORK, Message("", "还降薪3000", intent="file_complaint", sounds={"dismissal": 0.9})], "单位让我怀孕7个月上夜班\n还降薪3000"),
        ([Message("", "公司不给产假怎么办", intent="ask_leave_days")], "公司不给产假怎么办"),
        ([Message("", "孩子在托育园被喂了安眠药", intent="report_symptom")], "孩子在托育园被喂了安眠药"),
        ([Message("", "产假多少天", intent="ask_leave_days", sounds={"leave_denied": 0.8})], None),
        ([Message("", "宝宝发烧38度", intent="report_symptom", sounds={"medication": 0.8})], None),
        ([Message("", "宝宝六个月吃南瓜", intent="ask_feeding", sounds={"food_safety": 0.8})], None),
        ([Message("", "海州托育机构", intent="find_childcare", sounds={"not_filed": 0.8})], None),
        ([Message("", "/file_complaint", intent="file_complaint"), Message("", "你好", intent="greet")], None),
        ([], None),
    ],
)
def test_a_grievance_before_the_complaint_is_told_from_questions_and_greetings(said, told):
    earlier = told_earlier(said, KNOWLEDGE, TODAY)
    assert (earlier and earlier.text) == told


@pytest.mark.parametrize("begun", ["我要投诉", "/file_complaint", "不合理我要投诉"])
def test_a_complaint_that_is_begun_without_a_story_takes_the_grievance_before_it(begun):
    before = told_earlier([replace(WORK, text=f"{WORK.text}，我电话138****5678")], KNOWLEDGE, TODAY)
    heard = tell(Message("", begun, before=before))
    assert heard.notes == ("carried",) and heard.draft.kinds == ("dismissal",) and heard.draft.next == "institution"
    assert heard.draft.story.startswith(WORK.text) and "138" not in heard.draft.story


def test_a_complaint_that_tells_its_story_takes_nothing_from_before():
    heard = tell(Message("", STORY, before=WORK))
    assert heard.draft.story == STORY and not tells_nothing(Message("", STORY), KNOWLEDGE, TODAY)


def test_what_was_taken_by_mistake_is_dropped_and_the_story_is_asked_for():
    heard = tell(Message("", "我要投诉", before=WORK), "不是这件事")
    assert heard.notes == ("other_matter",) and heard.draft.story == "" and heard.draft.next == "story"


def test_a_child_in_danger_while_complaining_is_told_in_the_ticket_and_makes_it_urgent():
    danger = Message("", "现在叫不醒了", intent="report_symptom", confidence=1.0, danger=True)
    heard = tell("孩子在托育园被喂了安眠药", danger)
    assert heard.outcome == "interrupted" and heard.draft.story.endswith("\n现在叫不醒了") and heard.draft.emergency
    other = tell(STORY.replace("厨房里有蟑螂，饭菜是馊的", "要发票不给"), danger).draft
    assert other.story.endswith("叫不醒了") and not other.emergency


def test_going_on_after_first_aid_asks_for_the_story_where_none_was_told():
    waits = Draft("d", story="我孩子现在抽了", asking=WAITS)
    assert hear(waits, Message("m", "继续投诉"), KNOWLEDGE, TODAY).draft.asking == "story"


SLOTS = {  # what was told before the slot is asked
    "institution": (STORY,),
    "when": (STORY, "不知道", Message("", "海州区", districts=("haizhou",))),
    "hurt": (STORY, "小蘑菇", Message("", "海州区", districts=("haizhou",)), "昨天"),
    "contact": (STORY, "小蘑菇", Message("", "海州区", districts=("haizhou",)), "昨天", "没有"),
}


@pytest.mark.parametrize("asked", ["institution", "when", "hurt"])
@pytest.mark.parametrize("question", ["那找谁投诉", "要不要报警", "这样有用吗", "为什么要问这个？"])
def test_a_question_is_never_the_answer_to_ours(asked, question):
    draft = tell(*SLOTS[asked], question).draft
    assert getattr(draft, asked) == "" and draft.next == asked and question not in draft.story


def test_who_handles_it_is_not_known_before_anything_is_told():
    heard = tell("我要投诉", "找谁投诉啊到底")
    assert heard.notes == ("who_handles_unknown",) and heard.draft.next == "story" and heard.draft.story == ""


@pytest.mark.parametrize(
    ("said", "district"),
    [("海州", "haizhou"), ("海州区的", "haizhou"), ("新浦", "haizhou"), ("徐圩新区", "xuwei"), ("市里", ""), ("六年级", ""), ("什么破托育", ""), ("俺要告他", ""), ("我要投诉他们", "")],
)  # fmt: skip
def test_a_place_a_class_or_anger_is_no_institution_and_the_name_is_asked_once_more(said, district):
    once = tell(STORY, Message("", said, districts=(district,) if district else ()))
    assert (once.draft.institution, once.draft.district, once.draft.next) == ("", district, "institution")
    assert tell("就那家", draft=once.draft).draft.next != "institution"


@pytest.mark.parametrize("name", ["童心", "宝贝星球", "小太阳", "市东社区卫生服务中心"])
@pytest.mark.parametrize("said", ["{}", "叫{}", "应该是{}", "不是，是{}"])
def test_a_name_is_taken_however_it_is_said(name, said):
    assert tell(STORY, said.format(name)).draft.institution == name


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("上个月", {"when": "上个月"}), ("好几次", {"when": "好几次"}), ("一直这样", {"when": "一直"}), ("第三天", {"when": "第三天"}), ("天天", {"when": "天天"}),
        ("童心", {"institution": "童心"}), ("宝贝星球", {"institution": "宝贝星球"}), ("小天使", {"institution": "小天使"}), ("药企名字叫恒x", {"institution": "恒x"}),
        ("市东社区卫生服务中心", {"institution": "市东社区卫生服务中心"}), ("孩子四个月", {"story": f"{STORY}\n孩子四个月"}),
        ("小区里头，一楼，里面二十来个娃", {"story": f"{STORY}\n小区里头，一楼，里面二十来个娃"}),
    ],
)  # fmt: skip
def test_only_a_time_answers_when_and_the_rest_is_name_or_story(said, taken):
    draft = tell(*SLOTS["when"], said).draft
    assert {slot: getattr(draft, slot) for slot in taken} == taken
    assert draft.next == ("hurt" if "when" in taken else "when")


@pytest.mark.parametrize(("said", "hurt"), [("有点", "有点"), ("没啥事", "没啥事"), ("哭了两天", "哭了两天"), ("六年级", ""), ("童心", "")])
def test_only_the_body_answers_whether_a_child_was_hurt(said, hurt):
    draft = tell(*SLOTS["hurt"], said).draft
    assert draft.hurt == hurt and draft.next == ("contact" if hurt else "hurt")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("机构名是小太阳托育园", "小太阳托育园"),
        ("名字写错了，是金色阳光", "金色阳光"),
        ("名字叫，童心", "童心"),
        ("小蘑菇托育中心，在人民路", "小蘑菇托育中心"),
    ],
)
@pytest.mark.parametrize("asked", ["hurt", "contact"])
def test_a_corrected_or_fuller_name_replaces_the_one_before(asked, said, name):
    assert tell(*SLOTS[asked], said).draft.institution == name


def test_the_name_in_the_bots_own_example_is_taken_before_filing():
    heard = tell(*SLOTS["contact"], "不留", "机构名是小太阳托育园")
    assert heard.notes == ("changed",) and heard.draft.institution == "小太阳托育园" and "小太阳" not in heard.draft.story


@pytest.mark.parametrize("more", [(), ("不留",)])
def test_what_was_done_is_corrected_in_the_story(more):
    draft = tell(*SLOTS["contact"], *more, Message("", "不是打是骂", intent="deny")).draft
    assert draft.story.endswith("更正：不是打是骂") and draft.anonymous is bool(more)


@pytest.mark.parametrize(
    ("said", "districts", "district"),
    [
        ("不是海州是连云", ("haizhou", "lianyun"), "lianyun"),
        ("不对，是连云", ("lianyun",), "lianyun"),
        ("是连云不是海州", ("lianyun", "haizhou"), "lianyun"),
    ],
)
def test_a_place_that_was_corrected_stays_nowhere_in_the_story(said, districts, district):
    draft = tell(*SLOTS["when"][:2], Message("", "海州区那边", districts=("haizhou",)), Message("", said, districts=districts)).draft
    assert draft.district == district and "连云" not in draft.story and "海州" not in draft.story


@pytest.mark.parametrize("said", ["叫啥我不知道", "谢谢"])
def test_what_is_no_refusal_does_not_make_the_complaint_anonymous_at_once(said):
    heard = tell(*SLOTS["contact"], said)
    assert not heard.draft.anonymous and heard.draft.next == "contact"
    assert tell(said, draft=heard.draft).draft.anonymous  # asked twice, never for ever


@pytest.mark.parametrize("said", ["跳过", "/deny", "提交", "好的", "不知道", "不说了"])
def test_nothing_told_is_never_filed(said):
    message = Message("", said, intent="deny" if said == "/deny" else "")
    heard = tell("我要投诉", message, message, message, "提交")
    assert heard.notes == ("story_needed",) and heard.outcome == "asked" and heard.draft.kinds == () and heard.draft.next == "story"


@pytest.mark.parametrize("story", ["漏水", "没有厕所", "无证经营", "老师确认是她打的孩子"])
def test_a_short_story_is_a_story(story):
    assert tell("我要投诉", story).draft.story == story


@pytest.mark.parametrize(
    ("said", "note"), [("我要表扬，不是投诉", "praise"), ("投诉你们这个机器人", "about_us"), ("我要投诉园里只表扬送礼的，收费还高", None)]
)
def test_praise_and_anger_at_the_assistant_are_no_complaint(said, note):
    heard = tell(said)
    assert (heard.outcome == "left") is bool(note) and (note is None or heard.notes == (note,))


def test_a_child_of_three_is_taken_and_its_parent_told_whose_it_is():
    assert tell("我要投诉，三岁半，幼儿园老师打孩子").notes == ("noted", "school_age")


def test_a_place_told_before_the_story_is_kept():
    draft = tell("我要投诉", Message("", "海州", districts=("haizhou",))).draft
    assert (draft.district, draft.kinds, draft.next) == ("haizhou", (), "story")


def test_a_day_is_no_name_of_an_institution():
    draft = tell(STORY, "上个礼拜开始的").draft
    assert (draft.institution, draft.when, draft.next) == ("", "上个礼拜", "institution")


def test_a_chemical_works_that_is_complained_of_is_no_pollution():
    kinds = KNOWLEDGE.complaint_kinds
    assert "renovation" not in read("徐圩新区的化工厂，让我怀孕上夜班", kinds, TODAY).kinds
    assert "renovation" in read("托育园对面就是化工厂，天天一股怪味", kinds, TODAY).kinds


@pytest.mark.parametrize("answer", ["徐圩新区，港口物流公司", "徐圩新区 港口物流公司"])
def test_a_place_before_the_name_is_no_part_of_it(answer):
    draft = tell(STORY, Message("", answer, districts=("xuwei",))).draft
    assert (draft.institution, draft.district) == ("港口物流公司", "xuwei")


@pytest.mark.parametrize(
    "said",
    ["算了先不举报了,我再跟他谈谈,你就告诉我有啥条款", "园里昨天给开了 我不想投诉了 能撤不", "好吧 我想想再说", "能撤吗", "先不告他们了"],
)
def test_second_thoughts_are_asked_about_however_they_are_told(said):
    assert tell(STORY, said).draft.asking == "cancel"


@pytest.mark.parametrize("said", ["他们让我别投诉了", "老师说以后不打了", "园长想了想再没说话", "合同取消不了"])
def test_what_others_said_is_no_second_thought(said):
    assert tell(STORY, said).draft.asking != "cancel"


@pytest.mark.parametrize(
    ("said", "note"),
    [("多久给我回话", "how_to_follow"), ("给我个号吧我明天来问", "how_to_follow"), ("举报要啥材料", "materials"), ("你这能投诉不", None)],
)
def test_questions_on_complaining_tell_no_story(said, note):
    heard = tell(Message("", said, sounds={"none": 0.9}))
    assert heard.draft.story == "" and heard.notes == tuple(filter(None, (note, "start")))


@pytest.mark.parametrize("said", ["有聊天记录截图", "有照片", "证据就打卡记录行不行", "能催一下不", "名字我一会发你", "要给我个说法"])
def test_what_is_no_name_is_not_taken_for_the_institution(said):
    asked = tell(STORY)
    assert asked.draft.next == "institution"
    after = tell(said, draft=replace(asked.draft, asking="institution")).draft
    assert after.institution == "" and after.next == "institution"


def test_evidence_is_written_down_where_the_name_was_asked_for():
    asked = tell(STORY)
    after = tell("有聊天记录截图", draft=replace(asked.draft, asking="institution")).draft
    assert "聊天记录" in after.evidence


@pytest.mark.parametrize("said", ["交了押金，现在想取消", "园长说只要我不投诉了就把押金退给我", "老师让我再想想吧", "好几天不给我娃换衣服"])
def test_a_grievance_is_taken_for_no_second_thought_and_no_question_on_progress(said):
    after = tell(STORY, said)
    assert after.draft.asking != "cancel" and "how_to_follow" not in after.notes


def test_a_name_beside_evidence_is_taken():
    asked = tell(STORY)
    after = tell("小天使，有照片", draft=replace(asked.draft, asking="institution")).draft
    assert (after.institution, "照片" in after.evidence) == ("小天使", True)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我要投诉我们小区旁边那个小太阳托育园，老师打孩子手心", "小太阳托育园"),
        ("我要投诉市妇幼，生完孩子病历不给复印", "市妇幼"),
        ("投诉白塔埠卫生院，护士骂人", "白塔埠卫生院"),
        ("投诉那个托育园，饭菜是馊的", ""),
        ("我们小区旁边那家无证托班", ""),
    ],
)
def test_an_institution_named_in_the_story_is_not_asked_for(said, name):
    assert tell(said).draft.institution == name


@pytest.mark.parametrize("said", ["孩子们都流鼻血", "3个，在屁股上", "止住了", "单号LYG20261105001", "你帮我写客气点"])
def test_what_is_no_name_fills_no_name(said):
    assert tell(STORY, said).draft.institution == ""


def test_a_question_that_nobody_answers_is_no_part_of_the_complaint():
    heard = tell(STORY, "你们局长姓什么知道吗")
    assert heard.notes == ("not_answered",) and heard.draft.story == STORY


def test_a_complaint_is_kept_for_later():
    heard = hear(tell(STORY).draft, Message("9", "先放着吧"), KNOWLEDGE, TODAY)
    assert heard.notes == ("paused",) and heard.draft.asking == WAITS and heard.draft.story == STORY


@pytest.mark.parametrize("said", ["老师先带孩子去医院缝针了", "等会儿就来的", "放着孩子不管"])
def test_what_was_done_is_no_wish_to_wait(said):
    assert "paused" not in tell(STORY, said).notes


def test_filing_comes_before_what_else_is_asked():
    draft = tell(STORY, "小象托育").draft
    assert tell("提交吧，完了给我个号", draft=draft).draft.next == "confirm"
    assert tell("交", draft=draft).draft.next == "confirm"


@pytest.mark.parametrize(
    ("said", "name", "when"),
    [
        ("灌云，伊山镇上的，叫个什么宝贝之家", "宝贝之家", ""),
        ("海州，上礼拜三下午", "", "上礼拜三下午"),
        ("叫启明星，开发区的", "启明星", ""),
    ],
)
def test_what_stands_beside_the_district_is_taken_too(said, name, when):
    draft = tell(STORY, Message("", said, districts=("haizhou",))).draft
    assert (draft.institution, draft.when, draft.district) == (name, when, "haizhou")


def test_what_has_no_name_is_not_asked_for_it_again():
    draft = tell(STORY, "没有名字，门口就贴了张红纸").draft
    assert draft.next == "district" and "红纸" in draft.story


def test_a_wrong_name_is_put_right():
    assert tell(STORY, "小太阳托育园", "不是小太阳，打错了，是小月亮托育").draft.institution == "小月亮托育"


def test_what_is_graver_is_heard_in_a_few_words():
    assert "abuse" in tell(STORY, "我女儿身上有针眼").draft.kinds


@pytest.mark.parametrize("text", ["电话不留", "手机号就不留了", "不留", "不留电话", "名字我不写"])
def test_a_telephone_that_is_not_given_is_not_asked_for_again(text):
    draft = tell(STORY, "叫小蘑菇，海州区", "上周三").draft
    heard = tell(text, draft=replace(draft, asking="contact"))
    assert heard.draft.anonymous and not heard.draft.contact and heard.draft.next != "contact"


def test_who_does_not_know_the_name_is_not_asked_for_it():
    draft = tell("我要投诉", "托育园的监控坏了").draft
    heard = tell(Message("", "不知道叫什么，在赣榆青口", districts=("ganyu",)), draft=replace(draft, asking="district"))
    assert heard.draft.district == "ganyu" and "institution" in heard.draft.skipped and heard.draft.next != "institution"


@pytest.mark.parametrize("text", ["到哪一步了", "查进度", "提交了吗", "处理得怎么样了"])
def test_of_what_is_not_filed_it_is_said_so(text):
    heard = tell(STORY, text)
    assert heard.notes == ("not_filed",) and text not in heard.draft.story


def test_what_was_told_long_ago_opens_the_complaint_that_is_begun_later():
    said = [
        Message("1", "单位不给陪产假，说忙", intent="ask_leave_days"),
        Message("2", "那要是不合法我该找谁", intent="ask_job_protection"),
    ]
    earlier = told_earlier(said, KNOWLEDGE, TODAY)
    assert earlier and earlier.text == "单位不给陪产假，说忙"
