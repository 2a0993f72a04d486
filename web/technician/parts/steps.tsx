import type { ScanStep } from '#http/client/rooms/scans.ts';
import { useTexts } from '../texts/texts.ts';

const marks: Readonly<Record<string, { readonly mark: string; readonly look: string }>> = {
  done: { mark: '✓', look: 'text-good' },
  skipped: { mark: '–', look: 'text-quiet' },
  waiting: { mark: '…', look: 'text-wait' },
  refused: { mark: '✕', look: 'text-bad' },
  held: { mark: '!', look: 'text-bad' },
};

/** What follows from a scan, step by step (spec A4); the last says when the modem is really online. */
export function Steps({ steps }: { readonly steps: readonly ScanStep[] }) {
  const t = useTexts();
  const shown = steps.filter(({ state }) => state !== 'skipped');
  if (shown.length === 0) return null;
  return (
    <ol className="mt-2 space-y-1">
      {shown.map(({ name, state, detail }) => {
        const { mark, look } = marks[state] ?? { mark: '…', look: 'text-quiet' };
        return (
          <li key={name} className="flex gap-2">
            <span className={`w-6 shrink-0 text-center font-bold ${look}`} aria-hidden="true">
              {mark}
            </span>
            <span className="min-w-0">
              <span className="font-semibold">{t.steps[name] ?? name}</span>{' '}
              <span className={look}>{t.stepStates[state] ?? state}</span>
              {detail && <span className="block text-base break-words text-quiet">{detail}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
