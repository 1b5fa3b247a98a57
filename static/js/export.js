// Shows how much of an export has arrived. Without this script the browser downloads the file by itself, as it does
// with very large files.
(() => {
  "use strict";
  const progress = document.querySelector(".export-progress");
  if (!progress) return;
  const texts = progress.dataset;
  const LARGEST = 200 * 1024 * 1024; // bytes that are kept in memory until the file is whole
  let running = null;

  const say = (text, values = {}) => {
    progress.hidden = false;
    progress.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };
  const size = (bytes) => (bytes < 1e6
    ? texts.kilobytes.replace("{size}", Math.max(1, Math.round(bytes / 1e3)))
    : texts.megabytes.replace("{size}", (bytes / 1e6).toFixed(1)));

  async function download(link) {
    running = new AbortController();
    say(texts.preparing);
    const answer = await fetch(link.href, { signal: running.signal });
    if (!answer.ok) { window.location.assign(link.href); return; } // the page says why
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "";
    const expected = Number(link.dataset.bytes);
    const parts = [];
    let bytes = 0;
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      bytes += value.length;
      const percent = Math.min(99, Math.round((100 * bytes) / expected));
      say(texts.running, { size: size(bytes), percent, count: texts.count });
    }
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") }));
    file.download = name;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
    say(texts.done, { size: size(bytes) });
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-bytes]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (Number(link.dataset.bytes) > LARGEST) return;
    event.preventDefault();
    running?.abort();
    try {
      await download(link);
    } catch (error) {
      if (error.name !== "AbortError") say(texts.failed);
    }
  });
})();
