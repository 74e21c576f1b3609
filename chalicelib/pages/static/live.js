// Keeps the live part of a page current: nothing is asked for while nobody looks, and at once when somebody does again.
// A part that says the same as before stays as it is, so that nothing is read out that has not changed.
const SECONDS = /data-seconds="(\d+)"/;
const said = new WeakMap();

const refresh = () => {
  for (const part of document.querySelectorAll("[data-live]")) part.dispatchEvent(new CustomEvent("refresh"));
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-live]")) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target;
  if (!part.matches("[data-live]") || event.detail.xhr.status !== 200) return;
  const answer = event.detail.serverResponse;
  const text = answer.replace(SECONDS, "");
  if (said.get(part.parentElement) === text) {
    event.detail.shouldSwap = false;
    const countdown = part.querySelector("[data-seconds]");
    if (countdown) countdown.dataset.seconds = answer.match(SECONDS)?.[1] ?? "0";
  }
  said.set(part.parentElement, text);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
// A moment later: the page's clock and the server's tick apart.
document.addEventListener("over", () => setTimeout(refresh, 1500));
