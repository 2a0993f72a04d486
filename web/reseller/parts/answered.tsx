import type { ReactNode } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import type { Answer } from '../api/use-answer.ts';
import { useTexts } from '../texts/texts.ts';

type Props<T> = {
  readonly of: { readonly answer: Answer<T>; readonly refresh: () => void };
  readonly children: (body: T) => ReactNode;
};

/** What was asked for; until it is there, and where it does not come, that is said in words. */
export function Answered<T>({ of: { answer, refresh }, children }: Props<T>) {
  const t = useTexts();
  if (answer.is === 'shown') return children(answer.body);
  if (answer.is === 'loading')
    return (
      <div role="status">
        <Empty text={t.loading} />
      </div>
    );
  return (
    <div role="alert">
      {answer.is === 'away' ? (
        <Empty text={t.notLoaded} />
      ) : (
        <Empty text={t.refused} hint={t.codes[answer.code] ?? answer.message} />
      )}
      <Button onPress={refresh}>{t.again}</Button>
    </div>
  );
}
