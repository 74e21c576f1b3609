// Places beside the page: the one that the page belongs to is in view, wherever in the list it stands.
const side = document.querySelector(".side");
const here = side?.querySelector("[aria-current]");
if (here) {
  const [list, place] = [side.getBoundingClientRect(), here.getBoundingClientRect()];
  if (place.bottom > list.bottom) side.scrollTop += place.bottom - list.bottom + list.height / 3;
}
