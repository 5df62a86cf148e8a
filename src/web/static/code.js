// The live code: fetched anew from its own page shortly before it lapses, while the screen stays on.
//   .code[data-seconds] holds .symbol and .digits; progress runs down; [data-left] counts; [data-say] (aria-live) speaks
//   data-counting "…{seconds}…", data-renewed, data-lapsed: the sentences

const EARLY_SECONDS = 5;
const RETRY_SECONDS = 3;

for (const box of document.querySelectorAll(".code[data-seconds]")) {
  const bar = box.querySelector("progress");
  const left = box.querySelector("[data-left]");
  const say = box.querySelector("[data-say]");
  let lapses = 0;
  let lasts = 0;
  let busyUntil = 0;

  const begin = (seconds) => {
    lasts = seconds;
    lapses = performance.now() + seconds * 1000;
    if (bar) bar.max = seconds;
    box.classList.remove("lapsed");
  };

  const renew = async () => {
    busyUntil = performance.now() + RETRY_SECONDS * 1000;
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".code[data-seconds]");
      // Signed out, or refused: the whole page says why better than we can.
      if (!answer.ok || !fresh) return location.reload();
      for (const part of [".symbol", ".digits"]) {
        const [old, next] = [box.querySelector(part), fresh.querySelector(part)];
        if (old && next) old.replaceWith(document.adoptNode(next));
      }
      begin(Number(fresh.dataset.seconds));
      if (say) say.textContent = box.dataset.renewed ?? "";
    } catch {
      // Off line: the next tick tries again, and the symbol fades once it is no longer good.
    }
  };

  const tick = () => {
    const remaining = Math.max(0, Math.ceil((lapses - performance.now()) / 1000));
    if (bar) bar.value = remaining;
    if (left) left.textContent = (box.dataset.counting ?? "{seconds}").replace("{seconds}", String(remaining));
    if (remaining === 0 && !box.classList.contains("lapsed")) {
      box.classList.add("lapsed");
      if (say) say.textContent = box.dataset.lapsed ?? "";
    }
    const due = remaining <= Math.min(EARLY_SECONDS, lasts / 2);
    if (due && !document.hidden && performance.now() > busyUntil) renew();
  };

  begin(Number(box.dataset.seconds));
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}

const stayAwake = async () => {
  try {
    if (!document.hidden) await navigator.wakeLock?.request("screen");
  } catch {
    // A low battery refuses; the code works all the same.
  }
};
document.addEventListener("visibilitychange", stayAwake);
stayAwake();
