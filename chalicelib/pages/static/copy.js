// Copies the text of the page with one tap; where a browser does not let scripts do that it marks the text.
const text = document.querySelector("[data-text]");
const place = document.querySelector("[data-copies]");
const button = document.createElement("button");
const status = document.querySelector("[data-copied]");

async function copied() {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.focus();
    text.select();
    return document.execCommand("copy");
  }
}

button.addEventListener("click", async () => {
  const { copied: done, failed } = status.dataset;
  status.textContent = (await copied()) ? done : failed;
  status.scrollIntoView({ block: "nearest" });
});
text.style.height = `${text.scrollHeight + 4}px`;
button.type = "button";
button.textContent = place.dataset.copies;
place.append(button);
