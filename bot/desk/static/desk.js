"use strict";
// The desk works without this; with it: keys, drafts that outlive a session, a form sent once, notices.
const body = document.body;
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

// A form is sent once, however often it is clicked, and says so by the same id if it is sent again.
for (const form of document.querySelectorAll("form[data-once]")) {
  const once = document.createElement("input");
  Object.assign(once, { type: "hidden", name: "once", value: crypto.randomUUID ? crypto.randomUUID().slice(0, 32) : String(Math.random()).slice(2) });
  form.append(once);
  form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((b) => { b.disabled = true; })));
}

// What is typed stays in this browser until it has arrived, also when the session ends meanwhile.
const ticket = document.getElementById("ticket");
const draftOf = (number, name) => `draft:${body.dataset.account}:${number}:${name}`;
const did = new URLSearchParams(location.search).get("did");  // what the server has taken, by ticket and form
if (did) localStorage.removeItem(draftOf(...did.split(":")));
for (const form of document.querySelectorAll("form[data-draft]")) {
  const field = form.querySelector("textarea"), saved = form.querySelector(".saved");
  const key = draftOf(ticket ? ticket.dataset.number : location.pathname, form.dataset.draft);
  const kept = localStorage.getItem(key);
  if (kept && !field.value) {
    field.value = kept;
    saved.textContent = "已恢复上次没交的内容";
    form.closest("details")?.setAttribute("open", "");
  }
  const keep = () => {
    if (field.value) localStorage.setItem(key, field.value); else localStorage.removeItem(key);
    saved.textContent = field.value ? "已自动保存" : "";
  };
  if (field.value && !kept) keep();  // typed before this ran: the page is shown first
  field.addEventListener("input", keep);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("button.main").click();
  });
}
// A form of many fields is kept as it was sent, with the version it was written on, until the server says that it has it.
const sent = (address) => `sent:${body.dataset.account}:${address}`;
if (did) for (const address of ["/childcare", location.pathname]) sessionStorage.removeItem(sent(address));
for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = sent(form.getAttribute("action")), kept = sessionStorage.getItem(key);
  if (kept && !("typed" in form.dataset)) {
    const values = new Map();
    for (const [name, value] of JSON.parse(kept)) values.set(name, [...(values.get(name) || []), value]);
    for (const field of form.querySelectorAll("[name]:not([name=csrf])")) {
      if (field.type === "checkbox") field.checked = (values.get(field.name) || []).includes(field.value);
      else field.value = (values.get(field.name) || [""])[0];
    }
    const drop = Object.assign(document.createElement("button"), { type: "button", textContent: "不要了，看名单上的" });
    drop.addEventListener("click", () => { sessionStorage.removeItem(key); location.reload(); });
    form.parentElement.querySelector(".saved").append("已恢复上次没交的内容 ", drop);
  }
  form.addEventListener("submit", () => sessionStorage.setItem(key, JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf"))));
}
for (const button of document.querySelectorAll("[data-template]")) {
  button.addEventListener("click", () => {
    const field = button.closest("form").querySelector("textarea");
    field.value = field.value ? `${field.value}\n${button.dataset.template}` : button.dataset.template;
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
}

// Keys
const rows = [...document.querySelectorAll("#queue > li")];
let at = -1;
const go = (to) => {
  if (!rows.length) return;
  rows[at]?.classList.remove("at");
  at = Math.max(0, Math.min(rows.length - 1, to));
  rows[at].classList.add("at");
  rows[at].querySelector("a").focus();
};
const accept = async (row) => {
  const answer = await fetch(`/api/tickets/${row.dataset.number}/actions`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action: "accept", version: Number(row.dataset.version) }),
  });
  if (answer.status === 401) { location.href = "/login"; return; }
  const told = await answer.json();
  if (answer.ok) { row.querySelector(".state").textContent = told.state; row.dataset.canAccept = "0"; go(rows.indexOf(row) + 1); } else tell(told.error.message);
};
const help = () => document.getElementById("keys").showModal();
document.querySelector("[data-help]")?.addEventListener("click", help);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const press = (selector) => { const found = document.querySelector(selector); if (found) { event.preventDefault(); found.click(); } return found; };
  if (event.key === "?") { event.preventDefault(); help(); }
  else if (event.key === "/") { event.preventDefault(); (document.getElementById("q") || { focus() { location.href = "/"; } }).focus(); }
  else if (event.key === "j") go(at + 1);
  else if (event.key === "k") go(at - 1);
  else if (event.key === "u" && ticket) location.href = "/";
  else if (event.key === "a" && rows[at]?.dataset.canAccept === "1") accept(rows[at]);
  else if (/^[a-z]$/.test(event.key)) {
    const found = document.querySelector(`[data-key="${event.key}"]`);
    if (found?.matches("summary")) {
      event.preventDefault();
      found.parentElement.open = true;
      found.parentElement.querySelector("textarea, select")?.focus();
    } else press(`[data-key="${event.key}"]`);
  }
});

