"""The chat on other pages: named origins may call the web channel from their scripts, no others, and never with cookies."""

import urllib.error
import urllib.request

import pytest
from sanic import Blueprint

from bot.channels.embedding import CALLED, allow_embedding
from bot.settings import SettingsError, settings
from tests.conftest import CITY_PAGE


def asked(server, method, path, origin):
    """(status, the headers that CORS is about)"""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    request = urllib.request.Request(f"{server.url}/webhooks/web/{path}", headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            status, found = response.status, response.headers
    except urllib.error.HTTPError as refused:
        status, found = refused.code, refused.headers
    return status, {name.lower(): value for name, value in found.items() if name.lower().startswith(("access-control", "vary"))}


@pytest.mark.model
@pytest.mark.parametrize("path", CALLED)
def test_a_named_origin_may_call_and_read_also_a_refusal(server, path):
    status, headers = asked(server, "OPTIONS", path, CITY_PAGE)
    assert status == 204 and headers["access-control-allow-origin"] == CITY_PAGE
    assert "Authorization" in headers["access-control-allow-headers"] and "POST" in headers["access-control-allow-methods"]
    status, headers = asked(server, "GET" if path == "history" else "POST", path, CITY_PAGE)
    assert status in (201, 401) and headers == {"vary": "Origin", "access-control-allow-origin": CITY_PAGE}


@pytest.mark.model
@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{CITY_PAGE}.evil.example", CITY_PAGE.replace("http:", "https:")])
def test_no_other_origin_is_named_and_cookies_are_never_allowed(server, origin):
    for method, path in (("OPTIONS", "messages"), ("POST", "sessions"), ("GET", "history")):
        _, headers = asked(server, method, path, origin)
        assert headers == {"vary": "Origin"}


def test_without_the_setting_nothing_is_asked_or_answered():
    web = Blueprint("nobody_embeds")
    allow_embedding(web, frozenset())
    assert not web._future_routes and not web._future_middleware


@pytest.mark.parametrize(
    ("set_to", "origins"),
    [
        ("", set()),
        ("https://www.example.gov.cn", {"https://www.example.gov.cn"}),
        (" https://A.example/ , http://localhost:8080 ,", {"https://a.example", "http://localhost:8080"}),
    ],
)
def test_origins_are_read_from_the_setting(monkeypatch, set_to, origins):
    monkeypatch.setenv("LIANBAO_EMBED_ORIGINS", set_to)
    assert settings.__wrapped__().embed_origins == origins


@pytest.mark.parametrize("wrong", ["*", "example.gov.cn", "https://a.example/page", "https://*.example", "null"])
def test_what_is_no_origin_is_refused_with_its_name(monkeypatch, wrong):
    monkeypatch.setenv("LIANBAO_EMBED_ORIGINS", wrong)
    with pytest.raises(SettingsError, match="LIANBAO_EMBED_ORIGINS"):
        settings.__wrapped__()
