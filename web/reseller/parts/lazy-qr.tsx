import { lazy, Suspense } from 'react';
import { useTexts } from '../texts/texts.ts';

const Qr = lazy(() => import('./qr.tsx').then(({ Qr: one }) => ({ default: one })));

/** The squares' arithmetic is loaded when a code is first drawn. */
export function LazyQr({ text }: { readonly text: string }) {
  const t = useTexts();
  return (
    <Suspense fallback={<p>{t.loading}</p>}>
      <Qr text={text} />
    </Suspense>
  );
}
