import type { Dot } from '../api/shapes.ts';
import { useTexts } from '../texts/texts.ts';

/** A disc, a cross and a ring: who does not see the colours sees the shape, and who sees neither is told the word. */
const shapes: Readonly<Record<Dot, { readonly look: string; readonly path: string }>> = {
  green: { look: 'text-good fill-current', path: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z' },
  red: { look: 'text-bad fill-none', path: 'M5 5l14 14 M19 5L5 19' },
  grey: { look: 'text-quiet fill-none', path: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z' },
};

export function DotMark({ dot }: { readonly dot: Dot }) {
  const { look, path } = shapes[dot];
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`${look} size-5 shrink-0 stroke-current stroke-4`}>
      <path d={path} />
    </svg>
  );
}

export function DotWord({ dot }: { readonly dot: Dot }) {
  const t = useTexts();
  return (
    <span className="inline-flex items-center gap-1.5 font-semibold">
      <DotMark dot={dot} />
      {t.dots[dot]}
    </span>
  );
}
