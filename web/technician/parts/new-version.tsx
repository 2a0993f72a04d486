import { waitingWorker } from '../installed.ts';
import { useStored } from '../kept/stored.ts';
import { useTexts } from '../texts/texts.ts';

/** A newer build is on the phone; it takes over when the technician says so, never in the middle of a scan. */
export function NewVersion() {
  const t = useTexts();
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
