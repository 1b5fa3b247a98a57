// Copies a citation by one click. The buttons are hidden without this script; the text can be selected anyway.
(() => {
  "use strict";
  const status = document.querySelector("#cite > [role='status']");

  // Only a secure address has a clipboard; elsewhere the selection is copied.
  async function copy(element) {
    const lines = element.matches("div") ? [...element.children].map((line) => line.textContent) : [element.textContent];
    const text = lines.map((line) => line.trim()).join("\n");
    if (navigator.clipboard) { await navigator.clipboard.writeText(text); return; }
    window.getSelection().selectAllChildren(element);
    if (!document.execCommand("copy")) throw new Error("not copied");
  }

  for (const button of document.querySelectorAll("[data-copies]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const element = document.getElementById(button.dataset.copies);
      try {
        await copy(element);
        const { copied } = button.closest("[data-copied]").dataset;
        button.textContent = copied;
        status.textContent = copied;
        setTimeout(() => { button.textContent = label; status.textContent = ""; }, 2000);
      } catch {
        window.getSelection().selectAllChildren(element); // it can be copied by hand
      }
    });
  }
})();
