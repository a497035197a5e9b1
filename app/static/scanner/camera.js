/** The phone's camera, and the QR codes in front of it. */

import { openReader } from "./reader.js";

const PAUSE_MS = 80;
const SAME_CODE_MS = 3_000;

export class Camera {
  #video;
  #onCode;
  #stream = null;
  #seen = { text: null, at: 0 };

  /** @param video the element that shows the picture @param onCode called with each code's text */
  constructor(video, onCode) {
    this.#video = video;
    this.#onCode = onCode;
  }

  get isOn() {
    return this.#stream !== null;
  }

  /** @throws {DOMException} there is no camera, or the person did not allow it */
  async start() {
    if (this.isOn) return;
    const wish = { facingMode: { ideal: "environment" }, width: { ideal: 1280 } };
    const [stream, read] = await Promise.all([
      navigator.mediaDevices.getUserMedia({ video: wish, audio: false }),
      openReader(),
    ]);
    this.#stream = stream;
    this.#video.srcObject = stream;
    await this.#video.play();
    void this.#watch(stream, read);
  }

  stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** Whether the lamp can be switched. */
  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  async setTorch(isOn) {
    await this.#track.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  async #watch(stream, read) {
    while (this.#stream === stream) {
      const text = await read(this.#video).catch(() => null); // a picture that is not ready
      if (this.#stream === stream && text && this.#isNew(text)) this.#onCode(text);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** A code counts again once it has been out of sight for three seconds. */
  #isNew(text) {
    const now = performance.now();
    const isNew = text !== this.#seen.text || now - this.#seen.at >= SAME_CODE_MS;
    this.#seen = { text, at: now };
    return isNew;
  }
}
