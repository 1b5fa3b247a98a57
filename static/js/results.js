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
