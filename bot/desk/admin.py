"""What an administrator keeps: accounts, and the codes of parents' committees. Each change is logged; no ticket is seen here."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp_jinja2 import render_template

from bot.complaints.handling import unit_label
from bot.desk.accounts import NameTaken
from bot.desk.auth import for_roles, form_of, json_body, text_in, wants_json
from bot.desk.context import Refused, account_of, desk_of
from bot.desk.passwords import BadAccount, WeakPassword, checked, hash_of

routes = web.RouteTableDef()


async def _body(request: web.Request) -> Any:
    return await json_body(request) if wants_json(request) else await form_of(request)


def _hashed(body: Any) -> str:
    password = body.get("password")
    if not isinstance(password, str) or len(password) > 200:
        raise Refused(422, "missing", "请给密码。")
    try:
        return hash_of(password)
    except WeakPassword as error:
        raise Refused(422, "weak_password", str(error)) from error


async def _accounts(request: web.Request) -> list[dict[str, Any]]:
    desk = desk_of(request)
    districts = desk.knowledge.districts
    return [
        {
            "id": one.id, "username": one.name, "role": one.role, "department": one.department, "district": one.district, "active": one.active,
            "unit": unit_label(desk.knowledge, one.department, one.district) if one.department else districts[one.district].name if one.district else "",
        }
        for one in await desk.accounts.all()
    ]  # fmt: skip


@routes.get("/admin/accounts")
@for_roles("admin")
async def accounts_page(request: web.Request) -> web.StreamResponse:
    return await _accounts_page(request)


async def _accounts_page(request: web.Request, error: str = "", typed: Any = None, status: int = 200) -> web.StreamResponse:
    knowledge = desk_of(request).knowledge
    values = {
        "accounts": await _accounts(request), "departments": knowledge.departments, "districts": knowledge.districts, "error": error,
        "typed": typed or {},
    }  # fmt: skip
    return render_template("admin_accounts.html", request, values, status=status)


@routes.get("/api/admin/accounts")
@for_roles("admin")
async def api_accounts(request: web.Request) -> web.StreamResponse:
    return web.json_response({"accounts": await _accounts(request)})


async def _add(request: web.Request, body: Any) -> str:
    desk = desk_of(request)
    name, role = text_in(body, "username", 64, needed=True), text_in(body, "role", 12, needed=True)
    department, district = text_in(body, "department", 32) or None, text_in(body, "district", 32) or None
    try:
        checked(desk.knowledge, name, role, department, district)
        await desk.accounts.add(name, _hashed(body), role, department, district)
    except BadAccount as error:
        raise Refused(422, "bad_account", str(error)) from error
    except NameTaken as error:
        raise Refused(409, "name_taken", f"已经有账号 {name} 了。") from error
    await desk.accounts.log(account_of(request).name, "add account", name=name, role=role, department=department, district=district)
    return name


@routes.post("/api/admin/accounts")
@for_roles("admin")
async def api_add(request: web.Request) -> web.StreamResponse:
    return web.json_response({"username": await _add(request, await json_body(request))}, status=201)


@routes.post("/admin/accounts")
@for_roles("admin")
async def add(request: web.Request) -> web.StreamResponse:
    form = await form_of(request)
    try:
        await _add(request, form)
    except Refused as refused:
        typed = {key: value for key, value in form.items() if key != "password"}
        return await _accounts_page(request, refused.message, typed, refused.status)
    raise web.HTTPSeeOther("/admin/accounts")


@routes.post("/admin/accounts/{id:[0-9]{1,9}}")
@routes.post("/api/admin/accounts/{id:[0-9]{1,9}}")
@for_roles("admin")
async def change(request: web.Request) -> web.StreamResponse:
    """`action`: close, open, or password (with `password`). All sessions of the account end."""
    body, desk, who = await _body(request), desk_of(request), account_of(request)
    number, action = int(request.match_info["id"]), text_in(body, "action", 12, needed=True)
    known = next((one for one in await desk.accounts.all() if one.id == number), None)
    if known is None:
        raise Refused(404, "not_found", "没有这个账号。")
    if action in ("close", "open"):
        if number == who.id:
            raise Refused(422, "refused", "不能停用自己的账号，请另一位管理员来做。")
        await desk.accounts.change(number, active=action == "open")
    elif action == "password":
        await desk.accounts.change(number, password=_hashed(body))
    else:
        raise Refused(422, "bad_action", "没有这种操作。")
    await desk.accounts.log(who.name, f"{action} account", name=known.name)
    if wants_json(request):
        return web.json_response({"username": known.name, "action": action})
    raise web.HTTPSeeOther("/admin/accounts")


@routes.get("/admin/committees")
@for_roles("admin")
async def committees_page(request: web.Request) -> web.StreamResponse:
    return await _committees_page(request)


async def _committees_page(request: web.Request, code: str = "", error: str = "", status: int = 200) -> web.StreamResponse:
    desk = desk_of(request)
    values = {
        "committees": await desk.complaints.store.codes.committees(), "districts": desk.knowledge.districts, "code": code, "error": error,
    }  # fmt: skip
    return render_template("admin_committees.html", request, values, status=status)


async def _add_committee(request: web.Request, body: Any) -> str:
    desk = desk_of(request)
    institution, district = text_in(body, "institution", 80, needed=True), text_in(body, "district", 32) or None
    if district and district not in desk.knowledge.districts:
        raise Refused(422, "bad_value", "没有这个县区。")
    code = await desk.complaints.add_committee(institution, district)
    await desk.accounts.log(account_of(request).name, "add committee", institution=institution)
    return code


@routes.post("/api/admin/committees")
@for_roles("admin")
async def api_add_committee(request: web.Request) -> web.StreamResponse:
    return web.json_response({"code": await _add_committee(request, await json_body(request))}, status=201)


@routes.post("/admin/committees")
@for_roles("admin")
async def add_committee(request: web.Request) -> web.StreamResponse:
    form = await form_of(request)
    try:
        return await _committees_page(request, await _add_committee(request, form), status=201)
    except Refused as refused:
        return await _committees_page(request, error=refused.message, status=refused.status)


@routes.post("/admin/committees/{hash:[0-9a-f]{64}}")
@for_roles("admin")
async def remove_committee(request: web.Request) -> web.StreamResponse:
    if not await desk_of(request).complaints.store.codes.remove_committee(request.match_info["hash"]):
        raise Refused(404, "not_found", "这个家长委员会已经删除了。")
    await desk_of(request).accounts.log(account_of(request).name, "remove committee")
    raise web.HTTPSeeOther("/admin/committees")
