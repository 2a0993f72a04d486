import { countOf } from '../queue/item.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { addressOf } from '../route.ts';
import { useTexts } from '../texts/texts.ts';

const tabs = ['orders', 'scan', 'bag', 'queue', 'me'] as const;
export type Tab = (typeof tabs)[number];

/** One line each, drawn in 24 × 24. */
const drawings: Readonly<Record<Tab, string>> = {
  orders: 'M5 4h14v16H5z M8.5 9h7 M8.5 13h7 M8.5 17h4',
  scan: 'M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M4 12h16',
  bag: 'M5 8h14l1 12H4z M9 8V6a3 3 0 0 1 6 0v2',
  queue: 'M12 20V5 M6 11l6-6 6 6 M5 20h14',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21c1-5 4-6 8-6s7 1 8 6',
};

/** The five places, at the lower edge. */
export function TabBar({ at }: { readonly at: Tab }) {
  const t = useTexts();
  const { waiting, refused } = countOf(useMyQueue());
  const open = waiting + refused;
  return (
    <nav className="sticky bottom-0 z-10 mx-auto grid w-full max-w-xl grid-cols-5 border-t-2 border-line bg-white">
      {tabs.map((tab) => (
        <a
          key={tab}
          href={addressOf(tab)}
          aria-current={tab === at ? 'page' : undefined}
          className={`relative flex min-h-16 flex-col items-center justify-center text-base ${tab === at ? 'border-t-4 border-deep font-bold text-deep' : 'border-t-4 border-white text-quiet'}`}
        >
          <svg viewBox="0 0 24 24" className="size-6 fill-none stroke-current stroke-2" aria-hidden="true">
            <path d={drawings[tab]} />
          </svg>
          {t.tabs[tab]}
          {tab === 'queue' && open > 0 && (
            <span className="absolute top-1 right-1 min-w-6 rounded-full bg-bad px-1 text-center text-base font-bold text-white">
              {open}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
