// Counts down what the server said is left. The phone's clock plays no part: only how long the page has been looked at.
const begun = new WeakMap();

function said(element, seconds) {
  const days = Math.floor(seconds / 86400);
  const part = (n) => String(n).padStart(2, "0");
  const clock = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60].map(part).join(":");
  const words = days ? element.dataset.days : element.dataset.hours;
  return words.replace("{days}", days).replace("{clock}", clock);
}

function tick() {
  for (const element of document.querySelectorAll("[data-seconds]")) {
    if (!begun.has(element)) begun.set(element, performance.now());
    const gone = Math.floor((performance.now() - begun.get(element)) / 1000);
    const left = Number(element.dataset.seconds) - gone;
    element.hidden = left <= 0;
    if (left > 0) element.textContent = said(element, left);
    else if (!element.dataset.over) {
      element.dataset.over = "yes";
      element.dispatchEvent(new CustomEvent("over", { bubbles: true }));
    }
  }
}

tick();
setInterval(tick, 1000);
