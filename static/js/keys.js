// Shortcuts; every page works without them. "/" goes to the query box; on an article n and p go to the next and
// the previous highlight; on a phone the filters start closed.
(() => {
  "use strict";
  const filter = document.querySelector(".filter");
  if (filter && window.matchMedia("(max-width: 59.99rem)").matches) filter.open = false;

  const marks = [...document.querySelectorAll("mark[id^='hit-']")];
  const walk = (step) => {
    const here = marks.findIndex((mark) => `#${mark.id}` === window.location.hash);
    const there = marks[here < 0 ? (step > 0 ? 0 : marks.length - 1) : here + step];
    if (there) window.location.hash = there.id;
  };
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
