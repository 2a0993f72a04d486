import { useEffect, useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import type { ListOf } from '../../app/api/request.ts';
import { useKeptList } from '../api/kept-list.ts';
import { bag } from '../api/lists.ts';
import type { Asset } from '../api/shapes.ts';
import { feedback } from './feedback.ts';
import { matchAsset } from './match.ts';

export type Unit = {
  readonly asset: Asset | null;
  /** `bag`: the phone knows it to be mine; `asked`: the hub was asked; `offline`: nobody could be; `looking`: not yet known. */
  readonly from: 'bag' | 'asked' | 'offline' | 'looking';
};

const looking: Unit = { asset: null, from: 'looking' };

/** What a scanned code means, as far as the phone can tell: its own list first, so that it works without signal. */
export function useUnit(code: string): Unit {
  const { rows, isLoading } = useKeptList(bag);
  const mine = matchAsset(rows ?? [], code);
  const isUnknown = mine === null && !isLoading;
  const [asked, setAsked] = useState<Unit>(looking);
  useEffect(() => {
    if (!isUnknown) return;
    let isShown = true;
    // A unit that is not in the bag is worth a second, lower tone.
    feedback('bad');
    void ask<ListOf<Asset>>('GET', `assets?page_size=10&search=${encodeURIComponent(code.slice(0, 100))}`).then(
      (answer) => {
        if (!isShown) return;
        if (answer.is !== 'done') return setAsked({ asset: null, from: 'offline' });
        const [only, another] = answer.body.data;
        setAsked({ asset: matchAsset(answer.body.data, code) ?? (another ? null : (only ?? null)), from: 'asked' });
      },
    );
    return () => {
      isShown = false;
    };
  }, [isUnknown, code]);
  return mine ? { asset: mine, from: 'bag' } : asked;
}
