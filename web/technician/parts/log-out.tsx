import { useEffect, useRef, useState } from 'react';
import { logOut } from '../../app/api/session.ts';
import { Button } from '../../app/parts/button.tsx';
import { goTo } from '../../app/route.ts';
import { countOf } from '../queue/item.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

/** Leaves; with a warning while something has not been sent, for it then waits for the next login on this phone. */
export function LogOut() {
  const t = useTexts();
  const [isAsked, setIsAsked] = useState(false);
  const { waiting, refused } = countOf(useMyQueue());
  const open = waiting + refused;
  async function leave(): Promise<void> {
    await logOut();
    goTo('login');
  }
  const warning = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAsked) void warning.current?.scrollIntoView({ block: 'center' });
  }, [isAsked]);

  if (!isAsked) {
    return (
      <Button look="quiet" onPress={() => (open > 0 ? setIsAsked(true) : void leave())}>
        {t.logOut}
      </Button>
    );
  }
  return (
    <div ref={warning} role="alertdialog" className="space-y-2 rounded-xl border-2 border-bad bg-white p-3">
      <p className="font-semibold text-bad">{t.me.logOutWaiting(open)}</p>
      <Button look="bad" onPress={() => void leave()}>
        {t.me.logOutSure}
      </Button>
      <Button onPress={() => setIsAsked(false)}>{t.cancel}</Button>
    </div>
  );
}
