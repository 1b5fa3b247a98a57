// The review of uncertain metadata by keyboard: a decision is sent without leaving the page. Without JavaScript
// each button is a form. Keys work only while the focus is in the list, so that typing in other fields is safe.
const list = document.querySelector("[data-review]");
const facts = () => [...list.querySelectorAll("[data-fact]")];
const decided = [];

function current() {
  return document.activeElement?.closest("[data-fact]");
}

function show(fact) {
  fact?.focus();
  fact?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = facts();
  show(all[Math.min(Math.max(all.indexOf(current()) + by, 0), all.length - 1)]);
}

function after(fact) {
  const open = facts().filter((other) => !("decided" in other.dataset));
  if (!open.length) location.reload();
  const at = facts().indexOf(fact);
  show(open.find((other) => facts().indexOf(other) > at) ?? open[0]);
}

async function decide(fact, decision) {
  const form = fact.querySelector("form");
  const data = new FormData(form);
  data.set("decision", decision);
  const outcome = fact.querySelector("[data-outcome]");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (now.problem) {
      outcome.textContent = now.problem;
      return;
    }
    const open = now.state === "proposed";
    fact.toggleAttribute("data-decided", !open);
    for (const button of form.querySelectorAll("button")) button.hidden = (button.value === "undo") === open;
    outcome.textContent = `${list.dataset[now.state]} ${open || now.state === "rejected" ? "" : now.value}`;
    progress(now);
    if (open) show(fact);
    else {
      decided.push(fact);
      after(fact);
    }
  } catch {
    outcome.textContent = list.dataset.failed;
  }
}

function progress(now) {
  const box = document.querySelector(".review-progress");
  [box.firstElementChild.max, box.firstElementChild.value] = [now.of, now.decided];
  box.lastElementChild.textContent = now.text;
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const fact = current();
  const field = event.target.closest("input");
  if (field) {
    if (event.key === "Enter") decide(fact, "correct");
    else if (event.key === "Escape") show(fact);
    else return;
  } else if (event.key === "Enter" && event.target.closest("button, a")) return;
  else if (event.key === "j" || event.key === "ArrowDown") step(1);
  else if (event.key === "k" || event.key === "ArrowUp") step(-1);
  else if (event.key === "u" && decided.length) decide(decided.pop(), "undo");
  else if (!fact || "decided" in fact.dataset) return;
  else if (event.key === "Enter") decide(fact, "accept");
  else if (event.key === "x") decide(fact, "reject");
  else if (event.key === "e") fact.querySelector("input[name=correction]").select();
  else return;
  event.preventDefault();
}

if (list) {
  list.addEventListener("keydown", key);
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    decide(event.target.closest("[data-fact]"), event.submitter?.value ?? "accept");
  });
  facts()[0]?.focus({ preventScroll: true });
}
