"""What the WeChat channel itself says to a parent, where the assistant has no part: REPLYs of contract.md."""

from __future__ import annotations

from typing import Any

Reply = dict[str, Any]

WELCOME: Reply = {
    "text": "您好，我是连宝，帮连云港带三岁以下宝宝的家庭答疑。打疫苗、喂养、长得好不好、产假、补贴、托育都可以问，也可以替您投诉。\n"
    "直接打字或说话就行；发“位置”给我，能找附近的托育。\n孩子有危险请先打 120。",
    "buttons": [
        {"title": "产假多少天", "payload": "/ask_leave_days"},
        {"title": "育儿补贴怎么领", "payload": "/ask_childcare_subsidy"},
        {"title": "宝宝该打什么疫苗", "payload": "/ask_vaccination"},
    ],
}
SCANNED: Reply = {"text": "您好，我是连宝，有什么想问的，直接打字或说话就行。"}
NO_WORDS: Reply = {"text": "这段语音我没听清，麻烦打字告诉我，或者用输入法的语音转成文字再发。"}
PICTURE: Reply = {
    "text": "照片收到了。\n要投诉的话，直接告诉我是哪家、出了什么事，照片会和投诉一起交上去。\n想问别的，打字告诉我就行：照片里的内容我看不懂。"
}
NO_VIDEO: Reply = {"text": "视频我看不了，麻烦打字告诉我。要做投诉的证据，请截几张照片发来。"}
NO_LINK: Reply = {"text": "链接我打不开。想问什么，用一两句话告诉我就行。"}
NO_PLACE: Reply = {"text": "这个位置我没看懂，请打字告诉我在哪个区县、哪条街道或镇。"}
UNKNOWN: Reply = {"text": "这种消息我还看不懂，麻烦打字告诉我。"}
NOT_OFFERED: Reply = {"text": "这个菜单我还不会，麻烦打字告诉我想问什么。"}
FAILED: Reply = {"text": "刚才那句我没处理好，麻烦再发一次。急事请打 12345，孩子有危险请打 120。"}
# Without the right to speak first: what is ready later is given with the next word.
HOLD: Reply = {"text": "这个问题我还在想，过几秒回复“继续”，就给您答案。\n孩子有危险，请马上打 120。"}
MORE = "\n（还有内容，回复“继续”接着看）"
CHOOSE = "回复数字就能选："
# An error would make WeChat show 该公众号暂时无法提供服务, which tells nobody what to do now.
NO_DATABASE: Reply = {"text": "我现在有点忙不过来，您刚才说的没能记下，请过几分钟再发一次。\n急事请打 12345，孩子有危险请打 120。"}
