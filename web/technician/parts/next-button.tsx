import { useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { placeIfAny } from '../../app/place.ts';
import { addressOf, goTo } from '../../app/route.ts';
import type { WorkOrder } from '../api/shapes.ts';
import { deed } from '../queue/deeds.ts';
import { type NextStep, nextStep } from '../queue/orders-ahead.ts';
import type { Texts } from '../texts/id.ts';
import { useTexts } from '../texts/texts.ts';
import { useFault } from './fault.tsx';

type MovedTo = Extract<NextStep, { is: 'move' }>['to'];

function textOf(step: NextStep, t: Texts): string {
  if (step.is === 'move') return t.next[step.to];
  if (step.is === 'nothing') return t.next[step.why];
  return { install: t.next.scan, replace: t.next.scanReplace, remove: t.next.scanRemove }[step.kind];
}

/** The one thing to do next; with where the phone is, if it knows in time. */
export function NextButton({ order, state }: { readonly order: WorkOrder; readonly state: string }) {
  const t = useTexts();
  const [isBusy, setIsBusy] = useState(false);
  const { shown, guard } = useFault();
  const step = nextStep(order.kind, state);

  async function move(to: MovedTo): Promise<void> {
    setIsBusy(true);
    const place = await placeIfAny();
    await guard(() =>
      deed(
        { is: 'move', orderId: order.id, body: { state: to, ...place } },
        { lane: order.id, label: `${t.states[to] ?? to} · ${order.customer.name}` },
      ),
    );
    setIsBusy(false);
  }

  function press(): void {
    if (step.is === 'move') void move(step.to);
    else if (step.is === 'scan') goTo('order-scan', order.id);
    else goTo('orders');
  }

  if (step.is === 'nothing') {
    return (
      <a href={addressOf('orders')} className="flex min-h-16 items-center justify-center text-xl font-bold text-good">
        ✓ {textOf(step, t)}
      </a>
    );
  }
  return (
    <>
      {shown}
      <Button look="main" isBig isOff={isBusy} onPress={press}>
        {isBusy ? t.me.locating : textOf(step, t)}
      </Button>
    </>
  );
}
