"""Settings from the environment or `.env`: the only reader of either. Names and meanings: README, ../shared/contract.md."""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from environs import Env, EnvError

ROOT = Path(__file__).resolve().parents[1]
TIMEZONE = ZoneInfo("Asia/Shanghai")


class SettingsError(ValueError):
    """A setting cannot be used; the message is Chinese and names the key."""


@dataclass(frozen=True)
class WeChat:
    """The official account's own settings, as its console shows them. `api` is the base address of WeChat's API."""

    app_id: str
    token: str = field(repr=False)
    aes_key: str | None = field(repr=False)  # 43 characters; None: plain mode
    secret: str | None = field(repr=False)  # None: nothing is pushed
    api: str


@dataclass(frozen=True)
class Settings:
    """All settings. Secrets are left out of `repr`."""

    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    host: str
    port: int
    desk_port: int
    secret_key: str = field(repr=False)
    metrics_token: str | None = field(repr=False)
    var: Path
    password: str | None = field(default=None, repr=False)
    fixed_today: date | None = None
    wechat: WeChat | None = None
    embed_origins: frozenset[str] = frozenset()

    def today(self) -> date:
        """Today in Lianyungang, or LIANBAO_TODAY where it is set."""
        return self.fixed_today or datetime.now(TIMEZONE).date()


def _kept_secret(path: Path) -> str:
    """The secret key kept under var/, made on first use, readable by the owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), "utf-8")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)  # atomic, and a key that another process made first is kept
        made.unlink()
    return path.read_text("utf-8").strip()


def _wechat(env: Env) -> WeChat | None:
    """None where no account is set. Raises SettingsError for an account that could not work."""
    app_id, token, aes_key = env.str("WECHAT_APP_ID", ""), env.str("WECHAT_TOKEN", ""), env.str("WECHAT_AES_KEY", "")
    if not app_id and not token:
        return None
    if not app_id or not token:
        raise SettingsError("接公众号要同时设 LIANBAO_WECHAT_APP_ID 和 LIANBAO_WECHAT_TOKEN。")
    if aes_key and not re.fullmatch(r"[0-9A-Za-z]{43}", aes_key):
        raise SettingsError("LIANBAO_WECHAT_AES_KEY 应是43位字母和数字（公众平台“消息加解密密钥”）。")
    api = env.str("WECHAT_API", "") or "https://api.weixin.qq.com"
    return WeChat(app_id, token, aes_key or None, env.str("WECHAT_SECRET", "") or None, api.rstrip("/"))


def _origins(env: Env) -> frozenset[str]:
    """The origins whose pages may hold the chat, none by default. Raises SettingsError for what is no origin."""
    origins = frozenset(one.strip().rstrip("/").lower() for one in env.str("EMBED_ORIGINS", "").split(",") if one.strip())
    for origin in origins:
        if not re.fullmatch(r"https?://[a-z0-9.\-]+(:\d+)?", origin):
            raise SettingsError(f"LIANBAO_EMBED_ORIGINS 里的“{origin}”不是网站来源，应写成 https://主机名，几个用逗号隔开。")
    return origins


@cache
def settings() -> Settings:
    """The settings of this process, read once. Raises SettingsError naming the key that cannot be used."""
    env = Env(prefix="LIANBAO_")
    env.read_env(str(ROOT / ".env"), recurse=False)
    try:
        var = ROOT / "var"
        return Settings(
            database_url=env.str("DATABASE_URL", "") or f"sqlite:///{var / 'lianbao.db'}",
            redis_url=env.str("REDIS_URL", "") or None,
            host=env.str("HOST", "127.0.0.1"),
            port=env.int("PORT", 5005),
            desk_port=env.int("DESK_PORT", 5080),
            secret_key=env.str("SECRET_KEY", "") or _kept_secret(var / "secret_key"),
            metrics_token=env.str("METRICS_TOKEN", "") or None,
            var=var,
            password=env.str("PASSWORD", "") or None,
            fixed_today=env.date("TODAY", None),
            wechat=_wechat(env),
            embed_origins=_origins(env),
        )
    except EnvError as error:
        raise SettingsError(f"环境变量设置有误：{error}") from error
