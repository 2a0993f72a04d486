import { session } from '../../app/api/session.ts';
import { useStored } from '../../app/kept/stored.ts';
import { useOnline } from '../../app/online.ts';
import { addressOf } from '../../app/route.ts';
import { countOf } from '../queue/item.ts';
import { reach } from '../queue/sender.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

/** The queue's state on every page: what has not left the phone, what was refused, whether there is signal. */
export function QueueBar() {
  const t = useTexts();
  const mine = useMyQueue();
  const user = useStored(session)?.user;
  const { isAway, needsLogin } = useStored(reach);
  const isOnline = useOnline();
  if (!user) return null;
  const { waiting, following, refused } = countOf(mine);
  const told = [
    ...(!isOnline || (isAway && waiting > 0) ? [t.queue.offline] : []),
    ...(refused > 0 ? [t.queue.refused(refused)] : []),
    ...(waiting > 0 ? [t.queue.waiting(waiting)] : []),
    ...(following > 0 ? [t.queue.following(following)] : []),
  ];
  const look =
    refused > 0 ? 'bg-bad-pale text-bad' : told.length > 0 ? 'bg-wait-pale text-wait' : 'bg-good-pale text-good';
  return (
    <div role="status">
      <a
        href={needsLogin ? addressOf('login') : addressOf('queue')}
        className={`${look} flex min-h-12 items-center border-b border-line px-3 py-1 text-base leading-tight font-bold`}
      >
        {needsLogin ? t.loginExpired : told.length > 0 ? told.join(' · ') : `✓ ${t.queue.sent}`}
      </a>
    </div>
  );
}
