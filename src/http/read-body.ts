import type { IncomingMessage } from 'node:http';

/** No request is larger: 10 MB of small objects would parse for most of a second (REL-24). */
export const bodyLimitBytes = 1_048_576;

export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: 'too_large' | 'broken_off' };

const tooLarge = { ok: false, why: 'too_large' } as const;

/** Reads chunk by chunk and leaves the rest unread where it grows too large: for a sender that names no length. */
async function readStream(body: ReadableStream<Uint8Array>, limit: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      return tooLarge;
    }
    chunks.push(part.value);
  }
  return { ok: true, bytes: Buffer.concat(chunks) };
}

/** The request's raw bytes. A declared length above the limit is refused without reading. */
export async function readBody(request: Request, limit = bodyLimitBytes): Promise<Body> {
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) > limit) return tooLarge;
  try {
    if (declared === null) {
      return request.body ? await readStream(request.body, limit) : { ok: true, bytes: Buffer.alloc(0) };
    }
    const bytes = Buffer.from(await request.arrayBuffer());
    return bytes.length > limit ? tooLarge : { ok: true, bytes };
  } catch {
    // The sender went away in the middle; there is nobody to tell more.
    return { ok: false, why: 'broken_off' };
  }
}

/** The same for Node's own message; what is left unread is the server's to throw away. */
export function readIncoming(incoming: IncomingMessage, limit = bodyLimitBytes): Promise<Body> {
  const declared = incoming.headers['content-length'];
  if (declared !== undefined && Number(declared) > limit) return Promise.resolve(tooLarge);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      incoming.pause();
      resolve(tooLarge);
    });
    incoming.on('end', () => {
      const [only] = chunks;
      resolve({ ok: true, bytes: chunks.length === 1 && only ? only : Buffer.concat(chunks) });
    });
    // The sender went away in the middle; there is nobody to tell more.
    incoming.on('error', () => resolve({ ok: false, why: 'broken_off' }));
    incoming.on('close', () => resolve({ ok: false, why: 'broken_off' }));
  });
}
