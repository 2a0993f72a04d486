import { type ReactNode, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import type { Rows as RowsOf } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useTexts } from '../texts/texts.ts';
import { Answered } from './answered.tsx';
import { Rows } from './row.tsx';

const step = 25;
/** As many as one page of the API holds; who looks for older ones asks for less. */
const most = 100;

type Props<T> = {
  /** With its query, but for the page. */
  readonly path: string;
  readonly none: { readonly text: string; readonly hint?: string };
  readonly children: (row: T) => ReactNode;
};

/** A list of the hub's: the newest first, more on demand, and in words that there is nothing. */
export function MoreRows<T>({ path, none, children }: Props<T>) {
  const t = useTexts();
  const [size, setSize] = useState(step);
  const asked = useAnswer<RowsOf<T>>(`${path}${path.includes('?') ? '&' : '?'}page_size=${size}`);
  return (
    <Answered of={asked}>
      {({ data, total }) => (
        <>
          {data.length === 0 && <Empty {...none} />}
          <Rows>{data.map(children)}</Rows>
          {total > data.length && size < most && <Button onPress={() => setSize(most)}>{t.more}</Button>}
        </>
      )}
    </Answered>
  );
}
