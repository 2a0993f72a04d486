import { useCallback, useEffect, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import { addressOf } from '../../app/route.ts';
import { useKeptList } from '../api/kept-list.ts';
import { technicians } from '../api/lists.ts';
import { useFault } from '../parts/fault.tsx';
import { Page } from '../parts/page.tsx';
import { QueueItem } from '../parts/queue-item.tsx';
import { deed } from '../queue/deeds.ts';
import type { Item } from '../queue/item.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { feedback } from '../scan/feedback.ts';
import { ScanView } from '../scan/scan-view.tsx';
import { listenToWedge } from '../scan/wedge.ts';
import { useTexts } from '../texts/texts.ts';

function Whom() {
  const t = useTexts();
  const { rows, isLoading, refresh } = useKeptList(technicians);
  return (
    <Page title={t.handOver.whom} back={addressOf('scan')}>
      {rows === null && <Empty text={isLoading ? t.loading : t.notLoaded} />}
      {rows?.length === 0 && <Empty text={t.handOver.nobody} hint={t.handOver.nobodyHint} />}
      {rows?.map(({ technician_id, name }) => (
        <a
          key={technician_id}
          href={addressOf('hand-over', technician_id)}
          className="flex min-h-16 items-center rounded-xl border-2 border-deep bg-white px-4 py-2 text-xl font-bold break-words text-deep"
        >
          <span className="min-w-0 break-words">{name}</span>
        </a>
      ))}
      <Button onPress={refresh}>{t.reload}</Button>
    </Page>
  );
}

/** A scanner that plugs in goes on by itself; it makes no sound of its own here. */
function useNextByWedge(isWaiting: boolean, onCode: (code: string) => void): void {
  useEffect(() => {
    if (!isWaiting) return;
    return listenToWedge((code) => {
      feedback('good');
      onCode(code.trim());
    });
  }, [isWaiting, onCode]);
}

/** What was scanned for this technician since the page was opened, the newest first. */
function useHanded(technicianId: string): readonly Item[] {
  const [began] = useState(() => Date.now());
  const isOne = ({ deed: done, madeAt }: Item): boolean =>
    done.is === 'scan' && done.scan.kind === 'hand_over' && done.scan.technician_id === technicianId && madeAt >= began;
  return useMyQueue().filter(isOne).toReversed();
}

/** One unit after the other; each is on the phone's disk at once, and says what became of it. */
function HandingTo({ technicianId }: { readonly technicianId: string }) {
  const t = useTexts();
  const { rows } = useKeptList(technicians);
  const name = rows?.find((one) => one.technician_id === technicianId)?.name ?? '';
  const [isScanning, setScanning] = useState(true);
  const [isTyping, setTyping] = useState(false);
  const { shown, guard } = useFault();
  const handed = useHanded(technicianId);
  const scanned = useCallback(
    (code: string): void => {
      const scan = {
        kind: 'hand_over' as const,
        code,
        technician_id: technicianId,
        scanned_at: new Date().toISOString(),
      };
      setScanning(false);
      void guard(() => deed({ is: 'scan', scan }, { lane: `unit ${code}`, label: `${code} · ${name}` }));
    },
    [technicianId, name, guard],
  );
  useNextByWedge(!isScanning, scanned);
  return (
    <Page title={t.handOver.to(name)} back={addressOf('hand-over')}>
      {isScanning && <ScanView onCode={scanned} isTyping={isTyping} setTyping={setTyping} />}
      {shown}
      {!isScanning && (
        <Button look="main" isBig onPress={() => setScanning(true)}>
          {t.scan.next}
        </Button>
      )}
      {handed.length > 0 && <p className="text-base font-bold text-quiet">{t.handOver.count(handed.length)}</p>}
      {handed.map((item) => (
        <QueueItem key={item.no} item={item} />
      ))}
    </Page>
  );
}

/** The warehouse gives units to a technician (spec A2); the technician's own scan of them is the other side's word. */
export const HandOverPage = ({ technicianId }: { readonly technicianId: string }) =>
  technicianId === '' ? <Whom /> : <HandingTo technicianId={technicianId} />;
