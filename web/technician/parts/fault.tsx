import { type ReactNode, useCallback, useState } from 'react';
import { Alert } from '../../app/parts/alert.tsx';
import { useTexts } from '../texts/texts.ts';

/** Says when the phone could not keep what was done: it must be done again, or room must be made. */
export function useFault(): { readonly shown: ReactNode; guard(work: () => Promise<unknown>): Promise<boolean> } {
  const t = useTexts();
  const [isFull, setIsFull] = useState(false);
  const shown = isFull && <Alert>{t.queue.noSpace}</Alert>;
  const guard = useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      setIsFull(false);
      return true;
    } catch (error) {
      setIsFull(true);
      reportError(error);
      return false;
    }
  }, []);
  return { shown, guard };
}
