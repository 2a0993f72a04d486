import { waitingWorker } from '../installed.ts';
import { useStored } from '../kept/stored.ts';
import { useWords } from '../texts/words.ts';

/** A newer build is on the phone; it takes over when the person says so, never in the middle of their work. */
export function NewVersion() {
  const t = useWords();
  const worker = useStored(waitingWorker);
  if (!worker) return null;
  return (
    <button
      type="button"
      onClick={() => worker.postMessage('take over')}
      className="flex min-h-13 w-full items-center justify-between bg-ink px-3 text-left font-semibold text-white"
    >
      <span>{t.newVersion}</span>
      <span className="underline">{t.update}</span>
    </button>
  );
}
