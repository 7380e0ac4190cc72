// The list of counties follows the province, from the page's own answer; without script a button does it.

for (const part of document.querySelectorAll("[data-follows]")) {
  const form = part.closest("form");
  const leader = form.elements[part.dataset.follows];
  let asking = null;
  leader.addEventListener("change", async () => {
    asking?.abort();
    asking = new AbortController();
    part.setAttribute("aria-busy", "true");
    const body = new FormData(form);
    body.append("switch", "1");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, signal: asking.signal, redirect: "manual", credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(`[data-follows=${part.dataset.follows}]`);
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      part.replaceChildren(...fresh.childNodes);
    } catch (problem) {
      if (problem.name !== "AbortError") part.querySelector("[data-lost]").hidden = false;
      if (problem.name === "AbortError") return;
    }
    part.removeAttribute("aria-busy");
  });
}
