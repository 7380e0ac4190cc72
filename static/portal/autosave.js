// Keeps what is typed in one section of the wizard. Says at once what became of it: the texts stand in the page.
// Nothing is ever overwritten in silence: the server compares what this page knows with what is there.

const form = document.querySelector("form[data-autosave]");
const STILL = 1500, SHORTEST = 2000, LONGEST = 60000, PATIENCE = 20000, MOST_KEEPALIVE = 60000;

if (form) {
  const bar = form.querySelector(".autosave");
  const state = form.elements.typed_state;
  let typed = 0, kept = 0, pause = SHORTEST, timer = 0, sending = null, again = false, stopped = false, leaving = false;
  let trouble = false;

  // Words on their way need no warning when the page is left; words that cannot travel do.
  const guard = () => { if (trouble && dirty()) form.dataset.unsaved = ""; else delete form.dataset.unsaved; };
  const say = (what, at) => {
    trouble = Boolean(what) && what !== "saved";
    guard();
    for (const line of bar.querySelectorAll("[data-say]")) line.hidden = line.dataset.say !== what;
    if (trouble && form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
    if (at) for (const time of bar.querySelectorAll("[data-time]")) time.textContent = at;
  };
  const dirty = () => typed !== kept;
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };
  const retry = () => { later(pause); pause = Math.min(pause * 2, LONGEST); };

  const words = (overwrite) => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.append("turn", Date.now());
    if (overwrite) body.append("overwrite", "1");
    return body.toString();
  };

  const send = (body, signal) => fetch(form.dataset.autosave, {
    method: "POST", body, signal, redirect: "manual", credentials: "same-origin",
    keepalive: body.length < MOST_KEEPALIVE,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });

  // Whoever signed in anew has a new token; every form of this page gets it.
  const newToken = async (signal) => {
    const answer = await fetch(form.dataset.token, { signal, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) return answer;
    const { token } = await answer.json();
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
    return null;
  };

  const save = async (overwrite = false) => {
    clearTimeout(timer);
    if (leaving || !dirty() || (stopped && overwrite !== true)) return;
    if (sending) { again = true; return; }
    const mark = typed;
    sending = new AbortController();
    const patience = setTimeout(() => sending.abort(), PATIENCE);
    try {
      const body = words(overwrite === true);
      let answer = await send(body, sending.signal);
      if (answer.status === 403) answer = await newToken(sending.signal) ?? await send(words(overwrite === true), sending.signal);
      await heard(answer, mark);
    } catch {
      if (!leaving) { say("offline"); retry(); }
    } finally {
      clearTimeout(patience);
      sending = null;
      if (again) { again = false; if (!stopped) later(0); }
    }
  };

  const heard = async (answer, mark) => {
    if (answer.ok) {
      const news = await answer.json();
      state.value = news.state;
      kept = mark;
      pause = SHORTEST;
      stopped = false;
      say("saved", news.at);
    } else if (answer.status === 401 || answer.type === "opaqueredirect") {
      say("signed_out");
      retry();
    } else if (answer.status === 409) {
      const { code } = await answer.json();
      stopped = true;
      say(code === "licensing.typed_elsewhere" ? "conflict" : "closed");
    } else if (answer.status === 403 || answer.status === 404) {
      say("foreign");
      retry();
    } else if (answer.status === 413) {
      say("too_much");
    } else {
      say("failed");
      retry();
    }
  };

  const noticed = () => {
    typed += 1;
    guard();
    if (!stopped) later(navigator.onLine ? STILL : pause);
  };
  form.addEventListener("input", noticed);
  form.addEventListener("change", () => { if (dirty()) save(); });
  form.addEventListener("focusout", () => { if (dirty() && !stopped) later(0); });
  addEventListener("offline", () => say("offline"));
  addEventListener("online", () => { pause = SHORTEST; if (dirty()) save(); else say(""); });
  addEventListener("focus", () => { if (dirty()) save(); });
  document.addEventListener("visibilitychange", () => { if (dirty()) save(); });
  addEventListener("pagehide", () => { if (dirty() && !stopped && !leaving) send(words(false)).catch(() => {}); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      say("offline");
      return;
    }
    leaving = true;
    clearTimeout(timer);
    sending?.abort();
  });

  bar.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "mine") { typed += 1; save(true); }
    if (act === "theirs") { leaving = true; delete form.dataset.unsaved; location.assign(location.pathname); }
  });

  if ("unsaved" in form.dataset || "unsent" in form.dataset) { noticed(); }
}
