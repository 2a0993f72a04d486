const gapMs = 60;
const shortest = 4;

/**
 * A scanner that plugs in as a keyboard: it types faster than any person, and ends with Enter or Tab. Answers how to stop
 * listening. What is typed into a field is the field's.
 */
export function listenToWedge(onCode: (code: string) => void): () => void {
  let typed = '';
  let last = 0;
  const listener = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    if (event.timeStamp - last > gapMs) typed = '';
    last = event.timeStamp;
    if (event.key.length === 1) {
      typed += event.key;
      return;
    }
    if ((event.key === 'Enter' || event.key === 'Tab') && typed.length >= shortest) {
      event.preventDefault();
      onCode(typed);
    }
    if (event.key !== 'Shift') typed = '';
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
