"""What goes on about an illness, whatever it sounds like by itself."""

import pytest

from bot.dialogue.illness import meant

ILL = {"last_topic": "health_urgent", "symptom_told": "娃吞了纽扣电池", "danger_sign": "battery"}


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "slots", "goes_on"),
    [
        ("我明早再去行吗", "ask_childcare_quality", 0.3, ILL, "ask_followup"),
        ("能等到那天吗", "ask_leave_days", 0.97, ILL, "ask_followup"),
        ("能等到那天吗", "ask_leave_days", 0.97, ILL | {"danger_sign": None}, ""),
        ("去市一院还是妇幼", "out_of_scope", 0.96, ILL | {"danger_sign": None}, "ask_followup"),
        ("到县里四十分钟", "find_childcare", 0.5, ILL, "report_symptom"),
        ("医生看过了，给了头孢", "file_complaint", 0.4, ILL | {"last_topic": "nutrition"}, "report_symptom"),
        ("医生看过了，我要投诉医院", "file_complaint", 0.9, ILL, ""),
        ("能喝水吗", "ask_feeding", 0.99, ILL, "ask_followup"),
        ("要不要抠嗓子眼让他吐", "report_symptom", 0.85, ILL, "ask_followup"),
        ("以后啥不能给他吃", "ask_feeding", 0.99, ILL, ""),
        ("要不要喂奶", "ask_feeding", 0.95, ILL, "ask_followup"),
        ("可以让他睡吗", "ask_growth", 0.9, ILL, "ask_followup"),
        ("能喝水吗", "ask_feeding", 0.99, ILL | {"danger_sign": None}, ""),
        ("药房量的血压152，98", "out_of_scope", 0.9, ILL, "report_symptom"),
        ("今天股票涨了没", "out_of_scope", 0.9, ILL, ""),
        ("产假多少天", "ask_leave_days", 0.99, ILL, ""),
        ("最近的医院是哪，我在猴嘴", "find_childcare", 0.87, ILL, "ask_followup"),
        ("开车去要20分钟，等120还是自己去", "out_of_scope", 0.9, ILL, "ask_followup"),
        ("没有人帮我，老公在外地", "inform", 0.4, ILL, "ask_followup"),
        ("打哪个电话", "request_human", 0.99, ILL, "ask_followup"),
        ("转人工", "request_human", 0.99, ILL, ""),
        ("谢谢", "thank", 0.99, ILL, ""),
        ("还有啥电话能打", "request_human", 0.9, ILL, "ask_followup"),
        ("狗打过疫苗的", "ask_vaccination", 0.9, ILL | {"danger_sign": "animal_bite"}, "ask_followup"),
        ("用碘伏擦擦行不", "ask_growth", 0.5, ILL | {"danger_sign": "animal_bite"}, "ask_followup"),
        ("正好要打乙脑，还能打吗", "ask_vaccination", 0.9, ILL | {"danger_sign": "animal_bite"}, ""),
        ("我要投诉这个园", "file_complaint", 0.9, ILL, ""),
        ("明天打疫苗还能打吗", "ask_vaccination", 0.9, ILL, ""),
        ("没有人帮我，老公在外地", "inform", 0.4, ILL | {"danger_sign": "fever_39"}, ""),  # that can wait until today's doctor
        ("大概五六十公分", "inform", 0.8, ILL | {"danger_sign": "fever_39"}, "ask_followup"),
        ("医生说没事", "out_of_scope", 0.9, {"last_topic": "leave"}, ""),
    ],
)
def test_what_is_told_on_is_of_the_illness(text, intent, confidence, slots, goes_on):
    named = frozenset({"vaccine"} if "疫苗" in text or "乙脑" in text else ())
    assert meant(text, {"name": intent, "confidence": confidence}, slots, named) == goes_on
