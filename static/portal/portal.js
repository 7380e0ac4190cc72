// Small comforts on every page. Each page works without them.

// Large type: the button is hidden until there is a script to answer it.
for (const button of document.querySelectorAll("[data-size-toggle]")) {
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.size === "large"));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    root.dataset.size = root.dataset.size === "large" ? "" : "large";
    try { localStorage.setItem("size", root.dataset.size); } catch {}
    show();
  });
}

// Header menu and other small sheets: Escape and a click outside close them.
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});
addEventListener("click", (event) => {
  const open = document.querySelector("details.menu[open]");
  if (open && !open.contains(event.target)) open.open = false;
});

// <a href="#id" data-dialog> opens the native dialog as a modal; without script :target shows it.
for (const link of document.querySelectorAll("a[data-dialog]")) {
  const dialog = document.querySelector(link.hash);
  if (!dialog) continue;
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
}
addEventListener("click", (event) => {
  const close = event.target.closest("dialog [data-close]");
  if (close) { event.preventDefault(); close.closest("dialog").close(); }
});

// One press is one act: further submits of the same form are dropped until the page is shown anew.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  (event.submitter ?? form.querySelector("[type=submit]"))?.setAttribute("aria-busy", "true");
  // A download leaves the page standing: the form is released after a moment.
  if ("download" in form.dataset) setTimeout(release, 4000, form);
});
const release = (form) => {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("[aria-busy=true]")) busy.removeAttribute("aria-busy");
};
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

// The error summary takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// "Print" buttons appear only where they can work.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A message is read and put away; without script it stays.
for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const region = button.closest("[data-messages]");
    button.closest("li").remove();
    if (!region.querySelector("li")) region.remove();
    const main = document.querySelector("main");
    main.tabIndex = -1;
    main.focus();
  });
}

// Long work behind the page: look again now and then, and show the page when some of its work is done.
const EVERY_MS = 4000;
async function lookAgain(times) {
  if (!times) return;
  if (!document.hidden && !document.querySelector("[data-unsaved]")) {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const blocks = page.querySelectorAll("[data-await]");
      if (answer.ok && blocks.length < waiting) return location.reload();
      const bars = document.querySelectorAll("[data-await] progress[value]");
      page.querySelectorAll("[data-await] progress[value]").forEach((bar, place) => { if (bars[place]) bars[place].value = bar.value; });
    } catch {}
  }
  setTimeout(lookAgain, EVERY_MS, times - 1);
}
const waiting = document.querySelectorAll("[data-await]").length;
if (waiting) setTimeout(lookAgain, EVERY_MS, 75);
