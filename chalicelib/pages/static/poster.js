// Makes the poster a picture of pixels, which a long press keeps and a chat takes; a drawing it would not.
const shown = document.querySelector("[data-poster]");
const keeping = document.querySelector("[data-keeping]");

await shown.decode();
const canvas = document.createElement("canvas");
canvas.width = shown.naturalWidth;
canvas.height = shown.naturalHeight;
canvas.getContext("2d").drawImage(shown, 0, 0, canvas.width, canvas.height);
shown.src = canvas.toDataURL("image/png");
keeping.querySelector("a").href = shown.src;
keeping.hidden = false;
