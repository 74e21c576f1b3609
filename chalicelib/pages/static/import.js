// An import: sends its file with the way it has gone shown, starts it then; and keeps the progress of one current.
const SECONDS = 5;
const upload = document.querySelector(".upload");
const job = document.querySelector("[data-job]");

if (upload) {
  const form = document.getElementById("file");
  const told = upload.querySelector(".sent");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const shown = document.createElement("progress");
    const words = document.createElement("p");
    words.textContent = upload.dataset.sending;
    shown.setAttribute("aria-label", upload.dataset.sending);
    told.replaceChildren(words, shown);
    button.disabled = true;
    const failed = () => {
      words.textContent = upload.dataset.failed;
      words.className = "fault";
      shown.remove();
      button.disabled = false;
    };
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) shown.value = sent.loaded / sent.total;
    });
    request.addEventListener("load", () => {
      if (request.status < 300) document.getElementById("start").requestSubmit();
      else failed();
    });
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

async function look() {
  if (!document.hidden) {
    const answer = await fetch(location.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const now = page?.querySelector("[data-job]");
    if (page && !now) return location.reload();
    if (now) {
      job.querySelector("progress").value = now.querySelector("progress").value;
      const words = now.querySelector("[role=status]").textContent;
      const said = job.querySelector("[role=status]");
      if (said.textContent !== words) said.textContent = words;
    }
  }
  setTimeout(look, SECONDS * 1000);
}

if (job) setTimeout(look, SECONDS * 1000);
