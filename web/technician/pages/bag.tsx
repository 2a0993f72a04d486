import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import { Pill } from '../../app/parts/pill.tsx';
import { timeOf } from '../../app/texts/language.ts';
import { useKeptList } from '../api/kept-list.ts';
import { bag } from '../api/lists.ts';
import type { Asset } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts.ts';

/** In a bag, also when it came back from a customer. */
const inBag = new Set(['in_transit', 'returned', 'damaged']);

function Unit({ unit }: { readonly unit: Asset }) {
  const t = useTexts();
  const look = unit.state === 'damaged' ? 'bad' : unit.state === 'in_transit' ? 'good' : 'wait';
  return (
    <li className="rounded-xl border border-line bg-white px-3 py-3">
      <div className="flex items-start justify-between gap-2">
        <span className="min-w-0 font-bold break-words">{unit.part}</span>
        <Pill look={look} text={t.assetStates[unit.state] ?? unit.state} />
      </div>
      {unit.serial !== null && <p className="font-mono text-xl font-semibold break-all">{unit.serial}</p>}
      {unit.mac !== null && <p className="font-mono text-base break-all text-quiet">{unit.mac}</p>}
    </li>
  );
}

export function BagPage() {
  const t = useTexts();
  const { rows, at, isStale, isLoading, refresh } = useKeptList(bag);
  const units = (rows ?? []).filter(({ state }) => inBag.has(state));
  return (
    <Page title={t.bag.title}>
      {rows === null && <Empty text={isLoading ? t.loading : t.notLoaded} />}
      {rows !== null && units.length === 0 && <Empty text={t.bag.empty} hint={t.bag.emptyHint} />}
      {units.length > 0 && <p className="text-base font-bold text-quiet">{t.bag.count(units.length)}</p>}
      <ul className="space-y-2">
        {units.map((unit) => (
          <Unit key={unit.id} unit={unit} />
        ))}
      </ul>
      {isStale && at !== null && <p className="text-center text-base text-quiet">{t.asOf(timeOf(at))}</p>}
      <Button onPress={refresh}>{t.reload}</Button>
    </Page>
  );
}
