import { useEffect, useState } from 'react';
import type { Settings } from '#http/client/rooms/settings.ts';
import { ask } from '../../app/api/ask.ts';
import type { ListOf } from '../../app/api/request.ts';
import { Card } from '../../app/parts/card.tsx';
import { moneyOf } from '../../app/texts/language.ts';
import type { Kpi } from '../api/shapes.ts';
import { useTexts } from '../texts/texts.ts';

const day = (date: Date): string =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <div className="text-xl font-bold">{value}</div>
      <div className="text-base text-quiet">{name}</div>
    </div>
  );
}

const duration = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(Math.round(minutes) % 60).padStart(2, '0')}`;

/** My figures of this month (spec A7); nothing where the hub cannot be asked. */
export function KpiCard() {
  const t = useTexts();
  const [kpi, setKpi] = useState<Kpi | null>(null);
  const [currency, setCurrency] = useState<string | null>(null);
  useEffect(() => {
    const now = new Date();
    const from = day(new Date(now.getFullYear(), now.getMonth(), 1));
    void ask<ListOf<Kpi>>('GET', `kpi/technicians?from=${from}&to=${day(now)}`).then((answer) => {
      if (answer.is === 'done') setKpi(answer.body.data[0] ?? null);
    });
    void ask<Pick<Settings, 'currency'>>('GET', 'settings').then((answer) => {
      if (answer.is === 'done') setCurrency(answer.body.currency ?? null);
    });
  }, []);
  if (!kpi) return null;
  return (
    <Card title={t.me.kpi}>
      <div className="grid grid-cols-2 gap-3">
        <Figure name={t.me.installs} value={String(kpi.installs)} />
        <Figure name={t.me.repairs} value={String(kpi.repairs)} />
        {kpi.resolve_minutes_median !== null && (
          <Figure name={t.me.median} value={duration(kpi.resolve_minutes_median)} />
        )}
        {currency !== null && <Figure name={t.me.incentive} value={moneyOf(kpi.incentive, currency)} />}
      </div>
    </Card>
  );
}
