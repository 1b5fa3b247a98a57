// Opens "why this result" under its hit. The link leads to a page of its own; without this script, or when the
// request fails, the link is followed.
(() => {
  "use strict";
  const shown = (link) => document.getElementById(link.getAttribute("aria-controls"));

  const open = async (link) => {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const why = page.getElementById("why");
    why.id = `why-${link.dataset.hit}`;
    link.setAttribute("aria-controls", why.id);
    link.closest(".hit").append(document.adoptNode(why));
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest(".why-link");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    link.setAttribute("aria-busy", "true");
    try {
      const expanded = link.getAttribute("aria-expanded") === "true";
      if (!shown(link)) await open(link);
      shown(link).hidden = expanded;
      link.setAttribute("aria-expanded", String(!expanded));
    } catch {
      window.location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  });
  for (const link of document.querySelectorAll(".why-link")) link.setAttribute("aria-expanded", "false");
})();
// "All values" of a facet opens as a dialogue; "Link to this search" and "Follow this search" copy their addresses and
// say so below. All are plain links without this script.
(() => {
  "use strict";
  const dialog = document.getElementById("dialog");
  const plain = (event) => !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-dialog], a[data-copy]");
    if (!link || !plain(event)) return;
    if (link.matches("[data-copy]")) {
      event.preventDefault();
      for (const said of document.querySelectorAll("[data-copy] + [role='status']")) said.textContent = "";
      try {
        await navigator.clipboard.writeText(link.href);
        link.nextElementSibling.textContent = link.dataset.done;
      } catch {
        window.location.assign(link.href);
      }
    } else if (dialog && window.htmx) {
      event.preventDefault();
      document.getElementById("dialog-title").textContent = link.closest(".facet").querySelector("h3").textContent;
      dialog.showModal();
      window.htmx.ajax("GET", link.href, { target: "#dialog-body" }).catch(() => window.location.assign(link.href));
    }
  });
  dialog?.addEventListener("close", () => document.getElementById("dialog-body").replaceChildren());
  dialog?.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  // One menu is open at a time; Escape and a click elsewhere close it.
  const menus = [...document.querySelectorAll(".menu")];
  const shut = (but) => { for (const menu of menus) if (menu !== but) menu.open = false; };
  document.addEventListener("click", (event) => shut(event.target.closest(".menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();

// Keeps the tick of a hit at once. Without this script the button below the list keeps all of them.
(() => {
  "use strict";
  const form = document.getElementById("selection");
  if (!form) return;
  const button = form.querySelector("button");
  const status = form.querySelector("[role='status']");
  const links = document.querySelectorAll(".selection-link"); // in the masthead, and below the list
  button.hidden = true;

  async function keep() {
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive: true,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { count, shown, full } = await answer.json();
      for (const link of links) {
        link.hidden = count === 0;
        link.querySelector(".selection-count").textContent = shown;
      }
      status.textContent = full ? status.dataset.full : "";
    } catch {
      button.hidden = false;
      status.textContent = status.dataset.failed;
    }
  }

  let last = Promise.resolve(); // one request after the other: the last state wins
  let waiting = 0;
  document.addEventListener("change", (event) => {
    if (event.target.form !== form) return;
    waiting += 1;
    last = last.then(keep).finally(() => { waiting -= 1; });
  });
  // A reader who leaves at once keeps the ticks, too; the list of them is opened when it has them all.
  window.addEventListener("pagehide", () => { if (waiting) navigator.sendBeacon(form.action, new FormData(form)); });
  document.addEventListener("click", (event) => {
    const link = waiting && event.target.closest(".selection-link");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    last.then(() => window.location.assign(link.href));
  });
})();
