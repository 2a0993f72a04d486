import { TabBar } from '../../app/parts/tab-bar.tsx';
import { useTexts } from '../texts/texts.ts';

const drawings = {
  today: 'M4 11l8-7 8 7 M6 10v10h12V10 M10 20v-6h4v6',
  customers:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2 20c1-4 4-5 7-5s6 1 7 5 M16 4.5a3.5 3.5 0 0 1 0 6.5 M18 15c2 .5 3.5 2 4 5',
  vouchers: 'M3 7h18v4a1.5 1.5 0 0 0 0 3v4H3v-4a1.5 1.5 0 0 0 0-3z M14 7v11',
  deposit: 'M4 7h16v12H4z M4 7l11-3v3 M15 13h2',
  more: 'M5 7h14 M5 12h14 M5 17h14',
} as const;

export type Tab = keyof typeof drawings;
const all = Object.keys(drawings) as Tab[];

export function Tabs({ at }: { readonly at: Tab }) {
  const t = useTexts();
  return <TabBar tabs={all.map((page) => ({ page, name: t.tabs[page], drawing: drawings[page] }))} at={at} />;
}
