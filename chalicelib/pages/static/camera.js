// Reads QR codes off a video: by the browser where it can, else by ZXing, which is loaded only then.
const WIDEST = 720;

function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

async function byTheBrowser() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  } catch {
    return null;
  }
}

/** What reads the text of the code in a video's picture, or nothing; the decoder is where ZXing is. */
export async function reader(decoder) {
  const own = await byTheBrowser();
  if (own) return own;
  if (!window.ZXing) await loaded(decoder);
  const { BinaryBitmap, DecodeHintType, HTMLCanvasElementLuminanceSource, HybridBinarizer, QRCodeReader } = window.ZXing;
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  const hints = new Map([[DecodeHintType.TRY_HARDER, true]]);
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    const seen = new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)));
    return new QRCodeReader().decode(seen, hints).getText();
  };
}
