import { addressOf } from '../route.ts';

export type TabShown = {
  readonly page: string;
  readonly name: string;
  /** One line, drawn in 24 × 24. */
  readonly drawing: string;
  /** So many wait there. */
  readonly count?: number;
};

/** Longer ones do not fit into a fifth of 360 pixels at the usual size. */
const longest = 7;

/** The five places of a page, at the lower edge. */
export function TabBar({ tabs, at }: { readonly tabs: readonly TabShown[]; readonly at: string }) {
  const isTight = tabs.some(({ name }) => name.length > longest);
  const here = `border-t-4 border-deep text-deep ${isTight ? '' : 'font-bold'}`;
  return (
    <nav className="sticky bottom-0 z-10 mx-auto grid w-full max-w-xl grid-cols-5 border-t-2 border-line bg-white print:hidden">
      {tabs.map(({ page, name, drawing, count = 0 }) => (
        <a
          key={page}
          href={addressOf(page)}
          aria-current={page === at ? 'page' : undefined}
          className={`relative flex min-h-16 flex-col items-center justify-center ${isTight ? 'text-[0.8125rem] tracking-tight' : 'text-base'} ${page === at ? here : 'border-t-4 border-white text-quiet'}`}
        >
          <svg viewBox="0 0 24 24" className="size-6 fill-none stroke-current stroke-2" aria-hidden="true">
            <path d={drawing} />
          </svg>
          {name}
          {count > 0 && (
            <span className="absolute top-1 right-1 min-w-6 rounded-full bg-bad px-1 text-center text-base font-bold text-white">
              {count}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
