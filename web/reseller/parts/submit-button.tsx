import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts.ts';

export function SubmitButton({ isBusy, children }: { readonly isBusy: boolean; readonly children: ReactNode }) {
  const t = useTexts();
  return (
    <button
      type="submit"
      disabled={isBusy}
      className="min-h-16 w-full rounded-xl bg-deep px-3 text-xl font-bold text-white disabled:opacity-50"
    >
      {isBusy ? t.sending : children}
    </button>
  );
}
