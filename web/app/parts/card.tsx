import type { ReactNode } from 'react';

export function Card({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="rounded-xl border border-line bg-white px-3 py-3">
      {title !== undefined && <h2 className="mb-1 text-base font-bold text-quiet">{title}</h2>}
      {children}
    </section>
  );
}

/** A name and its value, one under the other; a long serial breaks rather than leaves the screen. */
export function Fact({ name, value }: { readonly name: string; readonly value: string | null | undefined }) {
  if (value === null || value === undefined || value === '') return null;
  return (
    <div className="py-1">
      <div className="text-base text-quiet">{name}</div>
      <div className="font-semibold break-words">{value}</div>
    </div>
  );
}

/** Nothing here, in words; with what to do about it. */
export function Empty({ text, hint }: { readonly text: string; readonly hint?: string }) {
  return (
    <div className="px-4 py-12 text-center">
      <p className="text-xl font-bold">{text}</p>
      {hint !== undefined && <p className="mt-1 text-quiet">{hint}</p>}
    </div>
  );
}
