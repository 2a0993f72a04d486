import { useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card } from '../../app/parts/card.tsx';
import { whereAmI } from '../../app/place.ts';
import { timeOf } from '../../app/texts/language.ts';
import type { CheckIn } from '../api/shapes.ts';
import { deed } from '../queue/deeds.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';
import { useFault } from './fault.tsx';

/** Satellites take a while in a house; a check-in without a place would prove nothing. */
const patienceMs = 20_000;

/** Check-in and -out with the place where the phone is (spec A7); kept and sent like a scan. */
export function Attendance() {
  const t = useTexts();
  const items = useMyQueue();
  const [isBusy, setIsBusy] = useState(false);
  const [isLost, setIsLost] = useState(false);
  const { shown, guard } = useFault();
  const last = items.findLast(({ deed: of }) => of.is === 'attendance');

  async function check(kind: CheckIn['kind']): Promise<void> {
    setIsBusy(true);
    const found = await whereAmI(patienceMs);
    setIsLost(found === null);
    if (found) {
      const { latitude, longitude, accuracyM: accuracy_m } = found;
      const body = { kind, at: new Date().toISOString(), latitude, longitude, accuracy_m };
      await guard(() => deed({ is: 'attendance', body }, { lane: 'attendance', label: `± ${accuracy_m} m` }));
    }
    setIsBusy(false);
  }

  return (
    <Card title={t.me.attendance}>
      {last?.deed.is === 'attendance' && (
        <p className="mb-2 font-semibold">
          {t.me.last(t.queue.kinds[last.deed.body.kind], timeOf(last.madeAt))} · {t.queue.states[last.state]}
        </p>
      )}
      {isLost && <p className="mb-2 font-semibold text-bad">{t.me.noPlace}</p>}
      {shown}
      {isBusy ? (
        <p className="flex min-h-13 items-center font-semibold">{t.me.locating}</p>
      ) : (
        <div className="grid grid-cols-2 gap-2">
          <Button look="main" onPress={() => void check('in')}>
            {t.me.checkIn}
          </Button>
          <Button onPress={() => void check('out')}>{t.me.checkOut}</Button>
        </div>
      )}
    </Card>
  );
}
