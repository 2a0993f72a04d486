import { useEffect, useRef, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card } from '../../app/parts/card.tsx';
import { placeIfAny } from '../../app/place.ts';
import type { WorkOrder } from '../api/shapes.ts';
import { deed } from '../queue/deeds.ts';
import { useTexts } from '../texts/texts.ts';
import { useFault } from './fault.tsx';

const longest = 500;

/** An order that cannot be done goes back to the office, with the reason. */
export function Fail({ order }: { readonly order: WorkOrder }) {
  const t = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { shown, guard } = useFault();

  async function tell(): Promise<void> {
    const place = await placeIfAny();
    const label = `${t.states.failed} · ${order.customer.name}`;
    const body = { state: 'failed' as const, reason: reason.trim(), ...place };
    if (await guard(() => deed({ is: 'move', orderId: order.id, body }, { lane: order.id, label }))) setIsOpen(false);
  }

  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It opens at the lower end of the page, behind the big button.
    if (isOpen) void form.current?.scrollIntoView();
  }, [isOpen]);

  if (!isOpen) {
    return (
      <Button look="quiet" onPress={() => setIsOpen(true)}>
        {t.order.fail}
      </Button>
    );
  }
  return (
    <div ref={form} className="scroll-mt-28">
      <Card title={t.order.failTitle}>
        <div className="space-y-2">
          {t.order.failReasons.map((one) => (
            <Button key={one} look={one === reason ? 'main' : 'plain'} onPress={() => setReason(one)}>
              {one}
            </Button>
          ))}
          <input
            type="text"
            maxLength={longest}
            aria-label={t.order.failOther}
            placeholder={t.order.failOther}
            value={t.order.failReasons.includes(reason) ? '' : reason}
            onChange={(event) => setReason(event.target.value)}
            className="block min-h-13 w-full rounded-xl border-2 border-quiet px-3"
          />
          {shown}
          <Button look="bad" isOff={reason.trim() === ''} onPress={() => void tell()}>
            {t.order.failSend}
          </Button>
          <Button onPress={() => setIsOpen(false)}>{t.cancel}</Button>
        </div>
      </Card>
    </div>
  );
}
