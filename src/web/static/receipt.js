// A receipt on paper and aloud. Works on top of a page that is complete without it.
//   [data-speak]          "扣20分，余35分": read aloud when the page opens, if this device was told to; off by default
//   [data-speak-on]       tells the device to read aloud, or to stop (data-on, data-off: what the button says)
//   [data-speak-again]    says it once more
//   [data-print="slip"]   prints; "slip" is the 58 mm roll, "a6" the sheet: [data-paper] takes it as a class

const KEY = "greencoin-speak";
const spoken = document.querySelector("[data-speak]");
const aloud = "speechSynthesis" in window;

const wanted = () => {
  try { return localStorage.getItem(KEY) === "on"; } catch { return false; }
};

const say = () => {
  const words = new SpeechSynthesisUtterance(spoken.dataset.speak);
  words.lang = document.documentElement.lang;
  words.rate = 0.85;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
};

if (spoken && aloud) {
  const turn = document.querySelector("[data-speak-on]");
  const again = document.querySelector("[data-speak-again]");
  const show = () => {
    if (turn) {
      turn.hidden = false;
      turn.textContent = wanted() ? turn.dataset.off : turn.dataset.on;
      turn.setAttribute("aria-pressed", String(wanted()));
    }
    if (again) again.hidden = !wanted();
  };
  turn?.addEventListener("click", () => {
    const on = !wanted();
    try { localStorage.setItem(KEY, on ? "on" : "off"); } catch { /* for this page only */ }
    if (on) say();
    else speechSynthesis.cancel();
    show();
  });
  again?.addEventListener("click", say);
  show();
  if (wanted() && spoken.hasAttribute("data-now")) say();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const paper = document.querySelector("[data-paper]");
    paper?.classList.toggle("a6", button.dataset.print === "a6");
    print();
  });
}