// Notices
const bar = document.getElementById("notices");
function tell(words, href) {
  const line = document.createElement(href ? "a" : "span");
  line.textContent = words;
  if (href) line.href = href;
  bar.append(line);
  bar.hidden = false;
}
async function look() {
  try {
    const answer = await fetch("/api/notices");
    if (answer.status === 401) { bar.replaceChildren(); tell("登录已过期，写的内容已保存在这台电脑上。点这里重新登录", `/login?next=${encodeURIComponent(location.pathname)}`); return; }
    if (!answer.ok) return;
    const told = await answer.json();
    if (told.notices.length) {
      bar.replaceChildren();
      const urgentFirst = told.notices.sort((one, other) => Number(other.urgent) - Number(one.urgent));
      for (const notice of urgentFirst.slice(0, 3)) tell(notice.content, notice.href);
      if (told.notices.length > 3) tell(`等 ${told.notices.length} 条`);
      const seen = document.createElement("button");
      seen.textContent = "知道了";
      seen.addEventListener("click", async () => {
        await fetch("/api/notices/seen", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ last: told.last }) });
        bar.hidden = true;
      });
      bar.append(seen);
    } else if (!bar.textContent.includes("过期")) bar.hidden = true;
    if (told.urgent && document.title[0] !== "！") document.title = `！${document.title}`;
  } catch { /* the next one will tell */ }
}
if (bar && body.dataset.account && !document.querySelector('nav a[href="/admin/accounts"]')) { look(); setInterval(look, 15000); }

// A live conversation: what the parent says appears by itself, which also tells the server that the clerk is there.
const talk = document.getElementById("talk");
if (talk) {
  const add = (who, words) => {
    const item = document.createElement("li"), line = document.createElement("p");
    item.className = who;
    line.textContent = words;
    item.append(line);
    talk.append(item);
    talk.scrollTop = talk.scrollHeight;
  };
  talk.scrollTop = talk.scrollHeight;
  const follow = async () => {
    const answer = await fetch(`/api/live/${talk.dataset.id}?after=${talk.dataset.last}`);
    if (answer.status === 404) { location.href = "/live"; return; }
    if (!answer.ok) return;
    const told = await answer.json();
    for (const one of told.turns) {
      if (one.said) add("them", one.said);
      one.replies.forEach((reply) => add("us", reply));
      talk.dataset.last = one.number;
    }
    if (Number(talk.dataset.mine) !== Number(told.mine)) location.reload();
  };
  setInterval(() => follow().catch(() => {}), 2500);
}

// Telephone intake: where it would go, while it is being written down.
const intake = document.getElementById("new");
if (intake) {
  let timer = 0;
  const preview = async () => {
    const fields = Object.fromEntries([...new FormData(intake)].filter(([key]) => ["story", "institution", "district", "kind", "nature", "emergency"].includes(key)));
    if (fields.story.trim().length < 4) return;
    const answer = await fetch("/api/route", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });
    if (!answer.ok) return;
    const way = await answer.json();
    document.getElementById("way").textContent = `按现在写的：${way.kinds.join("、")}；由${way.lead.label}牵头${way.assist.length ? `，${way.assist.map((unit) => unit.label).join("、")}配合` : ""}，${way.due} 前答复。`;
  };
  intake.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => preview().catch(() => {}), 500); });
}
