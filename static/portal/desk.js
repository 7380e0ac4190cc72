// A desk on a narrow window: the papers are folded away until somebody unfolds them, so that the case comes first.
if (matchMedia("(max-width: 60rem)").matches && !new URLSearchParams(location.search).has("paper")) {
  for (const papers of document.querySelectorAll("details[data-folds]")) papers.open = false;
}
