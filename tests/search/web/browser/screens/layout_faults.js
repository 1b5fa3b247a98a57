// Returns what a person would call broken in the layout of the shown page, as sentences; [] if nothing is.
// Called by layout.py with { language, width }.
({ language, width }) => {
  const ARABIC = /[\u0621-\u064a\u066e-\u06d3]/g, LATIN = /[A-Za-z]/g;
  // Web and mail addresses, which decide nothing in a text with other letters (arabic/text/direction.py).
  const ADDRESS = /(?:https?:\/\/|www\.)[!-~]+|(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+/gi;
  const faults = [];
  const say = (what, text) => faults.push(`${what}: «${text.trim().replace(/\s+/g, " ").slice(0, 60)}»`);
  const style = (element) => getComputedStyle(element);
  const root = document.documentElement;
  if (root.scrollWidth > width) faults.push(`the page is ${root.scrollWidth} wide`);
  if (root.dir && style(root).direction !== (language === "ar" ? "rtl" : "ltr")) faults.push("the page runs the wrong way");

  // Only a screen reader's: it has no place on the screen.
  const unseen = (element) => element.closest(".visually-hidden, .skip, dialog:not([open]), .hidden, [hidden]");
  // What lies over the page by design, while it is scrolled or open.
  const OVER = ".menu > ul, .suggestions, .found, .hit-nav, .filters-go, .story-compare, .desk-sticky, #toggle-nav-sidebar";
  const layer = (element) => element.closest(`${OVER}, .masthead`);
  // Lines in context are cut at their far end: the word stands in the middle. Excerpts fade after two lines.
  const cutByDesign = (element) => element.closest(".kwic-before, .kwic-after");
  const fades = (element) => element.matches(".snippet") && style(element.firstElementChild).maskImage !== "none";

  const clips = new Map();
  function clipOf(element) {
    if (!element || element === root) return { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
    if (clips.has(element)) return clips.get(element);
    const outer = clipOf(element.parentElement), is = style(element), box = element.getBoundingClientRect();
    const own = { ...outer };
    if (is.overflowX !== "visible") { own.left = Math.max(own.left, box.left); own.right = Math.min(own.right, box.right); }
    if (is.overflowY !== "visible") { own.top = Math.max(own.top, box.top); own.bottom = Math.min(own.bottom, box.bottom); }
    clips.set(element, own);
    return own;
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest("script, style, noscript, option, textarea, svg") || unseen(parent)) continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange(), clip = clipOf(parent);
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      // The middle half of a line: the box of a font is higher than its letters.
      const middle = (box.top + box.bottom) / 2, half = box.height / 4;
      const text = {
        node, parent, layer: layer(parent), left: Math.max(box.left, clip.left), right: Math.min(box.right, clip.right),
        top: Math.max(middle - half, clip.top), bottom: Math.min(middle + half, clip.bottom),
      };
      if (text.right - text.left < 1 || text.bottom - text.top < 1) continue;
      if (text.left < -1 || text.right > width + 1) say("outside the page", node.data);
      texts.push(text);
    }
  }

  texts.sort((one, other) => one.top - other.top);
  texts.forEach((text, at) => {
    for (let next = at + 1; next < texts.length && texts[next].top < text.bottom - 1; next += 1) {
      const other = texts[next];
      if (other.node === text.node || other.layer !== text.layer) continue;
      const across = Math.min(text.right, other.right) - Math.max(text.left, other.left);
      const down = Math.min(text.bottom, other.bottom) - other.top;
      if (across > 2 && down > 2) say("overlap", `${text.node.data.trim().slice(0, 25)} | ${other.node.data}`);
    }
  });

  for (const element of document.querySelectorAll("body *")) {
    if (unseen(element) || element.closest("svg") || cutByDesign(element) || !element.checkVisibility()) continue;
    const is = style(element);
    // What is clipped with a margin holds back a dot between its parts, 20 pixels wide.
    const room = is.overflowClipMargin === "0px" ? 2 : 24;
    if (/hidden|clip/.test(is.overflowX) && is.textOverflow !== "ellipsis" && element.clientWidth > 0
      && element.scrollWidth > element.clientWidth + room && element.textContent.trim()) say("cut at the side", element.textContent);
    if (/hidden|clip/.test(is.overflowY) && !fades(element) && element.scrollHeight > element.clientHeight + 4
      && element.clientHeight > 0 && is.display !== "inline" && element.textContent.trim() && is.overflowClipMargin === "0px"
      && !/auto|scroll/.test(is.overflowY)) say("cut at the bottom", element.textContent);
    // A button is as wide as its words.
    if (element.matches("button, .button, summary, label") && is.overflowX === "visible" && is.display !== "inline"
      && element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0) say("wider than its place", element.textContent);
    // Sentences run the way of most of their letters; a citation runs the way of its language.
    // The headings of Django's admin stand on the side of the page.
    if (!element.closest(".cite-text, .cite-list, #content > h1, #content > h2") && element.matches("p, h1, h2, h3, h4, dd, .headline, .kwic td, .article-text")) {
      const all = [...element.childNodes].map((child) => (child.nodeType === Node.TEXT_NODE || child.matches?.("mark, a.named") ? child.textContent : "")).join("");
      const words = all.replace(ADDRESS, " "), said = /\p{L}/u.test(words) ? words : all;
      const arabic = (said.match(ARABIC) ?? []).length, latin = (said.match(LATIN) ?? []).length;
      if (arabic + latin > 12 && arabic !== latin && is.direction !== (arabic > latin ? "rtl" : "ltr")) say("runs the wrong way", said);
    }
  }
  // A date is read in the order of its letters, whatever the line that it stands in.
  for (const { firstChild: node } of document.querySelectorAll("time")) {
    if (node?.nodeType !== Node.TEXT_NODE || !node.parentElement.checkVisibility()) continue;
    const boxOf = (at) => { const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 1); return range.getBoundingClientRect(); };
    const first = boxOf(node.data.search(/\S/)), last = boxOf(node.data.trimEnd().length - 1);
    const isArabic = (node.data.match(ARABIC) ?? []).length > 0;
    if (Math.abs(first.top - last.top) < 4 && first.left > last.left !== isArabic) say("a date runs the wrong way", node.data);
  }
  return faults;
}
