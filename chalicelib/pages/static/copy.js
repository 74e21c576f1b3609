// Copies a text of the page with one tap; where a browser does not let scripts do that it marks the text.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.focus();
    text.select();
    return document.execCommand("copy");
  }
}

for (const place of document.querySelectorAll("[data-copies]")) {
  const card = place.closest(".card");
  const around = card?.querySelector("[data-text]") ? card : document;
  const text = around.querySelector("[data-text]");
  const status = around.querySelector("[data-copied]") ?? document.querySelector("[data-copied]");
  const button = document.createElement("button");
  button.addEventListener("click", async () => {
    const { copied: done, failed } = status.dataset;
    status.textContent = (await copied(text)) ? done : failed;
    status.scrollIntoView({ block: "nearest" });
  });
  if (text.localName === "textarea") text.style.height = `${text.scrollHeight + 4}px`;
  button.type = "button";
  button.textContent = place.dataset.copies;
  place.append(button);
}
