// Shortcuts; every page works without them. "/" goes to the query box; on an article n and p go to the next and
// the previous highlight. Going from one highlight to another leaves no trace in the history, so that one step back
// leads to the list.
(() => {
  "use strict";
  const marks = [...document.querySelectorAll("mark[id^='hit-']")];
  const walk = (step) => {
    const here = marks.findIndex((mark) => `#${mark.id}` === window.location.hash);
    const there = marks[here < 0 ? (step > 0 ? 0 : marks.length - 1) : here + step];
    if (there) window.location.replace(`#${there.id}`);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".found a, .hit-nav a, .cite-link");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const target = document.querySelector(link.hash);
    target.closest("details")?.setAttribute("open", ""); // not every browser does it for the target of a link
    window.location.replace(link.hash);
    target.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const box = document.getElementById("q");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "n") walk(1);
    else if (event.key === "p") walk(-1);
  });
})();
// Suggestions under the search box: an editable combobox with a list (ARIA 1.2). Without this script the
// search box is a plain field.
(() => {
  "use strict";
  const form = document.querySelector("form[data-suggest]");
  const input = form?.querySelector("input[name='q']");
  if (!input) return;
  const labels = form.dataset;
  const WAIT = 120; // milliseconds between the last keystroke and the request

  const list = element("div", "suggestions", { id: "suggestions", role: "listbox", "aria-label": labels.suggestions });
  const status = element("div", "visually-hidden", { role: "status" });
  let found = []; // the suggestions in the list, in order
  let active = -1;
  let timer = 0;
  let asking = null; // the pending request

  list.hidden = true;
  form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    "aria-haspopup": "listbox", autocapitalize: "none",
  })) input.setAttribute(name, value);

  function element(tag, className, attributes = {}, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  }

  // The list ends at the edge of the window or at the keyboard of a phone.
  function fit() {
    const seen = window.visualViewport;
    const bottom = seen ? seen.offsetTop + seen.height : window.innerHeight;
    const room = bottom - form.getBoundingClientRect().bottom - 8;
    list.style.maxBlockSize = `${Math.max(room, 140)}px`;
  }

  function option(item, index) {
    const made = element("div", "suggestion", { id: `suggestion-${index}`, role: "option", "aria-selected": "false" });
    const isName = item.kind === "city" || item.kind === "source";
    made.append(element("bdi", "suggestion-text", {}, item.label));
    if (item.alias && item.alias !== item.label) made.append(element("bdi", "suggestion-alias", {}, item.alias));
    if (isName) made.append(element("span", "suggestion-count", {}, String(item.count)));
    made.addEventListener("click", () => choose(item));
    return made;
  }

  function show(items, announcement) {
    found = items;
    list.replaceChildren();
    for (const kind of new Set(items.map((item) => item.kind))) {
      const group = element("div", "", { role: "group", "aria-labelledby": `suggestions-${kind}` });
      group.append(element("div", "suggestions-kind", { id: `suggestions-${kind}`, role: "presentation" }, labels[kind]));
      items.forEach((item, index) => { if (item.kind === kind) group.append(option(item, index)); });
      list.append(group);
    }
    list.hidden = items.length === 0;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    mark(-1);
    if (items.length) fit();
    status.textContent = announcement;
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    if (found.length) show([], "");
  }

  function mark(index) {
    document.getElementById(`suggestion-${active}`)?.setAttribute("aria-selected", "false");
    active = index;
    const option = document.getElementById(`suggestion-${active}`);
    if (!option) { input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // A city or a source becomes a filter where that is what the query means; else the words are searched.
  function choose(item) {
    close();
    if (item.rest === null) {
      input.value = item.query;
      form.requestSubmit();
      return;
    }
    const state = new URLSearchParams(new FormData(form));
    if (item.rest) state.set("q", item.rest); else state.delete("q");
    if (!state.getAll(item.kind).includes(item.text)) state.append(item.kind, item.text);
    window.location.assign(`${form.getAttribute("action")}?${state}`);
  }

  async function ask() {
    asking?.abort();
    const asked = input.value;
    if (!asked.trim() || input.selectionStart !== asked.length) { show([], ""); return; }
    const request = asking = new AbortController();
    try {
      const answer = await fetch(`${labels.suggest}?${new URLSearchParams({ q: asked })}`, { signal: request.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const { suggestions, announcement } = await answer.json();
      // The reader has kept typing or left the field: ignore the older response.
      if (request.signal.aborted || input.value !== asked || document.activeElement !== input) return;
      show(suggestions, announcement);
    } catch {
      if (!request.signal.aborted) show([], "");
    }
  }

  function askSoon() {
    clearTimeout(timer);
    asking?.abort();
    timer = setTimeout(ask, WAIT);
  }

  const steps = {
    ArrowDown: () => (active + 1) % found.length,
    ArrowUp: () => (active <= 0 ? found.length : active) - 1,
    Home: () => 0,
    End: () => found.length - 1,
  };

  input.addEventListener("input", askSoon);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const arrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (!found.length) {
      if (event.key === "ArrowDown" && input.value.trim()) { event.preventDefault(); ask(); }
      if (event.key === "Enter") close();
    } else if (arrow || (active >= 0 && event.key in steps)) {
      event.preventDefault();
      mark(steps[event.key]());
    } else if (event.key === "Escape") {
      event.preventDefault(); // Escape would otherwise empty a field of type search
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Enter") close();
  });
  // The field keeps the focus, and a phone its keyboard, while an option is pressed or the list is scrolled.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) close(); });
  window.visualViewport?.addEventListener("resize", () => { if (found.length) fit(); });
})();
// One step back puts the keyboard on the link that was followed, as it puts the page where it was scrolled to. The
// entry of the history keeps the link. Without this script the links back to a list lead to its hit.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    if (!link || event.defaultPrevented || link.pathname === window.location.pathname) return;
    window.history.replaceState({ ...window.history.state, followed: link.getAttribute("href") }, "");
  });
  window.addEventListener("pageshow", (event) => {
    const [way] = performance.getEntriesByType("navigation");
    const followed = window.history.state?.followed;
    if (!followed || !(event.persisted || way?.type === "back_forward")) return;
    if (document.activeElement !== document.body) return;
    const links = [...document.querySelectorAll("main a[href]")];
    links.find((link) => link.getAttribute("href") === followed)?.focus({ preventScroll: true });
  });
})();
