const tones = {
  good: [{ hertz: 1_320, ms: 110 }],
  bad: [
    { hertz: 280, ms: 160 },
    { hertz: 220, ms: 260 },
  ],
} as const;
const shakes = { good: [60], bad: [120, 80, 220] } as const;

let audio: AudioContext | undefined;

/** Every result is heard and felt, failures too: the technician looks at the modem, not at the phone. */
export function feedback(result: keyof typeof tones): void {
  navigator.vibrate?.([...shakes[result]]);
  audio ??= new AudioContext();
  // A browser keeps sound back until the page was touched; then the shake must do.
  void audio.resume();
  let at = audio.currentTime;
  for (const { hertz, ms } of tones[result]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = 'square';
    tone.frequency.value = hertz;
    gain.gain.value = 0.2;
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    at += ms / 1_000;
    tone.stop(at);
  }
}
