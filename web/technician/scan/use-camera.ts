import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Camera, openCamera } from './camera.ts';

/** Between two looks: a code is in the picture for longer, and the phone stays cool. */
const lookMs = 80;

type Seen = {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly camera: Camera | null;
  readonly state: 'opening' | 'open' | 'none';
};

/** Looks through the camera until a code is read or the view goes. The decoder comes only with the first scan. */
async function watch(video: HTMLVideoElement, onCode: (code: string) => void, signal: AbortSignal): Promise<void> {
  const decoder = (await import('./detector.ts')).openDecoder();
  while (!signal.aborted) {
    // A phone in a pocket needs no eyes.
    const isSeen = document.visibilityState === 'visible' && video.readyState >= video.HAVE_CURRENT_DATA;
    const [found] = isSeen ? await decoder.detect(video) : [];
    if (found && !signal.aborted) return onCode(found.rawValue);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

export function useCamera(onCode: (code: string) => void, isWanted: boolean): Seen {
  const video = useRef<HTMLVideoElement>(null);
  const [camera, setCamera] = useState<Camera | null>(null);
  const [state, setState] = useState<Seen['state']>('opening');
  useEffect(() => {
    if (!isWanted) return;
    const over = new AbortController();
    async function open(): Promise<void> {
      const opened = await openCamera();
      over.signal.addEventListener('abort', () => opened.stop());
      if (over.signal.aborted) return opened.stop();
      const element = video.current;
      if (!element) return opened.stop();
      element.srcObject = opened.stream;
      await element.play();
      setCamera(opened);
      setState('open');
      await watch(element, onCode, over.signal);
    }
    setState('opening');
    // Why there is none (no camera, not allowed, in use) the browser has told the technician itself.
    open().catch(() => {
      if (!over.signal.aborted) setState('none');
    });
    return () => over.abort();
  }, [onCode, isWanted]);
  return { video, camera, state };
}
