"""What a search is answered with: the first line, the lines, the notes, the card."""

from datetime import date

import pytest

from bot.childcare.asking import Search, hear, look
from bot.childcare.institution import Institution
from bot.childcare.places import centres
from bot.childcare.search import Directory, Hit
from bot.topics.childcare_find import answer_find, asked_about, corrected, is_correction
from bot.topics.childcare_wording import card, kilometres, line, money, wishes

TODAY = date(2026, 11, 23)
REAL = Institution("x", "甲园", "haizhou", age_to=36, fee_from=1000, fee_to=1500, phone="12345")


def answered(knowledge, *texts):
    directory, search = Directory(knowledge.childcare_sample, centres(knowledge), sample=True), Search()
    for text in texts:
        search = hear(knowledge, search, text)
    return answer_find(knowledge, directory, search, look(directory, search, centres(knowledge)), texts[-1], TODAY)


@pytest.mark.parametrize("km,about,exact,said", [(0.31, False, True, "300米"), (2.14, False, True, "2.1公里"), (12.6, False, True, "13公里"),
                                                 (2.14, True, True, "约2公里"), (0.3, False, False, "1公里上下"), (None, False, True, "")])  # fmt: skip
def test_distances_are_no_finer_than_they_are_known(km, about, exact, said):
    assert kilometres(Hit(REAL, km, about), exact) == said


def test_a_line_and_a_card_say_what_is_known_and_what_to_ask(knowledge):
    hit = Hit(REAL, 2.1, False, ("inclusive",))
    assert line(1, hit, True) == "1. 甲园：2.1公里，每月1000到1500元，电话12345，名单没写是不是普惠，先打电话问"
    made = card(knowledge, hit, False)
    assert made["distance_km"] == 2.1 and made["url"].startswith("https://uri.amap.com/search?") and "lat" not in made
    assert made["subtitle"] == "海州区；收0个月到3岁；每月1000到1500元；电话12345"
    assert money(Institution("x", "乙", "haizhou")) == ""


def test_wishes_are_read_back(knowledge):
    search = hear(knowledge, Search(), "海州区普惠全日托，1岁半，1500以内，早上七点送，晚上六点接")
    assert wishes(search) == "普惠、全日托、1岁半能收、每月1500元以内、7:00能送、18:00还能接"


@pytest.mark.parametrize(
    "texts,says",
    [
        (["万达附近托育"], "万达广场在海州区，我没有它的准确位置"),
        (["墟沟 普惠托班"], "墟沟街道没有找到“普惠”的，我把范围放宽到连云区"),
        (["灌南县 7个月"], "灌南县没有找到“7个月能收”的，我把范围放宽到全市"),
        (["海州区托育", "便宜点的"], "便宜的在前"),
        (["海州区托育", "早上五点送"], "没有完全符合的，先不管早上几点开门"),
    ],
)
def test_the_first_line_says_where_was_looked_and_what_was_widened(knowledge, texts, says):
    (answer,) = answered(knowledge, *texts)
    assert says in answer.values["head"] and answer.response == "utter_childcare_find_hits_sample"


def test_what_no_list_says_is_said_to_be_so(knowledge):
    (answer,) = answered(knowledge, "海州区公办托育，周末也开的")
    assert "公办、周末：名单里没有这一项" in answer.values["lines"]


def test_a_child_of_three_is_told_of_kindergarten(knowledge):
    (first,) = answered(knowledge, "海州区托育，孩子三岁八个月")
    assert first.response == "utter_childcare_find_fact" and "满3岁上幼儿园" in first.values["told"]


def test_at_most_three_buttons_and_no_reply_longer_than_a_screen(knowledge):
    for text in ("海州区托育", "墟沟 普惠 全天 10个月", "灌南县 7个月", "想找个托育", "我在南京找托班", "托育名单哪里查"):
        for answer in answered(knowledge, text):
            assert len(answer.buttons) <= 3
            assert len(answer.values.get("head", "") + answer.values.get("lines", "") + answer.values.get("told", "")) <= 220


def test_a_correction_is_of_the_one_that_it_names(knowledge):
    shown = knowledge.childcare_sample[:3]
    search = Search(anywhere=True)
    assert is_correction("第二家电话打不通", search) and not is_correction("第二家电话多少", search)
    assert corrected("第二家电话打不通", shown) == shown[1:2]
    assert corrected("电话打不通", shown) == shown
    assert corrected("第九家关门了", shown) == shown


def test_an_institution_is_meant_by_its_place_or_because_it_was_talked_about_last(knowledge):
    directory, shown = Directory(knowledge.childcare_sample, centres(knowledge), sample=True), knowledge.childcare_sample[:3]
    assert asked_about(directory, "第二家呢", shown) == asked_about(directory, "2", shown) == shown[1:2]
    assert asked_about(directory, "它有备案吗", shown, shown[1:2]) == asked_about(directory, "营业到几点", shown, shown[1:2]) == shown[1:2]
    assert asked_about(directory, "地址在哪", shown) == shown
    assert asked_about(directory, "有普惠的托班吗", shown) == asked_about(directory, "第九家呢", shown) == ()


@pytest.mark.parametrize("text", ["哪家好", "哪家比较靠谱", "推荐哪家", "口碑怎么样"])
def test_which_is_the_best_is_not_ranked_but_how_to_tell(knowledge, text):
    directory = Directory(knowledge.childcare_sample, centres(knowledge), sample=True)
    search = hear(knowledge, Search(), "海州区托育")
    found = look(directory, search, centres(knowledge))
    assert answer_find(knowledge, directory, search, found, text, TODAY, shown=True)[0].response == "utter_childcare_find_which"
    assert answer_find(knowledge, directory, search, found, text, TODAY)[0].response != "utter_childcare_find_which"


@pytest.mark.parametrize(
    ("text", "wrong"), [("这家搬家了", True), ("俺们搬家了，现在在连云区", False), ("我家刚搬走了", False), ("电话打不通", True)]
)
def test_that_the_family_moved_is_no_correction_of_a_list(text, wrong):
    assert is_correction(text, Search(anywhere=True)) is wrong
