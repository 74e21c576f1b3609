// The counter: codes come from the camera, from a scanner that types, or by hand, and wait in a queue, so that none is
// lost while a parcel is handed over. Only what the server answers counts.
import { reader } from "./camera.js";
import { signal } from "./signals.js";

const counter = document.querySelector("[data-counter]");
const part = (name) => counter.querySelector(`[data-${name}]`);
const asking = document.getElementById("look-up");
const { code: field } = asking.elements;
const result = part("result");
const AGAIN_MS = 4000;

const queue = [];
let busy = false;
let held = false;
let failed = null;
let scanning = null;

/** The parcels that are shown and wait for a tap, if any. */
const handing = () => document.getElementById("hand-over");

function take(text) {
  const code = text.trim();
  if (!code || queue.includes(code) || handing()?.elements.code.value === code) return;
  queue.push(code);
  if (!held) next();
  show();
}

function next() {
  if (busy || failed || handing() || !queue.length) return;
  held = false;
  const body = new URLSearchParams(new FormData(asking));
  body.set("code", queue.shift());
  send(asking.action, body);
}

async function send(address, body) {
  busy = true;
  failed = null;
  show();
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      location.href = elsewhere;
      return;
    }
    const text = await answer.text();
    if (/^\s*<!doctype/i.test(text)) throw new TypeError("a page of another kind");
    result.innerHTML = text;
    told();
  } catch {
    failed = () => send(address, body);
    signal("refused");
  } finally {
    busy = false;
  }
  if (result.querySelector('[data-signal="done"]') && !failed) next();
  show();
}

/** Says by sound, vibration and focus what came of a code. The focus stays in the field while the next code is being
 * typed: its Enter would hand over this parcel, and the code be lost. */
function told() {
  const said = result.querySelector("[data-signal]")?.dataset.signal;
  if (said) signal(said);
  held = said === "refused" && queue.length > 0;
  if (said === "found" && !field.value) handing().querySelector("button").focus({ preventScroll: true });
  else if (!scanning) field.focus({ preventScroll: true });
  result.scrollIntoView({ block: "nearest" });
}

function show() {
  const waiting = part("queue");
  waiting.hidden = queue.length === 0;
  waiting.textContent = waiting.dataset.queue.replace("{n}", queue.length);
  part("lost").hidden = !failed;
  part("onward").hidden = busy || Boolean(failed) || !(handing() || held);
  counter.classList.toggle("busy", busy);
}

asking.addEventListener("submit", (event) => {
  event.preventDefault();
  const code = field.value;
  field.value = "";
  take(code);
});
result.addEventListener("submit", (event) => {
  event.preventDefault();
  if (busy) return;
  const { target: form, submitter } = event;
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.set(submitter.name, submitter.value);
  send(form.action, body);
});
part("retry").addEventListener("click", () => failed?.());
part("next").addEventListener("click", () => {
  result.replaceChildren();
  held = false;
  next();
  show();
  field.focus();
});
// A scanner that types sends its keys to whatever has the focus: but for buttons and fields, they belong to the code.
document.addEventListener("keydown", (event) => {
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ";
  if (typed && !event.target.matches("input, textarea, select")) field.focus();
});

const camera = part("camera");
const video = camera.querySelector("video");

async function scan() {
  part("no-camera").hidden = true;
  try {
    scanning = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    camera.hidden = false;
    part("offer").hidden = true;
    video.srcObject = scanning;
    await video.play();
    watch(await reader(counter.dataset.decoder), scanning);
  } catch {
    stop();
    part("no-camera").hidden = false;
    field.focus();
  }
}

function stop() {
  for (const track of scanning?.getTracks() ?? []) track.stop();
  scanning = null;
  video.srcObject = null;
  camera.hidden = true;
  part("offer").hidden = false;
}

/** Reads what the camera sees; a code that stays in view counts once. */
async function watch(read, stream) {
  let last = "";
  let seen = 0;
  while (scanning === stream) {
    const text = await read(video).catch(() => "");
    const now = performance.now();
    if (text && (text !== last || now - seen > AGAIN_MS)) take(text);
    if (text) [last, seen] = [text, now];
    await new Promise((resolve) => { setTimeout(resolve, 150); });
  }
}

part("start").addEventListener("click", scan);
part("stop").addEventListener("click", stop);
addEventListener("pagehide", stop);
part("offer").hidden = !navigator.mediaDevices?.getUserMedia;
if (result.querySelector("[data-signal]")) told();
field.focus({ preventScroll: true });
show();
