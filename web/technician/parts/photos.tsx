import { type ChangeEvent, useState } from 'react';
import { Card } from '../../app/parts/card.tsx';
import { placeIfAny } from '../../app/place.ts';
import type { WorkOrder } from '../api/shapes.ts';
import { shrink } from '../photos/shrink.ts';
import { deed } from '../queue/deeds.ts';
import type { Item } from '../queue/item.ts';
import { useTexts } from '../texts/texts.ts';
import { useFault } from './fault.tsx';

type Props = { readonly order: WorkOrder; readonly items: readonly Item[] };

/** Photos as proof: made small on the phone, kept there until the hub has them. */
export function Photos({ order, items }: Props) {
  const t = useTexts();
  const [isBusy, setIsBusy] = useState(false);
  const { shown, guard } = useFault();
  const waiting = items.filter(({ deed: of, state }) => of.is === 'photo' && state !== 'done').length;
  const there = order.photo_count + waiting;

  async function add(files: readonly File[]): Promise<void> {
    setIsBusy(true);
    const takenAt = new Date().toISOString();
    const place = await placeIfAny();
    const query = new URLSearchParams({ taken_at: takenAt });
    for (const [name, value] of Object.entries(place)) query.set(name, String(value));
    for (const file of files) {
      await guard(async () => {
        const photo = await shrink(file);
        await deed(
          { is: 'photo', orderId: order.id, photo, query: `?${query}` },
          { lane: order.id, label: order.customer.name },
        );
      });
    }
    setIsBusy(false);
  }

  function chosen(event: ChangeEvent<HTMLInputElement>): void {
    const files = [...(event.target.files ?? [])];
    // The same photo may be chosen again.
    event.target.value = '';
    if (files.length > 0) void add(files);
  }

  return (
    <Card title={t.order.photos}>
      {there > 0 && (
        <p className="mb-2 font-semibold">
          {t.order.photosSent(there)}
          {waiting > 0 && ` · ${t.queue.waiting(waiting)}`}
        </p>
      )}
      {shown}
      <label className="flex min-h-13 w-full items-center justify-center rounded-xl border-2 border-ink bg-white font-semibold focus-within:outline-3 focus-within:outline-deep">
        {isBusy ? t.loading : t.order.addPhoto}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          disabled={isBusy}
          onChange={chosen}
          className="sr-only"
        />
      </label>
    </Card>
  );
}
