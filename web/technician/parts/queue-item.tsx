import { useState } from 'react';
import { useStored } from '../../app/kept/stored.ts';
import { Button } from '../../app/parts/button.tsx';
import { Pill, type PillLook } from '../../app/parts/pill.tsx';
import { timeOf } from '../../app/texts/language.ts';
import { accept, canUndo, drop, retry, undo } from '../queue/deeds.ts';
import { type Item, isBehind } from '../queue/item.ts';
import { queue } from '../queue/queue.ts';
import type { Texts } from '../texts/id.ts';
import { useTexts } from '../texts/texts.ts';
import { Steps } from './steps.tsx';

const looks: Readonly<Record<Item['state'], PillLook>> = {
  waiting: 'wait',
  following: 'wait',
  refused: 'bad',
  held: 'bad',
  done: 'good',
};

function kindOf({ deed }: Item, t: Texts): string {
  if (deed.is === 'scan') return t.queue.kinds[deed.scan.kind];
  if (deed.is === 'attendance') return t.queue.kinds[deed.body.kind];
  if (deed.is === 'photo') return t.queue.kinds.photo;
  return deed.body.state === undefined ? t.queue.kinds.note : t.queue.kinds.move;
}

/** Asks before it does what cannot be undone. */
function Sure({ text, yes, onYes }: { readonly text: string; readonly yes: string; readonly onYes: () => void }) {
  const t = useTexts();
  const [isAsked, setIsAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button look="quiet" onPress={() => setIsAsked(true)}>
        {yes}
      </Button>
    );
  }
  return (
    <div className="space-y-2 rounded-xl border-2 border-bad p-2">
      <p className="font-semibold">{text}</p>
      <Button look="bad" onPress={onYes}>
        {yes}
      </Button>
      <Button onPress={() => setIsAsked(false)}>{t.cancel}</Button>
    </div>
  );
}

function Choices({ item }: { readonly item: Item }) {
  const t = useTexts();
  if (item.state === 'refused') {
    return (
      <div className="mt-2 space-y-2">
        {item.offers.map((offer) => (
          <Button key={offer.label} look="main" onPress={() => void accept(item, offer)}>
            {offer.is === 'replace' ? t.queue.replaceOld(offer.label) : t.queue.thisUnit(offer.label)}
          </Button>
        ))}
        <div className="grid grid-cols-2 gap-2">
          <Button onPress={() => void retry(item)}>{t.queue.retry}</Button>
          <Sure text={t.queue.dropSure} yes={t.queue.drop} onYes={() => void drop(item)} />
        </div>
      </div>
    );
  }
  if (!canUndo(item)) return null;
  return (
    <div className="mt-2">
      <Sure text={t.queue.undoSure} yes={t.queue.undo} onYes={() => void undo(item)} />
    </div>
  );
}

/** Something that was done on this phone: where it stands, what the hub said, and what can be done about it. */
export function QueueItem({ item }: { readonly item: Item }) {
  const t = useTexts();
  const items = useStored(queue);
  const told = item.told ?? (item.state === 'waiting' && item.tries > 0 ? t.queue.away : null);
  return (
    <section className="rounded-xl border border-line bg-white px-3 py-3">
      <div className="flex items-start justify-between gap-2">
        <h3 className="min-w-0 font-bold break-words">{kindOf(item, t)}</h3>
        <Pill look={looks[item.state]} text={t.queue.states[item.state]} />
      </div>
      <p className="break-words">{item.label}</p>
      <p className="text-base text-quiet">
        {timeOf(item.madeAt)}
        {item.state === 'waiting' && isBehind(item, items) && ` · ${t.queue.behind}`}
      </p>
      {told !== null && (
        <p className={`mt-1 font-semibold break-words ${item.state === 'waiting' ? 'text-wait' : 'text-bad'}`}>
          {told}
        </p>
      )}
      <Steps steps={item.steps} />
      <Choices item={item} />
    </section>
  );
}
