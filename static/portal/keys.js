// Single keys for officials (WCAG 2.1.4: they can be switched off). What a key does stands on the page, as data-key on
// a link, button or box; nothing happens while somebody types, chooses from a list, or has a dialog open.
const dialog = document.querySelector("#keys[data-keys=on]");
const said = document.querySelector("[data-said]");
const say = (text) => { if (said) said.textContent = text; };
const typing = (node) => node.isContentEditable || /^(TEXTAREA|SELECT)$/.test(node.tagName)
  || (node.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(node.type));
const shown = (node) => node.offsetParent !== null;
const rows = [...document.querySelectorAll("[data-rows] > tr")];
const links = [...document.querySelectorAll("[data-results] .card a")];
let here = -1, before = "", since = 0, last = -1;

function go(step) {
  if (!rows.length) return;
  rows[here]?.classList.remove("is-here");
  here = Math.max(0, Math.min(rows.length - 1, here + step));
  rows[here].classList.add("is-here");
  rows[here].querySelector("[data-open]")?.focus();
  rows[here].scrollIntoView({ block: "nearest" });
}

const boxOf = (row) => row?.querySelector("input[name=case]");
function count() {
  const told = document.querySelector("[data-picked]");
  const number = document.querySelectorAll("[data-rows] input[name=case]:checked").length;
  if (told) told.textContent = told.dataset.picked.replace("%n", number);
}
function pick(place, range) {
  const box = boxOf(rows[place]);
  if (!box) return say(said.dataset.none);
  const to = !box.checked;
  const from = range && last >= 0 ? last : place;
  for (let at = Math.min(from, place); at <= Math.max(from, place); at++) { const one = boxOf(rows[at]); if (one) one.checked = range ? true : to; }
  last = place;
  count();
}

const acts = {
  "?": () => dialog.showModal(),
  "/": () => {
    const boxes = [...document.querySelectorAll("[data-seek]")], menu = document.querySelector("details.menu");
    if (!boxes.some(shown) && menu) menu.open = true;
    const box = boxes.find(shown);
    box?.focus();
    box?.select();
  },
  j: () => go(1), k: () => go(-1),
  o: () => rows[here]?.querySelector("[data-open]")?.click(),
  x: () => here >= 0 && pick(here, false), X: () => here >= 0 && pick(here, true),
};

function act(key) {
  const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (named) { named.click(); return true; }
  const box = document.querySelector(`[data-key-within="${CSS.escape(key)}"] input[type=checkbox]`);
  if (box) { box.focus(); box.click(); say(box.checked ? said.dataset.ticked : said.dataset.unticked); return true; }
  if (!acts[key] || (/^[jkoxX]$/.test(key) && !rows.length)) return false;
  return acts[key]() !== false;
}

if (dialog) addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const second = before === "g" && event.timeStamp - since < 2000;
  before = "";
  if (second && act(`g ${event.key}`)) return event.preventDefault();
  if (event.key === "g") { before = "g"; since = event.timeStamp; return; }
  if (act(event.key)) event.preventDefault();
});

// The row one has come to by the tab key is the row keys act on; a range is taken with the shift key.
rows.forEach((row, place) => row.addEventListener("focusin", () => {
  if (place === here) return;
  rows[here]?.classList.remove("is-here");
  here = place;
  row.classList.add("is-here");
}));
for (const box of document.querySelectorAll("[data-rows] input[name=case]")) {
  const place = rows.indexOf(box.closest("tr"));
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) for (let at = Math.min(last, place); at <= Math.max(last, place); at++) { const one = boxOf(rows[at]); if (one) one.checked = box.checked; }
    last = place;
    count();
  });
}
if (rows.length && document.querySelector("[data-rows] input[name=case]:checked")) count();

// Results of a search: arrows go through them, from the box and back.
const seek = document.querySelector("main [data-seek]");
if (seek && links.length) addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = links.indexOf(document.activeElement);
  if (!step || (at < 0 && document.activeElement !== seek)) return;
  event.preventDefault();
  (links[at + step] ?? (step < 0 ? seek : links[at])).focus();
});
