// Photos of a form: made smaller and turned upright here, which leaves out where they were taken, then sent to the store.
// They are named by their order in the list, which can be changed where the page has a word for it.
const LONGEST = 1600;
const box = document.querySelector(".photos");
const { send, most, sending, sent, unreadable, failed, wait, retry, remove, photo, earlier, shows, field = "photos" } =
  box.dataset;
const list = box.querySelector(".thumbs");
const picker = box.querySelector(".picker");
const choose = picker.querySelector("input");
const form = box.closest("form");

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function count() {
  picker.hidden = list.children.length >= Number(most);
}

function changeable(item) {
  if (earlier) {
    const forward = button(earlier, () => {
      item.previousElementSibling?.before(item);
      forward.focus();
    });
    item.append(forward);
  }
  item.append(
    button(remove, () => {
      item.remove();
      count();
      (picker.hidden ? list.querySelector("button") : choose).focus();
    }),
  );
}

function number() {
  list.querySelectorAll("input[type=hidden]").forEach((id, at) => {
    id.name = `${field}.${at}`;
    const text = id.parentElement.querySelector("input[type=text]");
    if (text) text.name = `alts.p${at}`;
  });
}

function describable(item) {
  if (!shows) return;
  const label = document.createElement("label");
  const text = document.createElement("input");
  label.className = "shows";
  text.type = "text";
  text.maxLength = 200;
  label.append(shows, text);
  item.append(label);
}

async function smaller(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  const draw = canvas.getContext("2d");
  draw.fillStyle = "#fff";
  draw.fillRect(0, 0, canvas.width, canvas.height);
  draw.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob) throw new Error("not drawn");
  return { canvas, blob };
}

// What a page that refuses says, in the reader's language.
function said(text) {
  const words = new DOMParser().parseFromString(text, "text/html").querySelector("main h1 + p");
  return words ? words.textContent.trim() : failed;
}

async function permitted(blob) {
  const asked = { _csrf: form.elements._csrf.value, content_type: blob.type, size: blob.size };
  const answer = await fetch(send, { method: "POST", body: new URLSearchParams(asked), redirect: "error" });
  if (!answer.ok) throw new Refused(said(await answer.text()));
  return answer.json();
}

class Refused extends Error {}

function put(granted, blob, shown) {
  return new Promise((done, fail) => {
    const parts = new FormData();
    for (const [name, value] of Object.entries(granted.fields)) parts.append(name, value);
    parts.append("file", blob, "photo.jpg");
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => (request.status < 300 ? done() : fail(new Error(request.status))));
    request.addEventListener("error", () => fail(new Error("no connection")));
    request.open(granted.method, granted.url);
    request.send(parts);
  });
}

async function transmit(item, blob) {
  const state = document.createElement("p");
  const shown = document.createElement("progress");
  state.textContent = sending;
  shown.setAttribute("aria-label", sending);
  item.dataset.waits = "";
  item.querySelectorAll("p, progress, .again").forEach((old) => old.remove());
  item.append(shown, state);
  try {
    const granted = await permitted(blob);
    await put(granted, blob, shown);
    const id = document.createElement("input");
    id.type = "hidden";
    id.value = granted.address ?? granted.id;
    item.append(id);
    number();
    state.textContent = sent;
  } catch (fault) {
    state.textContent = fault instanceof Refused ? fault.message : failed;
    state.className = "fault";
    const again = button(retry, () => transmit(item, blob));
    again.classList.add("again");
    item.append(again);
  }
  shown.remove();
  delete item.dataset.waits;
}

async function add(file) {
  if (list.children.length >= Number(most)) return;
  const item = document.createElement("li");
  list.append(item);
  count();
  try {
    const { canvas, blob } = await smaller(file);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${photo}: ${file.name}`);
    item.append(canvas);
    describable(item);
    changeable(item);
    await transmit(item, blob);
  } catch {
    const words = document.createElement("p");
    words.className = "fault";
    words.textContent = `${file.name}: ${unreadable}`;
    item.append(words);
    changeable(item);
  }
}

for (const item of list.children) changeable(item);
choose.addEventListener("change", async () => {
  const files = [...choose.files];
  choose.value = "";
  for (const file of files) await add(file);
});
form.addEventListener("submit", (event) => {
  number();
  const waiting = list.querySelector("[data-waits]");
  if (!waiting) return;
  event.preventDefault();
  waiting.querySelector("p").textContent = wait;
  waiting.scrollIntoView({ block: "center" });
});
box.hidden = false;
count();
