// What became of a code, to be heard and felt by who looks at the parcels: a high note, two that rise, a long low one.
const SIGNALS = {
  found: { notes: [[880, 0.09]], shake: [40] },
  done: { notes: [[660, 0.09], [990, 0.16]], shake: [40, 40, 40] },
  refused: { notes: [[196, 0.45]], shake: [300, 80, 300] },
};

let audio = null;

// Browsers let a page sound only once somebody has touched it.
for (const touched of ["pointerup", "keydown"]) {
  addEventListener(touched, () => {
    audio ??= window.AudioContext ? new AudioContext() : null;
    audio?.resume().catch(() => {});
  });
}

/** Sounds and shakes, where the device can and may. */
export function signal(name) {
  const { notes, shake } = SIGNALS[name];
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(shake);
  if (audio?.state !== "running") return;
  let start = audio.currentTime;
  for (const [pitch, seconds] of notes) {
    const tone = new OscillatorNode(audio, { frequency: pitch, type: name === "refused" ? "square" : "sine" });
    const volume = new GainNode(audio, { gain: 0.2 });
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + seconds);
    start += seconds;
  }
}
