// Keeps the live part of a page current: nothing is asked for while nobody looks, and at once when somebody does again.
const parts = () => document.querySelectorAll("[data-live]");
const refresh = () => parts().forEach((part) => part.dispatchEvent(new CustomEvent("refresh")));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
// A moment later: the page's clock and the server's tick apart.
document.addEventListener("over", () => setTimeout(refresh, 1500));
