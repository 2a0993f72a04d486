import { once } from 'node:events';
import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** Status and length of the first complete answer in `bytes`; null: more must come. */
function readAnswer(bytes: Buffer): { status: number; length: number } | null {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const body = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(body)) throw new Error(`an answer names no length:\n${head}`);
  const length = end + headEnd.length + body;
  return bytes.length < length ? null : { status: Number(head.slice(9, 12)), length };
}

export type Connection = {
  /** Writes one whole request; answers the status of its answer. One at a time. */
  exchange(request: Buffer): Promise<number>;
  close(): void;
};

/** A bare HTTP/1.1 client connection: it costs the machine far less than the server under test. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let bytes: Buffer = Buffer.alloc(0);
  let waiting: { done: (status: number) => void; fail: (error: Error) => void } | null = null;
  const fail = (error: Error): void => {
    waiting?.fail(error);
    waiting = null;
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const answer = readAnswer(bytes);
    if (!answer) return;
    bytes = bytes.subarray(answer.length);
    waiting?.done(answer.status);
  });
  await once(socket, 'connect');
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return {
    exchange: (request) =>
      new Promise((done, failed) => {
        waiting = { done, fail: failed };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}
