// The camera of a box: opens it, reads what is held before it, also from a photo. What is done with it is the page's.
//   a box has data-decode (where a frame is posted: 200 {"text": "…"}, or 204 when it shows nothing), .view > video,
//   [data-say], button[data-start], button[data-stop], perhaps input[type=file][data-photo], and its sentences in
//   data-aim, data-working, data-none, data-no-camera, data-refused, data-offline; it stands in a form with a token
//   where it was left open it opens by itself the next time, until it is closed

const FRAME_PIXELS = 480;
const FRAME_INTERVAL_MS = 250;
const RETRY_INTERVAL_MS = 1500;
const PHOTO_PIXELS = 1280;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const jpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
// Full-width digits come from Chinese input methods; spaces and dashes from people.
export const digits = (text) => text.normalize("NFKC").replace(/[^0-9]/g, "");
export const buzz = () => navigator.vibrate?.(80);

// Some browsers keep nothing for a page: then the camera is opened by hand every time.
const kept = (change) => {
  const name = `camera ${location.pathname}`;
  try {
    if (change === undefined) return localStorage.getItem(name) !== null;
    if (change) localStorage.setItem(name, "open");
    else localStorage.removeItem(name);
  } catch { /* nothing is kept */ }
  return false;
};

// Many in-app browsers have the object and throw when it is used: only a call that returns proves it.
const nativeDetector = async (formats) => {
  try {
    if (!("BarcodeDetector" in window)) return null;
    const able = await BarcodeDetector.getSupportedFormats();
    if (!formats.every((format) => able.includes(format))) return null;
    const detector = new BarcodeDetector({ formats });
    const blank = document.createElement("canvas");
    blank.width = blank.height = 32;
    blank.getContext("2d");
    await detector.detect(blank);
    return detector;
  } catch {
    return null;
  }
};

// `take(text)` is told what each frame shows, "" for nothing, and whether it was the camera that opened by itself;
// true closes the camera.
export const camera = (box, take, formats = ["qr_code"]) => {
  const video = box.querySelector("video");
  const view = box.querySelector(".view");
  const start = box.querySelector("[data-start]");
  const stop = box.querySelector("[data-stop]");
  const photo = box.querySelector("[data-photo]");
  const say = (name) => { box.querySelector("[data-say]").textContent = box.dataset[name] ?? name; };
  const canvas = document.createElement("canvas");
  let stream = null;

  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    view.hidden = stop.hidden = true;
    start.hidden = false;
  };

  const ask = async (blob) => {
    const answer = await fetch(box.dataset.decode, {
      method: "POST",
      body: blob,
      credentials: "same-origin",
      headers: {
        "Content-Type": blob.type || "image/jpeg",
        "X-CSRF-Token": box.closest("form").elements.csrf?.value ?? "",
      },
    });
    if (answer.status === 204) return "";
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).text ?? "";
  };

  // The centre at full resolution reads farther; the scaled frame sees more. They take turns.
  const draw = (whole) => {
    const short = Math.min(video.videoWidth, video.videoHeight);
    const side = whole ? short : Math.min(short, FRAME_PIXELS);
    canvas.width = canvas.height = Math.min(side, FRAME_PIXELS);
    const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    canvas.getContext("2d").drawImage(video, x, y, side, side, 0, 0, canvas.width, canvas.height);
  };

  const watch = async (itself) => {
    const mine = stream;
    const detector = await nativeDetector(formats);
    for (let turn = 0; stream === mine && mine; turn += 1) {
      const began = performance.now();
      let wait = FRAME_INTERVAL_MS;
      if (video.readyState >= 2 && video.videoWidth > 0 && !document.hidden) {
        draw(turn % 2 === 1);
        try {
          const text = detector
            ? (await detector.detect(canvas))[0]?.rawValue ?? ""
            : await ask(await jpeg(canvas, 0.7));
          if (stream !== mine) return;
          if (take(text, itself)) return close();
        } catch {
          say("offline");
          wait = RETRY_INTERVAL_MS;
        }
      }
      await pause(Math.max(0, wait - (performance.now() - began)));
    }
  };

  const open = async (itself) => {
    start.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      start.hidden = false;
      kept(false);
      return say(error.name === "NotAllowedError" ? "refused" : "noCamera");
    }
    kept(true);
    video.srcObject = stream;
    view.hidden = stop.hidden = false;
    say("aim");
    await video.play().catch(() => {});
    watch(itself);
  };

  const shrink = async (file) => {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, PHOTO_PIXELS / Math.max(picture.width, picture.height));
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await jpeg(canvas, 0.85);
    } catch {
      return file;
    }
  };

  const read = async () => {
    const file = photo.files?.[0];
    if (!file) return;
    say("working");
    try {
      const text = await ask(await shrink(file)) || await ask(file);
      if (text) take(text, false);
      else say("none");
    } catch {
      say("offline");
    }
    photo.value = "";
  };

  if (navigator.mediaDevices?.getUserMedia) {
    start.hidden = false;
    start.addEventListener("click", () => open(false));
    stop.addEventListener("click", () => { kept(false); close(); });
    addEventListener("pagehide", close);
    if (kept()) open(true);
  }
  for (const hidden of box.querySelectorAll("[data-with-script]")) hidden.hidden = false;
  photo?.addEventListener("change", read);
  return say;
};
