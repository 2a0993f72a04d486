import { useCallback, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import type { ScanBody, WorkOrder } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { QueueItem } from '../parts/queue-item.tsx';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';
import { Confirm } from './confirm.tsx';
import { ScanView } from './scan-view.tsx';

type Props = {
  readonly kind: Exclude<ScanBody['kind'], 'hand_over'>;
  readonly order: WorkOrder | null;
  /** The line's old modem is scanned first. */
  readonly isReplacing?: boolean;
  readonly back: string;
  /** After the deed: to the order. Left out: the next unit is scanned. */
  readonly onDone?: () => void;
};

/** `old` → `scan` → `confirm` → `kept`; each scan is its own, so that the second is as good as the first. */
type Stage =
  | { readonly is: 'old' }
  | { readonly is: 'scan' }
  | { readonly is: 'confirm'; readonly code: string; readonly at: string }
  | { readonly is: 'kept' };

function JustKept({ onNext }: { readonly onNext: () => void }) {
  const t = useTexts();
  const newest = useMyQueue().findLast(({ deed }) => deed.is === 'scan');
  return (
    <>
      <p className="rounded-xl border-2 border-good bg-good-pale px-3 py-3 text-xl font-bold text-good">
        ✓ {t.scan.saved}
      </p>
      <Button look="main" isBig onPress={onNext}>
        {t.scan.next}
      </Button>
      {newest && <QueueItem item={newest} />}
    </>
  );
}

export function ScanFlow({ kind, order, isReplacing = false, back, onDone }: Props) {
  const t = useTexts();
  const first: Stage = { is: isReplacing ? 'old' : 'scan' };
  const [stage, setStage] = useState<Stage>(first);
  const [old, setOld] = useState<string | null>(null);
  const [isTyping, setTyping] = useState(false);
  const scanned = useCallback(
    (code: string): void => setStage({ is: 'confirm', code, at: new Date().toISOString() }),
    [],
  );
  const scannedOld = useCallback((code: string | null): void => {
    setOld(code);
    setTyping(false);
    setStage({ is: 'scan' });
  }, []);
  const kept = (): void => (onDone ? onDone() : setStage({ is: 'kept' }));
  return (
    <Page title={stage.is === 'old' ? t.scan.title.old : t.scan.title[kind]} back={back}>
      {stage.is === 'old' && (
        <>
          <ScanView key="old" onCode={scannedOld} isTyping={isTyping} setTyping={setTyping} />
          <Button onPress={() => scannedOld(null)}>{t.scan.skipOld}</Button>
        </>
      )}
      {stage.is === 'scan' && <ScanView key="new" onCode={scanned} isTyping={isTyping} setTyping={setTyping} />}
      {stage.is === 'confirm' && (
        <Confirm
          kind={kind}
          code={stage.code}
          scannedAt={stage.at}
          order={order}
          replaces={old}
          onKept={kept}
          onAgain={() => setStage({ is: 'scan' })}
        />
      )}
      {stage.is === 'kept' && <JustKept onNext={() => setStage({ is: 'scan' })} />}
    </Page>
  );
}
