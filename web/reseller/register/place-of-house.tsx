import { useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import { Button } from '../../app/parts/button.tsx';
import { Card } from '../../app/parts/card.tsx';
import { type Found, whereAmI } from '../../app/place.ts';
import { numberOf } from '../../app/texts/language.ts';
import type { Coverage } from '../api/shapes.ts';
import { useTexts } from '../texts/texts.ts';

/** Where the house is, and what the hub said of it; null: it could not be asked. */
export type Located = Found & { readonly coverage: Coverage | null };

/** Satellites take a while in a house. */
const patienceMs = 20_000;

async function locate(): Promise<Located | null> {
  const found = await whereAmI(patienceMs);
  if (!found) return null;
  const { latitude, longitude } = found;
  const outcome = await ask<Coverage>('POST', 'reseller/coverage', { json: { latitude, longitude } });
  return { ...found, coverage: outcome.is === 'done' ? outcome.body : null };
}

function Told({ place: { accuracyM, coverage } }: { readonly place: Located }) {
  const t = useTexts();
  const names = coverage?.areas.map(({ name }) => name).join(', ') ?? '';
  const inside = names === '' ? t.register.coveredPlain : t.register.covered(names);
  const told = coverage === null ? t.register.unsure : coverage.covered ? inside : t.register.outside;
  return (
    <>
      <p>{t.register.found(numberOf(accuracyM))}</p>
      <p className={`font-semibold break-words ${coverage?.covered ? 'text-good' : 'text-wait'}`}>{told}</p>
    </>
  );
}

type Props = { readonly place: Located | null; readonly onFound: (place: Located) => void };

/** The phone stands where the modem will: its place, and whether the network reaches it. */
export function PlaceOfHouse({ place, onFound }: Props) {
  const t = useTexts();
  const [isBusy, setIsBusy] = useState(false);
  const [isLost, setIsLost] = useState(false);
  async function look(): Promise<void> {
    setIsBusy(true);
    const found = await locate();
    setIsBusy(false);
    setIsLost(found === null);
    if (found) onFound(found);
  }
  return (
    <Card title={t.register.where}>
      <div role="status" className="mb-2">
        {isBusy && <p className="font-semibold">{t.register.locating}</p>}
        {!isBusy && isLost && <p className="font-semibold text-bad">{t.register.noPlace}</p>}
        {!isBusy && place !== null && <Told place={place} />}
      </div>
      <Button isOff={isBusy} onPress={() => void look()}>
        {t.register.locate}
      </Button>
    </Card>
  );
}
