// Puts a − and a + beside inputs for units, and shows what all of them come to.
const total = document.querySelector("[data-total]");

function button(text, label, by, input) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "plain";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => {
    const wanted = (Number(input.value) || 0) + by;
    input.value = Math.min(Number(input.max), Math.max(0, wanted));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return made;
}

function money(minor) {
  const digits = Number(total.dataset.digits);
  const whole = String(Math.trunc(minor / 10 ** digits)).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = digits ? "." + String(minor % 10 ** digits).padStart(digits, "0") : "";
  return total.dataset.sign + whole + part;
}

function add() {
  if (!total) return;
  let sum = 0;
  for (const input of document.querySelectorAll("input[data-price]")) {
    sum += Math.max(0, Math.trunc(Number(input.value) || 0)) * Number(input.dataset.price);
  }
  total.textContent = money(sum);
}

for (const stepper of document.querySelectorAll(".stepper")) {
  const input = stepper.querySelector("input");
  stepper.classList.add("stepping");
  stepper.prepend(button("−", stepper.dataset.less, -1, input));
  stepper.append(button("+", stepper.dataset.more, 1, input));
  input.addEventListener("focus", () => input.select());
}
document.addEventListener("input", () => {
  add();
  // What the server worked out of other numbers is no longer right.
  for (const element of document.querySelectorAll("[data-stale]")) element.hidden = true;
});
addEventListener("pageshow", add);
add();
