// The hotline page's chat. Everything shown is set as text, never as HTML. A message that was not answered is sent again under the same client_message_id.
"use strict";
(() => {
  const KEY = "lianbao-token";
  const talk = document.getElementById("talk");
  const state = document.getElementById("state");
  const form = document.getElementById("say");
  const text = document.getElementById("text");
  const file = document.getElementById("file");
  const place = document.getElementById("place");

  const call = async (path, body, token) => {
    const file = body instanceof FormData;
    const response = await fetch(path, {
      method: body ? "POST" : "GET",
      headers: { ...(body && !file && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) },
      body: file ? body : body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.error.message), { status: response.status });
    return answer;
  };

  // A talk that WeChat handed over lasts as long as this tab; the browser's own talk is there again after it.
  const kept = () => sessionStorage.getItem(KEY) || localStorage.getItem(KEY);
  const newToken = async () => {
    const { token } = await call("sessions", {});
    sessionStorage.removeItem(KEY);
    localStorage.setItem(KEY, token);
    return token;
  };
  const token = async () => kept() || newToken();

  // #h=… opens the talk that went on in WeChat: taken out of the address at once, so that nobody who sees or shares it can open the talk.
  const takeOver = async () => {
    const handover = /^#h=([\w.-]+)$/.exec(location.hash)?.[1];
    if (!handover) return;
    history.replaceState(null, "", location.pathname + location.search);
    try {
      sessionStorage.setItem(KEY, (await call("sessions", { handover })).token);
    } catch (error) {
      state.textContent = error.status === 401 ? error.message : "没有接上微信里的对话，请回到微信里再点一次。";
    }
  };

  const bubble = (who, words) => {
    const item = document.createElement("li");
    item.className = who;
    item.textContent = words;
    talk.append(item);
    return item;
  };

  // A picture opens large, over the page, where it can be printed alone.
  const large = document.getElementById("large");
  large.addEventListener("click", () => large.close());
  const picture = (source, words) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "picture";
    button.setAttribute("aria-haspopup", "dialog");
    const image = document.createElement("img");
    image.src = source;
    image.alt = `图：${words.split("\n")[0]}（点开看大图）`;
    button.append(image);
    button.addEventListener("click", () => {
      const whole = image.cloneNode();
      whole.alt = `图：${words.split("\n")[0]}`;
      large.replaceChildren(whole, large.lastElementChild);
      large.showModal();
      large.scrollTop = 0;
    });
    return button;
  };

  const download = ({ name, url }) => {
    const link = document.createElement("a");
    link.className = "file";
    const address = new URL(url, location.href);
    if ([location.protocol, "data:"].includes(address.protocol)) link.href = address.href;
    link.download = name;
    link.textContent = `下载 ${name}`;
    return link;
  };

  // A place to go to: its name leads to a map, its telephone can be tapped.
  const cardOf = ({ title, subtitle, url, distance_km: km }) => {
    const card = document.createElement("div");
    card.className = "card";
    const name = document.createElement("strong");
    name.textContent = title;
    const more = document.createElement("span");
    more.textContent = [km === undefined ? "" : `${km}公里`, subtitle].filter(Boolean).join("；");
    card.append(name, more);
    if (url && /^https:\/\//.test(url)) {
      const link = document.createElement("a");
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      link.textContent = "看地图";
      link.setAttribute("aria-label", `看地图：${title}`);
      card.append(link);
    }
    return card;
  };

  const show = (reply) => {
    const item = bubble("bot", reply.text || "");
    if (reply.cards) {
      const cards = document.createElement("div");
      cards.className = "cards";
      cards.append(...reply.cards.map(cardOf));
      item.append(cards);
    }
    if (reply.image) item.append(picture(reply.image, reply.text || ""));
    if (reply.file) item.append(download(reply.file));
    if (reply.buttons) {
      const steps = document.createElement("div");
      steps.className = "steps";
      for (const { title, payload } of reply.buttons) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = title;
        button.addEventListener("click", () => send({ payload }, title));
        steps.append(button);
      }
      item.append(steps);
    }
    item.scrollIntoView({ block: "nearest" });
  };

  const send = async (turn, words) => {
    bubble("user", words).scrollIntoView({ block: "nearest" });
    state.textContent = "连宝正在回复……";
    const message = { ...turn, client_message_id: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { messages } = await call("messages", message, await token());
        messages.forEach(show);
        state.textContent = messages.length ? "" : "已发给工作人员。";
        if (turn.text && messages.length) offerFeedback(message.client_message_id);
        soon();
        return;
      } catch (error) {
        if (error.status === 401 && attempt === 1) {
          await newToken();
        } else if (attempt >= 6 || (error.status && error.status < 500 && error.status !== 429)) {
          state.textContent = error.status ? error.message : "连不上服务，请检查网络后再发；急事请拨 12345。";
          return;
        } else {
          state.textContent = "网络不稳，正在重新发送……";
          await new Promise((resume) => setTimeout(resume, 500 * 2 ** attempt));
        }
      }
    }
  };

  // One quiet button below an answer: the editors see what did not help.
  const offerFeedback = (id) => {
    const item = talk.lastElementChild;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unhelpful";
    button.textContent = "没帮上忙";
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await call("feedback", { client_message_id: id, helpful: false }, await token());
        button.textContent = "记下了，我们会改进";
      } catch {
        button.disabled = false;
      }
    });
    item.append(button);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    text.value = "";
    send({ text: words }, words);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // A location is asked of the browser only after a tap, sent once, and may be refused.
  place.addEventListener("click", () => {
    const refused = () => { state.textContent = "没有拿到位置，没关系：打字说在哪个区县、哪条街道就行。"; };
    if (!navigator.geolocation) { refused(); return; }
    state.textContent = "正在取位置……手机会先问您同不同意。";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => send({ location: { lat: coords.latitude, lon: coords.longitude } }, "〔我的位置〕"),
      refused,
      { timeout: 15000, maximumAge: 60000 },
    );
  });

  file.addEventListener("change", async () => {
    for (const chosen of file.files) {
      state.textContent = `正在上传 ${chosen.name}……`;
      const body = new FormData();
      body.append("file", chosen);
      try {
        await call("attachments", body, await token());
        bubble("user", `〔附件〕${chosen.name}`).scrollIntoView({ block: "nearest" });
        state.textContent = "附件收到了，会和投诉一起交上去。";
      } catch (error) {
        state.textContent = error.status ? error.message : "没有传上去，请检查网络后再试。";
      }
    }
    file.value = "";
  });

  // What a department did, and what a clerk says, is a turn that nobody asked for: looked for while the page is in view, often while a person
  // has to do with the conversation.
  let told = 0, timer = 0;
  const soon = (live = false) => {
    clearTimeout(timer);
    timer = setTimeout(() => lookForNotices().catch(() => soon()), live ? 3000 : 20000);
  };
  const isNotice = ({ user }) => !Object.keys(user).length;
  const lookForNotices = async () => {
    if (document.hidden || !kept()) { soon(); return; }
    const { turns } = await call("history", null, kept());
    const notices = turns.filter(isNotice);
    notices.slice(told).forEach(({ replies }) => replies.forEach(show));
    told = notices.length;
    soon(turns.at(-1)?.topic === "handoff");
  };

  window.addEventListener("hashchange", () => { if (location.hash.startsWith("#h=")) location.reload(); });
  const start = async () => {
    await takeOver();
    if (!kept()) return [];
    const { turns } = await call("history", null, kept());
    return turns;
  };
  start()
    .catch(() => [])
    .then((turns) => {
      for (const { user, replies } of turns) {
        if (isNotice({ user })) told += 1;
        else bubble("user", user.text || (user.location ? "〔我的位置〕" : user.payload_title || "（点了一个按钮）"));
        replies.forEach(show);
      }
      soon(turns.at(-1)?.topic === "handoff");
      document.addEventListener("visibilitychange", () => lookForNotices().catch(() => soon()));
      if (!turns.length) show({ text: "您好，我是连宝。打疫苗、喂养、产假、补贴、托育都可以问我，要投诉也可以，直接打字就行。" });
    });
})();
