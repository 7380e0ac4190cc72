// For pages with a longer form: warns before unsaved words are lost, and checks a file before it travels.
// Texts come from the page (data attributes), so that both languages have them.

for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => { form.dataset.unsaved = ""; });
  form.addEventListener("submit", () => { delete form.dataset.unsaved; });
}
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-unsaved]")) event.preventDefault();
});

const megabytes = (bytes) => (bytes / 1048576).toFixed(bytes < 1048576 ? 2 : 1) + " MB";

for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  const state = drop.querySelector("[data-state]");
  const most = Number(drop.dataset.max);
  if (!input || !state || drop.closest("[data-upload]")) continue;
  input.addEventListener("change", () => {
    const file = input.files[0];
    const tooLarge = Boolean(file && most && file.size > most);
    input.setCustomValidity(tooLarge ? drop.dataset.tooLarge : "");
    state.classList.toggle("err", tooLarge);
    state.textContent = !file ? "" : tooLarge ? `${file.name} · ${megabytes(file.size)} · ${drop.dataset.tooLarge}` : `${file.name} · ${megabytes(file.size)}`;
  });
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.form?.addEventListener("submit", (event) => {
    if (input.validationMessage) { event.preventDefault(); event.stopImmediatePropagation(); input.focus(); return; }
    if (!input.files.length) return;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", drop.dataset.sending);
    state.textContent = drop.dataset.sending;
    state.after(bar);
  }, true);
}
