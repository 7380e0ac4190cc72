// An upload with progress: the file travels as soon as it is chosen, the server's page comes back and takes the
// place of the region, with the preview or with the error at the field. Without this script the form does the same.
// A page has [data-upload-region] around form[data-upload] around [data-upload-box]; texts stand in the page.

const MEGABYTE = 1048576;

function setUp(region) {
  const form = region.querySelector("form[data-upload]");
  const box = form?.querySelector("[data-upload-box]");
  const input = box?.querySelector("input[type=file]");
  if (!input) return;
  const drop = box.querySelector(".drop");
  const run = box.querySelector("[data-run]");
  const again = box.querySelector("[data-again]");
  const bar = run.querySelector("progress");
  let file = null;      // what is to be sent, kept until it has arrived
  let sending = null;   // the request under way
  let goOn = null;      // the button pressed while it was
  let renewed = false;  // a fresh token was fetched for this file

  const say = (name, text) => {
    for (const line of box.querySelectorAll("[data-say]")) {
      line.hidden = line.dataset.say !== name;
      if (text && !line.hidden) line.textContent = text;
    }
    input.toggleAttribute("aria-invalid", ["too-large", "empty"].includes(name));
  };
  const stop = (name, retry) => {
    sending = null;
    goOn?.removeAttribute("aria-busy");
    goOn = null;
    run.hidden = true;
    again.hidden = !retry;
    say(name);
  };

  function choose(chosen) {
    sending?.abort();
    again.hidden = true;
    file = null;
    const limit = Number(box.dataset.max);
    if (!chosen) return say("");
    if (chosen.size === 0) return refuse("empty");
    if (chosen.size > limit) {
      const words = box.querySelector("[data-say=too-large]").dataset.text;
      return refuse("too-large", words.replace("{size}", (chosen.size / MEGABYTE).toFixed(1)).replace("{limit}", limit / MEGABYTE));
    }
    file = chosen;
    renewed = false;
    send();
  }
  function refuse(name, text) {
    input.value = "";
    say(name, text);
  }

  function send() {
    const request = new XMLHttpRequest();
    const data = new FormData(form);
    data.set(input.name, file, file.name);
    sending = request;
    again.hidden = true;
    run.hidden = false;
    progress(0);
    say("sending");
    request.open("POST", form.getAttribute("action") || location.href);
    request.setRequestHeader("X-Upload", "1");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    request.upload.addEventListener("load", () => { if (sending === request) say("checking"); });
    request.addEventListener("load", () => { if (sending === request) arrived(request); });
    for (const name of ["error", "timeout"]) request.addEventListener(name, () => { if (sending === request) stop("lost", true); });
    request.send(data);
  }
  function progress(part) {
    bar.value = Math.round(100 * part);
    run.querySelector("[data-percent]").textContent = `${bar.value} %`;
  }

  function arrived(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const fresh = page.querySelector("[data-upload-region]");
    if (!fresh) {
      if (page.querySelector("input[name=password]")) return stop("expired", true);
      if (request.status === 403 && !renewed) { sending = null; return retry(); }
      if (request.status >= 400) return stop("failed", true);
      removeEventListener("beforeunload", warn);
      return location.assign(request.responseURL);
    }
    const next = goOn;
    forget();
    region.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    setUp(fresh);
    const wrong = fresh.querySelector("[data-focus]");
    (wrong ?? fresh.querySelector("[data-uploaded]"))?.focus();
    if (next && !wrong) fresh.querySelector("form[data-upload] button[type=submit]").click();
  }

  // The page may have waited for hours: take a fresh token and version before the file travels again.
  async function retry() {
    if (!file || sending) return;
    renewed = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Upload": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("form[data-upload]");
      if (!fresh) return stop(page.querySelector("input[name=password]") ? "expired" : "failed", true);
      for (const hidden of form.querySelectorAll("input[type=hidden][name]")) {
        const value = fresh.querySelector(`input[name="${hidden.name}"]`)?.value;
        if (value !== undefined) hidden.value = value;
      }
    } catch { return stop("lost", true); }
    send();
  }

  const cancel = () => {
    sending?.abort();
    file = null;
    input.value = "";
    stop("cancelled", false);
  };
  const online = () => { if (!box.querySelector("[data-say=lost]").hidden) retry(); };
  const warn = (event) => { if (sending) event.preventDefault(); };
  const forget = () => {
    removeEventListener("online", online);
    removeEventListener("beforeunload", warn);
  };

  input.addEventListener("change", () => choose(input.files[0]));
  run.querySelector("[data-cancel]").addEventListener("click", cancel);
  again.querySelector("[data-retry]").addEventListener("click", retry);
  addEventListener("online", online);
  addEventListener("beforeunload", warn);
  form.addEventListener("submit", (event) => {
    if (!file) return;
    event.preventDefault();
    goOn = event.submitter;
    goOn?.setAttribute("aria-busy", "true");
    if (!sending) retry();
  });
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]); });
}

for (const region of document.querySelectorAll("[data-upload-region]")) setUp(region);
