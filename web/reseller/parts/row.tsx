import type { ReactNode } from 'react';

const look = 'block min-h-13 rounded-xl border border-line bg-white px-3 py-3';

/** One of a list; with an address it leads there. */
export function Row({ href, children }: { readonly href?: string; readonly children: ReactNode }) {
  if (href === undefined) return <li className={look}>{children}</li>;
  return (
    <li>
      <a href={href} className={look}>
        {children}
      </a>
    </li>
  );
}

export const Rows = ({ children }: { readonly children: ReactNode }) => <ul className="space-y-2">{children}</ul>;

/** Two things beside each other, the second at the right edge: a name and its amount. */
export function Sides({ left, right }: { readonly left: ReactNode; readonly right: ReactNode }) {
  return (
    <span className="flex items-baseline justify-between gap-3">
      <span className="min-w-0 break-words">{left}</span>
      <span className="shrink-0 font-semibold">{right}</span>
    </span>
  );
}
