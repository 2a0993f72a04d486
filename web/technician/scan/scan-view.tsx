import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { useTexts } from '../texts/texts.ts';
import type { Camera } from './camera.ts';
import { feedback } from './feedback.ts';
import { useCamera } from './use-camera.ts';
import { listenToWedge } from './wedge.ts';

type Props = {
  /** Told once; the view is shown anew for the next code. */
  readonly onCode: (code: string) => void;
  readonly isTyping: boolean;
  readonly setTyping: (isTyping: boolean) => void;
};

const longest = 500;

/** What a reader or a person adds that is no part of the code. */
const trimmed = (code: string): string => code.replace(/[\r\n\t]+$/, '').trim();

function Torch({ camera }: { readonly camera: Camera }) {
  const t = useTexts();
  const [isOn, setIsOn] = useState(false);
  const turn = (): void => {
    setIsOn(!isOn);
    void camera.setTorch(!isOn);
  };
  return (
    <Button look={isOn ? 'main' : 'plain'} onPress={turn}>
      {t.scan.torch}
    </Button>
  );
}

function Typing({ onCode, onCancel }: { readonly onCode: (code: string) => void; readonly onCancel: () => void }) {
  const t = useTexts();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (trimmed(typed) !== '') onCode(typed);
  };
  return (
    <form className="space-y-2 rounded-xl border border-line bg-white p-3" onSubmit={submit}>
      <label className="block font-semibold">
        {t.scan.typeIt}
        <input
          // biome-ignore lint/a11y/noAutofocus: the technician has just asked to type
          autoFocus
          type="text"
          maxLength={longest}
          autoCapitalize="characters"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          placeholder={t.scan.typeHint}
          onChange={(event) => setTyped(event.target.value)}
          className="mt-1 block min-h-13 w-full rounded-xl border-2 border-quiet px-3 font-mono"
        />
      </label>
      <button
        type="submit"
        disabled={trimmed(typed) === ''}
        className="min-h-16 w-full rounded-xl bg-deep text-xl font-bold text-white disabled:opacity-50"
      >
        {t.scan.use}
      </button>
      <Button onPress={onCancel}>{t.cancel}</Button>
    </form>
  );
}

/** The camera, a plugged-in scanner, and typing: whichever has a code first. */
export function ScanView({ onCode, isTyping, setTyping }: Props) {
  const t = useTexts();
  const isTold = useRef(false);
  const told = useCallback(
    (code: string): void => {
      const text = trimmed(code).slice(0, longest);
      if (text === '' || isTold.current) return;
      isTold.current = true;
      feedback('good');
      onCode(text);
    },
    [onCode],
  );
  useEffect(() => listenToWedge(told), [told]);
  const { video, camera, state } = useCamera(told, !isTyping);
  if (isTyping) return <Typing onCode={told} onCancel={() => setTyping(false)} />;
  return (
    <>
      <div className="relative overflow-hidden rounded-xl bg-ink">
        <video ref={video} playsInline muted className="aspect-[3/4] w-full object-cover" />
        {state === 'open' && (
          <div className="pointer-events-none absolute inset-x-8 inset-y-1/4 rounded-2xl border-4 border-white" />
        )}
        <p className="absolute inset-x-0 bottom-0 bg-ink px-3 py-2 text-center font-semibold text-white">
          {state === 'open' ? t.scan.hint : state === 'none' ? t.scan.noCamera : t.scan.starting}
        </p>
      </div>
      {camera?.hasTorch && <Torch camera={camera} />}
      <Button look={state === 'none' ? 'main' : 'plain'} onPress={() => setTyping(true)}>
        {t.scan.typeIt}
      </Button>
    </>
  );
}
