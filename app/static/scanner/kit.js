/**
 * The offline kit: what the server gave this phone to decide by itself.
 *
 * The manifest is useless without tickets: each record is encrypted with the secret of its ticket's
 * own code, so only who stands at the gate with the code makes it readable.
 */

const OKM_BITS = 48 * 8;
const NONCE_BYTES = 12;

export class Kit {
  #manifest;
  #boxes;
  #revoked;
  #keys = new Map();

  /** @param manifest @param revocations as the server sent them; null what was never fetched */
  constructor(manifest, revocations) {
    this.#manifest = manifest;
    this.#boxes = new Map(manifest?.entries.map(({ id, box }) => [id, box]));
    this.#revoked = new Map(revocations?.tickets.map((entry) => [entry.ticket_id, entry]));
  }

  /** The event as the manifest knows it; null before the first one. */
  get event() {
    return this.#manifest?.event ?? null;
  }

  /** Why this version of a ticket must not be let in, in the server's words; null if nothing does. */
  revoked(ticketId, version) {
    const entry = this.#revoked.get(ticketId);
    if (!entry || version > entry.version) return null;
    return version < entry.version ? "replaced" : entry.reason;
  }

  /** Whether a QR code's signature is ours: true, false, or null where the browser cannot tell. */
  async isGenuine({ keyId, payload, signature }) {
    const jwk = this.#manifest?.keys.find(({ kid }) => kid === String(keyId));
    if (!jwk) return this.#manifest ? false : null;
    const key = await this.#key(jwk);
    return key && crypto.subtle.verify({ name: "Ed25519" }, key, signature, payload);
  }

  /** The ticket behind a code's secret, `{t, v, y, n}`; null when the manifest has none. */
  async ticketOf(secret) {
    if (!this.#manifest) return null;
    const { id, key } = await this.#opened(secret);
    const box = this.#boxes.get(id);
    if (!box) return null;
    const bytes = fromBase64Url(box);
    const [nonce, sealed] = [bytes.slice(0, NONCE_BYTES), bytes.slice(NONCE_BYTES)];
    try {
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, sealed);
      return JSON.parse(new TextDecoder().decode(opened));
    } catch {
      return null; // an entry that was tampered with lets nobody in
    }
  }

  /** The place of a secret's record in the manifest, and the key to it. */
  async #opened(secret) {
    const ikm = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const info = new TextEncoder().encode(`ticket manifest ${this.#manifest.event.id}`);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    const okm = await crypto.subtle.deriveBits(how, ikm, OKM_BITS);
    const key = await crypto.subtle.importKey("raw", okm.slice(16), "AES-GCM", false, ["decrypt"]);
    return { id: toBase64Url(new Uint8Array(okm, 0, 16)), key };
  }

  /** A public key to verify with; null where WebCrypto has no Ed25519. */
  async #key(jwk) {
    if (!this.#keys.has(jwk.kid)) {
      const { kty, crv, x } = jwk;
      const made = crypto.subtle
        .importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, ["verify"])
        .catch(() => null);
      this.#keys.set(jwk.kid, made);
    }
    return this.#keys.get(jwk.kid);
  }
}

function fromBase64Url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function toBase64Url(bytes) {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
