import type { ReactNode } from 'react';
import { useWords } from '../texts/words.ts';

export type PageProps = {
  readonly title: string;
  /** Where the arrow leads; left out: there is none. */
  readonly back?: string;
  readonly children: ReactNode;
  /** What stands fixed at the lower edge, in the thumb's reach. */
  readonly foot?: ReactNode;
};

type Frame = PageProps & {
  /** Stands before the title: whose page it is. */
  readonly mark?: ReactNode;
  /** What stays in plain sight under the title. */
  readonly bar?: ReactNode;
};

/** The frame of every page: its title, what stays in sight, and what is to be done at the lower edge. */
export function PageFrame({ title, back, children, foot, mark, bar }: Frame) {
  const t = useWords();
  return (
    <div className="mx-auto flex w-full max-w-xl flex-1 flex-col">
      <header className="sticky top-0 z-10 bg-deep text-white print:hidden">
        <div className="flex min-h-14 items-center gap-1 px-3">
          {back !== undefined && (
            <a
              href={back}
              aria-label={t.back}
              className="-ml-3 flex min-h-14 w-13 items-center justify-center text-3xl leading-none"
            >
              ‹
            </a>
          )}
          {mark}
          <h1 className="truncate text-xl font-bold">{title}</h1>
        </div>
        {bar}
      </header>
      <main className="flex-1 space-y-3 px-3 py-3">{children}</main>
      {foot !== undefined && (
        <div className="sticky bottom-0 space-y-2 border-t border-line bg-white px-3 pt-2 pb-3 print:hidden">
          {foot}
        </div>
      )}
    </div>
  );
}
