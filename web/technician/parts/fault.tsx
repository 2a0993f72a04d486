import { type ReactNode, useState } from 'react';
import { useTexts } from '../texts/texts.ts';

/** Says when the phone could not keep what was done: it must be done again, or room must be made. */
export function useFault(): { readonly shown: ReactNode; guard(work: () => Promise<unknown>): Promise<boolean> } {
  const t = useTexts();
  const [isFull, setIsFull] = useState(false);
  const shown = isFull && (
    <p role="alert" className="rounded-xl border-2 border-bad bg-bad-pale px-3 py-2 font-semibold text-bad">
      {t.queue.noSpace}
    </p>
  );
  return {
    shown,
    guard: async (work) => {
      try {
        await work();
        setIsFull(false);
        return true;
      } catch (error) {
        setIsFull(true);
        reportError(error);
        return false;
      }
    },
  };
}
