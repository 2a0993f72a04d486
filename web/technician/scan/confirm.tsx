import { useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card, Fact } from '../../app/parts/card.tsx';
import { placeIfAny } from '../../app/place.ts';
import type { ScanBody, WorkOrder } from '../api/shapes.ts';
import { useFault } from '../parts/fault.tsx';
import { deed } from '../queue/deeds.ts';
import { useTexts } from '../texts/texts.ts';
import { useUnit } from './use-unit.ts';

const conditions = ['ok', 'damaged', 'lost'] as const;
type Condition = (typeof conditions)[number];

type Props = {
  readonly kind: Exclude<ScanBody['kind'], 'hand_over'>;
  readonly code: string;
  readonly scannedAt: string;
  readonly order: WorkOrder | null;
  readonly replaces: string | null;
  readonly onKept: () => void;
  readonly onAgain: () => void;
};

function Conditions({ chosen, onChoose }: { readonly chosen: Condition; readonly onChoose: (one: Condition) => void }) {
  const t = useTexts();
  return (
    <Card title={t.scan.condition}>
      <div className="grid grid-cols-3 gap-2">
        {conditions.map((one) => (
          <Button key={one} look={one === chosen ? 'main' : 'plain'} onPress={() => onChoose(one)}>
            {t.scan.conditions[one]}
          </Button>
        ))}
      </div>
    </Card>
  );
}

/** What is about to be done, in full, before it is: whose, which modem, which MAC (spec A4). */
export function Confirm({ kind, code, scannedAt, order, replaces, onKept, onAgain }: Props) {
  const t = useTexts();
  const { asset, from } = useUnit(code);
  const [condition, setCondition] = useState<Condition>('ok');
  const [isBusy, setIsBusy] = useState(false);
  const { shown, guard } = useFault();
  const isStrange = kind === 'install' && from !== 'bag' && from !== 'looking';

  async function confirm(): Promise<void> {
    setIsBusy(true);
    const place = await placeIfAny();
    const scan: ScanBody = {
      kind,
      code,
      scanned_at: scannedAt,
      ...(order && { work_order_id: order.id }),
      ...(order?.subscription && kind === 'install' && { subscription_id: order.subscription.id }),
      ...(replaces !== null && { replaces }),
      ...(kind === 'return' && { condition }),
      ...place,
    };
    const what = asset?.serial ?? asset?.mac ?? code;
    const label = order ? `${what} · ${order.customer.name}` : what;
    if (await guard(() => deed({ is: 'scan', scan }, { lane: order?.id ?? `unit ${code}`, label }))) onKept();
    else setIsBusy(false);
  }

  return (
    <>
      <h2 className="text-2xl font-bold">{t.scan.confirm[kind]}</h2>
      {isStrange && (
        <p role="alert" className="rounded-xl border-2 border-wait bg-wait-pale px-3 py-2 font-semibold text-wait">
          {asset ? t.scan.notMine : t.scan.unknown}
        </p>
      )}
      <Card>
        <Fact name={t.scan.customer} value={order?.customer.name} />
        <Fact name={t.scan.serial} value={asset?.serial} />
        <Fact name={t.scan.mac} value={asset?.mac} />
        <Fact name={t.scan.part} value={asset?.part} />
        <Fact
          name={t.scan.where}
          value={asset && from === 'asked' ? asset.place || t.assetStates[asset.state] : null}
        />
        <Fact name={t.scan.replaces} value={replaces} />
        <Fact name={t.scan.code} value={asset?.serial === code ? null : code} />
      </Card>
      {kind === 'return' && <Conditions chosen={condition} onChoose={setCondition} />}
      {shown}
      <Button look="main" isBig isOff={isBusy} onPress={() => void confirm()}>
        {isBusy ? t.loading : t.scan.confirmYes[kind]}
      </Button>
      <Button onPress={onAgain}>{t.scan.scanAgain}</Button>
    </>
  );
}
