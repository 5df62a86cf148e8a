// The camera of the counter without network. It is offered only where the browser itself reads codes: elsewhere the
// server does, which is not there.
//   box   .view > video, button[data-watch], button[data-stop]; shown once it is known to work

const LOOK_MS = 250;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Many in-app browsers have the object and throw when it is used: only a call that returns proves it.
const detector = async () => {
  try {
    const made = new BarcodeDetector({ formats: ["qr_code"] });
    const blank = document.createElement("canvas");
    blank.width = blank.height = 32;
    blank.getContext("2d");
    await made.detect(blank);
    return made;
  } catch {
    return null;
  }
};

// Calls `found` with what a code says, and `refused` when the camera may not be used or there is none.
export const eye = async (box, found, refused) => {
  const reader = navigator.mediaDevices?.getUserMedia ? await detector() : null;
  if (!reader) return;
  const [video, view, watch, stop] = ["video", ".view", "[data-watch]", "[data-stop]"].map((css) => box.querySelector(css));
  let stream = null;
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = video.srcObject = null;
    view.hidden = stop.hidden = true;
    watch.hidden = false;
  };
  const look = async () => {
    const mine = stream;
    while (mine && stream === mine) {
      const codes = document.hidden || video.readyState < 2 ? [] : await reader.detect(video).catch(() => []);
      if (stream === mine && codes[0]?.rawValue) {
        close();
        navigator.vibrate?.(80);
        return found(codes[0].rawValue);
      }
      await pause(LOOK_MS);
    }
  };
  watch.addEventListener("click", async () => {
    watch.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
    } catch {
      watch.hidden = false;
      return refused();
    }
    video.srcObject = stream;
    view.hidden = stop.hidden = false;
    await video.play().catch(() => {});
    look();
  });
  stop.addEventListener("click", close);
  addEventListener("pagehide", close);
  box.hidden = false;
};
