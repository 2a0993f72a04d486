import type { RequestListener } from 'node:http';

/** However many stand at the door, those inside are served this often at least. */
const usualMs = 100;

type AcceptFirst = {
  /** For each new connection. */
  readonly accepted: () => void;
  readonly serve: RequestListener;
};

/**
 * Lets in whoever stands at the door before those inside are served. The event loop accepts one connection a turn (libuv
 * since 1.45), and a turn serves all whose requests have come: of two hundred connections that are opened at once the last
 * would wait for two hundred such turns, seconds, before its first byte was read. Where nobody comes in nothing waits.
 */
export function acceptFirst(serve: RequestListener, mostMs = usualMs): AcceptFirst {
  let waiting: (() => void)[] | null = null;
  let since = 0;
  let hasCome = false;

  function turn(): void {
    if (hasCome && performance.now() - since < mostMs) {
      hasCome = false;
      setImmediate(turn);
      return;
    }
    const all = waiting ?? [];
    waiting = null;
    for (const begin of all) begin();
  }

  return {
    accepted() {
      hasCome = true;
      if (waiting) return;
      waiting = [];
      since = performance.now();
      setImmediate(turn);
    },
    serve(request, response) {
      if (!waiting) return serve(request, response);
      // Whoever has gone meanwhile waits for no answer.
      waiting.push(() => request.socket.destroyed || serve(request, response));
    },
  };
}
