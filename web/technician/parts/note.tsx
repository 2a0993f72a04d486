import { useId, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card } from '../../app/parts/card.tsx';
import type { WorkOrder } from '../api/shapes.ts';
import { deed } from '../queue/deeds.ts';
import { useTexts } from '../texts/texts.ts';
import { useFault } from './fault.tsx';

const longest = 1_000;

export function Note({ order }: { readonly order: WorkOrder }) {
  const t = useTexts();
  const id = useId();
  const [note, setNote] = useState('');
  const { shown, guard } = useFault();
  async function keepIt(): Promise<void> {
    const label = `${t.queue.kinds.note} · ${order.customer.name}`;
    const kept = await guard(() =>
      deed({ is: 'move', orderId: order.id, body: { note: note.trim() } }, { lane: order.id, label }),
    );
    if (kept) setNote('');
  }
  return (
    <Card>
      <label htmlFor={id} className="text-base font-bold text-quiet">
        {t.order.myNote}
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={longest}
        value={note}
        placeholder={t.order.noteHint}
        onChange={(event) => setNote(event.target.value)}
        className="mt-1 mb-2 block w-full rounded-xl border-2 border-quiet px-3 py-2"
      />
      {shown}
      {note.trim() !== '' && <Button onPress={() => void keepIt()}>{t.save}</Button>}
    </Card>
  );
}
