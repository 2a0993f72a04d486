import { useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import { Alert } from '../../app/parts/alert.tsx';
import { Button } from '../../app/parts/button.tsx';
import { useTexts } from '../texts/texts.ts';

/** The phone reads it after the touch; a minute is enough for any. */
const readWithinMs = 60_000;

/** Hands a file of the hub's to the phone; false: it could not be had. */
async function fetchFile(path: string, name: string): Promise<boolean> {
  const outcome = await ask<unknown>('GET', path);
  if (outcome.is !== 'done' || !(outcome.body instanceof Blob)) return false;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(outcome.body);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), readWithinMs);
  return true;
}

type Props = { readonly path: string; readonly name: string; readonly text: string };

/** Gets a paper of the hub's; a link could not, for it would carry no login. */
export function FileButton({ path, name, text }: Props) {
  const t = useTexts();
  const [isMissing, setIsMissing] = useState(false);
  return (
    <>
      <Button onPress={() => void fetchFile(path, name).then((isThere) => setIsMissing(!isThere))}>{text}</Button>
      {isMissing && <Alert>{t.fileFailed}</Alert>}
    </>
  );
}
