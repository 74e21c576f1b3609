// Prints the sheet.
const printing = document.querySelector("[data-printing]");
printing.querySelector("button").addEventListener("click", () => window.print());
printing.hidden = false;
