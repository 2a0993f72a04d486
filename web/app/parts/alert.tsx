import type { ReactNode } from 'react';

/** What went wrong, said at once to whoever listens to the screen. */
export function Alert({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="rounded-xl border-2 border-bad bg-bad-pale px-3 py-2 font-semibold break-words text-bad">
      {children}
    </p>
  );
}
