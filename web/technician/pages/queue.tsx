import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import { Page } from '../parts/page.tsx';
import { QueueItem } from '../parts/queue-item.tsx';
import { dropSent } from '../queue/queue.ts';
import { sendNow } from '../queue/sender.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

export function QueuePage() {
  const t = useTexts();
  const mine = useMyQueue();
  const refused = mine.filter(({ state }) => state === 'refused');
  const open = [...refused, ...mine.filter(({ state }) => state !== 'done' && state !== 'refused')];
  const sent = mine.filter(({ state }) => state === 'done').reverse();
  return (
    <Page title={t.queue.title}>
      {open.some(({ state }) => state === 'waiting') && (
        <Button look="main" isBig onPress={() => void sendNow()}>
          {t.queue.sendNow}
        </Button>
      )}
      {open.length === 0 && <Empty text={`✓ ${t.queue.empty}`} />}
      {[...open, ...sent].map((item) => (
        <QueueItem key={item.no} item={item} />
      ))}
      {sent.length > 0 && <Button onPress={() => void dropSent(0)}>{t.queue.clear}</Button>}
    </Page>
  );
}
