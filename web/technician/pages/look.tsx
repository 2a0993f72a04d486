import { useCallback, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card, Empty, Fact } from '../../app/parts/card.tsx';
import { addressOf } from '../../app/route.ts';
import { Page } from '../parts/page.tsx';
import { ScanView } from '../scan/scan-view.tsx';
import { useUnit } from '../scan/use-unit.ts';
import { useTexts } from '../texts/texts.ts';

function Found({ code }: { readonly code: string }) {
  const t = useTexts();
  const { asset, from } = useUnit(code);
  if (!asset) {
    const text = { looking: t.loading, offline: t.scan.needOnline, asked: t.scan.notFound, bag: t.scan.notFound }[from];
    return <Empty text={text} hint={code} />;
  }
  return (
    <Card>
      <Fact name={t.scan.part} value={asset.part} />
      <Fact name={t.scan.serial} value={asset.serial} />
      <Fact name={t.scan.mac} value={asset.mac} />
      <Fact name={t.scan.where} value={[t.assetStates[asset.state], asset.place].filter(Boolean).join(' · ')} />
    </Card>
  );
}

/** Which modem this is, and where the hub believes it to be. */
export function LookPage() {
  const t = useTexts();
  const [code, setCode] = useState<string | null>(null);
  const [isTyping, setTyping] = useState(false);
  const scanned = useCallback((text: string) => setCode(text), []);
  return (
    <Page title={t.scan.look} back={addressOf('scan')}>
      {code === null ? (
        <ScanView onCode={scanned} isTyping={isTyping} setTyping={setTyping} />
      ) : (
        <>
          <Found code={code} />
          <Button look="main" isBig onPress={() => setCode(null)}>
            {t.scan.next}
          </Button>
        </>
      )}
    </Page>
  );
}
