/**
 * Reads points to someone, if this device has a voice of its own. A voice that lives elsewhere would send the words of
 * the meeting to a stranger's server, so it is never used; then the chair is asked to read instead.
 */

export function localVoice(): SpeechSynthesisVoice | null {
  if (!("speechSynthesis" in window)) return null;
  const voices = speechSynthesis.getVoices().filter((voice) => voice.localService && voice.lang.startsWith("en"));
  return voices.find((voice) => voice.lang === "en-GB") ?? voices[0] ?? null;
}

/** Reads the texts in order, one after the other; `done` is called at the end or when it is stopped. */
export function readAloud(voice: SpeechSynthesisVoice, texts: readonly string[], done: () => void): void {
  speechSynthesis.cancel();
  let left = texts.length;
  if (left === 0) done();
  for (const text of texts) {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.92;
    const over = (): void => {
      left -= 1;
      if (left === 0) done();
    };
    words.addEventListener("end", over);
    words.addEventListener("error", over);
    speechSynthesis.speak(words);
  }
}

export function stopReading(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
