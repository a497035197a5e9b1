/** What one hears and feels of a verdict, for eyes that look at the guest. */

const SILENT = "scanner-silent";
const VIBRATIONS = { accepted: [80], refused: [250, 120, 250] };

// Frequency in Hz, start and length in seconds.
const TONES = {
  accepted: { shape: "sine", notes: [[880, 0, 0.09], [1319, 0.1, 0.16]] },
  refused: { shape: "square", notes: [[196, 0, 0.22], [147, 0.26, 0.4]] },
};
const VOLUME = { sine: 0.5, square: 0.25 };

let audio = null;

/** Browsers allow sound only from within a press of a button: call it there. */
export function unlockSound() {
  audio ??= new AudioContext();
  void audio.resume();
}

export function isSilent() {
  return localStorage.getItem(SILENT) === "yes";
}

export function setSilent(silent) {
  localStorage.setItem(SILENT, silent ? "yes" : "no");
}

export function signal(verdict) {
  navigator.vibrate?.(VIBRATIONS[verdict]);
  if (audio === null || isSilent()) return;
  const { shape, notes } = TONES[verdict];
  for (const [frequency, start, length] of notes) play(shape, frequency, start, length);
}

function play(shape, frequency, start, length) {
  const [tone, gain] = [audio.createOscillator(), audio.createGain()];
  const from = audio.currentTime + start;
  tone.type = shape;
  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(VOLUME[shape], from);
  gain.gain.exponentialRampToValueAtTime(0.001, from + length);
  tone.connect(gain).connect(audio.destination);
  tone.start(from);
  tone.stop(from + length);
}
