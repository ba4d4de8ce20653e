"""What WeChat's API answers when it does not do what was asked, by its errcode.

The codes: https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and the pages of the single calls (bot.channels.wechat.client).
What an operator does about each stands in docs/wechat.md.
"""

from __future__ import annotations

from datetime import timedelta


class WeChatError(RuntimeError):
    """A call that WeChat refused. The message is Chinese and holds no token, OpenID or words; `code` is WeChat's errcode, 0 where it gave none."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(f"{message}（错误码 {code}）" if code else message)
        self.code = code


class Later(WeChatError):
    """Not now; the same may be asked again after `pause`."""

    pause = timedelta(seconds=5)


class Busy(Later):
    """WeChat is busy: it did nothing."""


class Unreachable(Later):
    """No connection was made: WeChat knows nothing of the call."""


class TooFast(Later):
    """The calls of this minute are used up."""

    pause = timedelta(minutes=1)


class Quota(Later):
    """The calls of this day are used up."""

    pause = timedelta(hours=1)


class Misconfigured(Later):
    """The account's settings are wrong; until somebody mends them nothing goes."""

    pause = timedelta(minutes=10)


class TokenExpired(Later):
    """The access token is no longer the valid one."""


class LostAnswer(WeChatError):
    """WeChat was asked and no answer came: it may have done it."""


class OutOfWindow(WeChatError):
    """The parent wrote too long ago, or the messages that this allowed are used up."""


class NoRight(WeChatError):
    """The account may not use this call."""


class NotAsked(WeChatError):
    """The parent did not ask for this notice, or wants it no more."""


class NotFollowing(WeChatError):
    """The parent does not follow the account."""


class MediaGone(WeChatError):
    """The picture is not there, or no longer (three days)."""


_NO_TOKEN = "access_token 无效或过期；反复出现时，核对 AppID 和 AppSecret，并确认没有别的程序在强制刷新它"
CODES: dict[int, tuple[type[WeChatError], str]] = {
    -1: (Busy, "微信系统忙，请过一会儿再试"),
    40001: (TokenExpired, _NO_TOKEN),
    40003: (NotFollowing, "这个用户没有关注本公众号"),
    40007: (MediaGone, "图片不在微信那里了（只留3天）"),
    40013: (Misconfigured, "AppID 不对，请核对 LIANBAO_WECHAT_APP_ID"),
    40014: (TokenExpired, _NO_TOKEN),
    40016: (WeChatError, "菜单的按钮个数不对"),
    40017: (WeChatError, "菜单的按钮类型不对"),
    40018: (WeChatError, "菜单的一级按钮名字太长"),
    40019: (WeChatError, "菜单按钮的 key 太长"),
    40020: (WeChatError, "菜单按钮的网址太长"),
    40023: (WeChatError, "菜单的二级按钮个数不对"),
    40025: (WeChatError, "菜单的二级按钮名字太长"),
    40026: (WeChatError, "菜单二级按钮的 key 太长"),
    40037: (WeChatError, "模板 ID 不对，请核对 knowledge/lianyungang/wechat.yml 的 templates"),
    40054: (WeChatError, "菜单二级按钮的网址不对"),
    40055: (WeChatError, "菜单按钮的网址不对"),
    40125: (Misconfigured, "AppSecret 不对，请核对 LIANBAO_WECHAT_SECRET"),
    40164: (Misconfigured, "这台服务器的 IP 不在公众号的 IP 白名单里"),
    42001: (TokenExpired, _NO_TOKEN),
    43004: (NotFollowing, "这个用户没有关注本公众号"),
    43101: (NotAsked, "用户没有订阅这个通知，或者已经退订"),
    45002: (WeChatError, "消息太长"),
    45009: (Quota, "今天的接口调用次数用完了"),
    45011: (TooFast, "接口调用太频繁"),
    45015: (OutOfWindow, "用户太久没有来消息，不能主动发"),
    45047: (OutOfWindow, "这段时间能主动发的条数用完了"),
    46003: (WeChatError, "公众号还没有菜单"),
    47003: (WeChatError, "模板的字段不对，请核对 knowledge/lianyungang/wechat.yml 的 templates"),
    48001: (NoRight, "公众号没有这个接口的权限"),
    48004: (NoRight, "接口被封禁，请登录公众平台查看"),
    50002: (NoRight, "公众号被限制，请登录公众平台查看"),
}


def error_of(code: int) -> WeChatError:
    """The error of an errcode; one that is not known is never repeated."""
    kind, words = CODES.get(code, (WeChatError, "微信没有答应，请查公众平台的“全局返回码”"))
    return kind(words, code)
