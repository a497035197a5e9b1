/** What a ticket's code says. The layout is described in app/domain/ticket_codes.py. */

const PREFIX = "TK1:";
const PAYLOAD_BYTES = 34;
const SIGNATURE_BYTES = 64;
const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MISREAD = { O: "0", I: "1", L: "1" };

/**
 * What a text says: `{kind: "signed", …}` of a QR code, `{kind: "typed", secret}` of a short code,
 * or null when it has the form of neither.
 */
export function readCode(scanned) {
  // Hand scanners add a line end or a byte order mark, and some send lower case.
  const text = scanned.trim().toUpperCase();
  return text.startsWith(PREFIX) ? readSigned(text.slice(PREFIX.length)) : readTyped(text);
}

function readSigned(base45) {
  const bytes = fromBase45(base45);
  if (bytes?.length !== PAYLOAD_BYTES + SIGNATURE_BYTES || bytes[0] !== 1) return null;
  const numbers = new DataView(bytes.buffer);
  return {
    kind: "signed",
    payload: bytes.slice(0, PAYLOAD_BYTES),
    signature: bytes.slice(PAYLOAD_BYTES),
    keyId: bytes[1],
    ticketId: sixBytes(numbers, 2),
    eventId: sixBytes(numbers, 8),
    version: numbers.getUint16(14),
    notBefore: numbers.getUint32(16) * 1000,
    notAfter: numbers.getUint32(20) * 1000,
    secret: bytes.slice(24, PAYLOAD_BYTES),
  };
}

function readTyped(text) {
  const letters = text.replace(/[ -]/g, "").replace(/[OIL]/g, (letter) => MISREAD[letter]);
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(letters)) return null;
  let number = 0n;
  for (const letter of letters) number = (number << 5n) | BigInt(CROCKFORD.indexOf(letter));
  const secret = new Uint8Array(10);
  for (let at = 9; at >= 0; at -= 1, number >>= 8n) secret[at] = Number(number & 255n);
  return { kind: "typed", secret };
}

/** RFC 9285: three characters are two bytes, two at the end a single one. Null: it is no base45. */
function fromBase45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const values = [...text.slice(at, at + 3)].map((letter) => BASE45.indexOf(letter));
    const number = values.reduce((sum, value, place) => sum + value * 45 ** place, 0);
    const wanted = values.length - 1;
    if (wanted === 0 || values.includes(-1) || number >= 256 ** wanted) return null;
    if (wanted === 2) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return new Uint8Array(bytes);
}

/** Numbers of tickets and events fit into a JavaScript number: they have 48 bits. */
function sixBytes(numbers, at) {
  return numbers.getUint16(at) * 2 ** 32 + numbers.getUint32(at + 2);
}
