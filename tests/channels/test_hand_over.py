"""A talk goes on in the browser with what WeChat's link holds, for ten minutes, and with nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import tokens
from bot.channels.tokens import BadToken, Tokens
from bot.channels.wechat.opening import account_of
from bot.knowledge.wechat import PAGE_PATH
from bot.settings import WeChat, settings
from tests.channels.wechat_out import known
from tests.client import request

WHO = "wechat-" + "c" * 32


def test_a_hand_over_opens_its_conversation_and_a_new_session_its_own() -> None:
    ours = Tokens("key")
    token, _ = ours.issue(ours.hand_over(WHO))
    assert ours.conversation(f"Bearer {token}") == WHO
    assert ours.conversation(f"Bearer {ours.issue()[0]}").startswith("web-")


def test_neither_token_serves_as_the_other() -> None:
    ours = Tokens("key")
    session, hand_over = ours.issue()[0], ours.hand_over(WHO)
    for wrong in (session, hand_over[:-2], "", "x.y.z", Tokens("other key").hand_over(WHO)):
        with pytest.raises(BadToken, match="微信"):
            ours.issue(wrong)
    with pytest.raises(BadToken):
        ours.conversation(f"Bearer {hand_over}")


def test_a_hand_over_lasts_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timedelta(minutes=10) == tokens.HAND_OVER
    ours = Tokens("key")
    hand_over = ours.hand_over(WHO)
    monkeypatch.setattr(tokens, "HAND_OVER", timedelta(seconds=-1))
    with pytest.raises(BadToken, match="过期"):
        ours.issue(hand_over)


def test_the_link_keeps_what_opens_the_talk_from_servers_and_logs() -> None:
    from dataclasses import replace

    config = replace(settings(), wechat=WeChat("a", "t", None, "s", "https://api.example"))
    account = account_of(config, known(page=f"https://e.example{PAGE_PATH}"))
    address, fragment = account.page(WHO).split("#h=")
    assert address == f"https://e.example{PAGE_PATH}" and account.site == "https://e.example"
    assert Tokens(config.secret_key).issue(fragment) and len(fragment) < 512
    assert account_of(config, known()).page(WHO) == "" and account.pushes and "产假多少天" in account.menu
    assert account.templates == {"id-ticket": "ticket", "id-reminder": "reminder"}


@pytest.mark.model
def test_the_talk_of_another_channel_is_read_and_continued_in_the_browser(server) -> None:
    web = f"{server.url}/webhooks/web"
    hand_over = Tokens(settings().secret_key).hand_over(WHO)
    status, answer = request("POST", f"{web}/sessions", {"handover": hand_over})
    assert status == 201
    other = request("POST", f"{web}/sessions", {"handover": hand_over})[1]["token"]
    status, said = request("POST", f"{web}/messages", {"text": "产假多少天"}, {"Authorization": f"Bearer {answer['token']}"})
    assert status == 200 and "158" in said["messages"][0]["text"]
    status, history = request("GET", f"{web}/history", None, {"Authorization": f"Bearer {other}"})
    assert [turn["user"] for turn in history["turns"]] == [{"text": "产假多少天"}]


@pytest.mark.model
@pytest.mark.parametrize(("handover", "status"), [("forged", 401), (7, 422), ("", 401)])
def test_a_wrong_hand_over_is_refused(server, handover: object, status: int) -> None:
    found, answer = request("POST", f"{server.url}/webhooks/web/sessions", {"handover": handover})
    assert found == status and answer["error"]["code"] == "bad_handover"
