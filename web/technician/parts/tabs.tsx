import { TabBar } from '../../app/parts/tab-bar.tsx';
import { countOf } from '../queue/item.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

const drawings = {
  orders: 'M5 4h14v16H5z M8.5 9h7 M8.5 13h7 M8.5 17h4',
  scan: 'M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M4 12h16',
  bag: 'M5 8h14l1 12H4z M9 8V6a3 3 0 0 1 6 0v2',
  queue: 'M12 20V5 M6 11l6-6 6 6 M5 20h14',
  me: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21c1-5 4-6 8-6s7 1 8 6',
} as const;

export type Tab = keyof typeof drawings;
const all = Object.keys(drawings) as Tab[];

/** The technician's places, and how much waits in the queue. */
export function Tabs({ at }: { readonly at: Tab }) {
  const t = useTexts();
  const { waiting, refused } = countOf(useMyQueue());
  const tabs = all.map((page) => ({
    page,
    name: t.tabs[page],
    drawing: drawings[page],
    count: page === 'queue' ? waiting + refused : 0,
  }));
  return <TabBar tabs={tabs} at={at} />;
}
