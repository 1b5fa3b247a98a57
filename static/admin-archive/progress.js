// Updates the progress of an import every second. Without JavaScript the page has a link for that.
const box = document.querySelector("[data-progress]");

async function look() {
  const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const now = await answer.json();
  if (!now.working || now.state !== box.dataset.state) {
    location.reload();
    return;
  }
  const bar = box.querySelector("progress");
  if (now.total === null) bar.removeAttribute("value");
  else [bar.max, bar.value] = [now.total, now.done];
  box.querySelector("[role=status] bdi").textContent = now.text;
  setTimeout(look, 1000);
}

if (box && !document.querySelector("form[data-go-on]")) setTimeout(look, 1000);
