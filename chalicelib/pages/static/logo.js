// The brand's logo: made smaller here, sent to the bucket, and named in the field that the form sends.
const LONGEST = 800;
const box = document.querySelector(".logo");
const { send, sending, sent, unreadable, failed } = box.dataset;
const picker = box.querySelector(".picker");
const shown = box.querySelector("img");
const state = box.querySelector("[role=status]");
const form = box.closest("form");
const field = form.elements["brand.logo"];

class Refused extends Error {}

async function smaller(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("not drawn");
  return { blob, preview: canvas.toDataURL("image/png") };
}

// What a page that refuses says, in the reader's language.
function said(text) {
  const words = new DOMParser().parseFromString(text, "text/html").querySelector("main p:not(.kept)");
  return words ? words.textContent.trim() : failed;
}

async function transmit(blob) {
  const asked = { _csrf: form.elements._csrf.value, content_type: blob.type, size: blob.size };
  const answer = await fetch(send, { method: "POST", body: new URLSearchParams(asked), redirect: "error" });
  if (!answer.ok) throw new Refused(said(await answer.text()));
  const granted = await answer.json();
  const parts = new FormData();
  for (const [name, value] of Object.entries(granted.fields)) parts.append(name, value);
  parts.append("file", blob, "logo.png");
  const put = await fetch(granted.url, { method: granted.method, body: parts });
  if (!put.ok) throw new Error(String(put.status));
  return granted.address;
}

picker.querySelector("input").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  state.className = "";
  let made;
  try {
    made = await smaller(file);
  } catch {
    state.className = "fault";
    state.textContent = unreadable;
    return;
  }
  state.textContent = sending;
  try {
    field.value = await transmit(made.blob);
    shown.src = made.preview;
    shown.hidden = false;
    state.textContent = sent;
  } catch (fault) {
    state.className = "fault";
    state.textContent = fault instanceof Refused ? fault.message : failed;
  }
});
picker.hidden = false;
