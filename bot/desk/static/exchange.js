"use strict";
// Without this the form downloads the file at once; with it the export says how far it is.
{
  const form = document.getElementById("export"), button = form.querySelector("button"), box = document.getElementById("exporting");
  const bar = document.getElementById("export-progress"), told = document.getElementById("export-told"), link = document.getElementById("export-file");
  const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
  const asked = async (address, options) => {
    const answer = await fetch(address, options);
    if (answer.status === 401) location.href = "/login?next=/exchange";
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error.message);
    return body;
  };
  const run = async () => {
    const filters = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    const job = await asked("/api/exports", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(filters) });
    for (;;) {
      const at = await asked(`/api/exports/${job.id}`);
      bar.max = Math.max(at.total, 1);
      bar.value = at.done;
      told.textContent = `已导出 ${at.done} / ${at.total} 张`;
      if (at.state === "failed") throw new Error("导出没有做成，请稍后再试。");
      if (at.state === "done") {
        bar.value = bar.max;
        told.textContent = `导出好了，共 ${at.total} 张。30 分钟内可以下载。`;
        link.href = `/api/exports/${job.id}/file`;
        link.hidden = false;
        link.focus();
        return;
      }
      await wait(500);
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    link.hidden = true;
    box.hidden = false;
    told.textContent = "正在准备…";
    try { await run(); } catch (error) { told.textContent = error instanceof TypeError ? "网络不通，请稍后再试。" : error.message; } finally { button.disabled = false; }
  });
}
