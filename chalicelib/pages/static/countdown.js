// Counts down what the server said is left. The phone's clock plays no part: only how long ago the server said it.
const heard = new WeakMap();

function left(element) {
  const said = element.dataset.seconds;
  if (heard.get(element)?.said !== said) heard.set(element, { said, at: performance.now() });
  return Number(said) - Math.floor((performance.now() - heard.get(element).at) / 1000);
}

function words(element, seconds) {
  const days = Math.floor(seconds / 86400);
  const part = (n) => String(n).padStart(2, "0");
  const clock = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60].map(part).join(":");
  const form = days ? element.dataset.days : element.dataset.hours;
  return form.replace("{days}", days).replace("{clock}", clock);
}

function tick() {
  for (const element of document.querySelectorAll("[data-seconds]")) {
    const seconds = left(element);
    if (seconds > 0) {
      element.textContent = words(element, seconds);
    } else if (!element.hidden) {
      element.dispatchEvent(new CustomEvent("over", { bubbles: true }));
    }
    element.hidden = seconds <= 0;
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
