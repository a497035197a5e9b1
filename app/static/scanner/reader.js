/** Finds QR codes in pictures: by the browser itself where it can, else by zxing-cpp. */

const FORMAT = "qr_code";
const LONGEST_SIDE = 960;

/** A function that gives the text of a QR code in a video's present picture, or null. */
export async function openReader() {
  return (await ownReader()) ?? (await zxingReader());
}

async function ownReader() {
  if (!("BarcodeDetector" in globalThis)) return null;
  if (!(await BarcodeDetector.getSupportedFormats()).includes(FORMAT)) return null;
  const detector = new BarcodeDetector({ formats: [FORMAT] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function zxingReader() {
  const { prepareZXingModule, readBarcodes } = await import("../zxing-wasm/index.js");
  const locateFile = (name) => new URL(`../zxing-wasm/${name}`, import.meta.url).href;
  await prepareZXingModule({ fireImmediately: true, overrides: { locateFile } });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width) return null;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found[0]?.text ?? null;
  };
}
