// Choosing a sentence of the summary highlights its sources and scrolls to them, one after the other.

const summary = document.getElementById("summary");
const sections = [...summary.querySelectorAll("details")]; // of an outline
const all = document.getElementById("all");
const bar = document.getElementById("bar");
const status = bar.querySelector("[role=status]");
const [next, back] = bar.querySelectorAll("button");
let link = null; // the sentence chosen
let sources = [];
let place = 0; // of the source scrolled to

function clear() {
  sources.forEach((source) => source.classList.remove("chosen"));
  link?.removeAttribute("aria-current");
  status.textContent = "";
  bar.classList.remove("open");
  link = null;
  sources = [];
}

function choose(clicked) {
  clear();
  link = clicked;
  link.setAttribute("aria-current", "true");
  sources = link.dataset.sources.split(" ").map((id) => document.getElementById(id));
  sources.forEach((source) => source.classList.add("chosen"));
  next.hidden = sources.length === 1;
  bar.classList.add("open");
  show(0);
}

function show(number) {
  place = number % sources.length;
  status.textContent = sources.length > 1 ? `Source ${place + 1} of ${sources.length}` : "Source highlighted";
  sources[place].scrollIntoView({ block: "center", behavior: "instant" });
}

// A sentence in a closed section cannot be focused.
function reveal(element) {
  element.closest("details")?.setAttribute("open", "");
  return element;
}

summary.addEventListener("click", (event) => {
  const clicked = event.target.closest("a[data-sources]");
  if (!clicked) return;
  event.preventDefault(); // else the focus would leave the summary
  if (clicked === link) show(place + 1);
  else choose(clicked);
});
next.addEventListener("click", () => show(place + 1));
back.addEventListener("click", () => reveal(link).focus());
document.getElementById("document").addEventListener("click", (event) => {
  const clicked = event.target.closest("sup a");
  if (clicked) reveal(document.querySelector(clicked.getAttribute("href")));
});
all?.addEventListener("click", () => {
  const open = all.getAttribute("aria-expanded") === "false";
  sections.forEach((section) => (section.open = open));
  all.setAttribute("aria-expanded", String(open));
  all.textContent = open ? "Close all sections" : "Open all sections";
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !link) return;
  reveal(link).focus();
  clear();
});
