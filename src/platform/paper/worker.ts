import { parentPort } from 'node:worker_threads';
import type { Paper } from './papers.ts';
import { render } from './render.ts';

/** What the thread answers for each paper that it is given. */
export type Printed = { readonly pdf: Uint8Array } | { readonly error: string };

parentPort?.on('message', (paper: Paper) => {
  render(paper).then(
    (pdf) => parentPort?.postMessage({ pdf } satisfies Printed, [pdf.buffer as ArrayBuffer]),
    (error: unknown) => parentPort?.postMessage({ error: String(error) } satisfies Printed),
  );
});
