/** How wide a sheet is inside its margins, A4 across, as CSS measures it (assets/style/print.css). */
const PAPER = 1026;

let fits = false;

/** Let the printed page be as wide as the paper, whatever the window's width is; once for a page. */
export function fitPaper() {
  if (fits) return;
  fits = true;
  window.addEventListener("beforeprint", () => {
    document.documentElement.style.setProperty("--paper", String(PAPER / window.innerWidth));
  });
}
