import type { IncomingMessage } from 'node:http';
import type { Json, User } from '../world/rows.ts';
import type { Work } from '../world/work.ts';
import type { World } from '../world/world.ts';
import { detail } from './refused.ts';

/** One request as it was read off the wire. */
export type Call = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As the client named this server. */
  readonly origin: string;
  readonly authorization: string | null;
  readonly cookie: string | null;
  readonly body: unknown;
};

export type Answer = {
  readonly status: number;
  /** Null: nothing is sent. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * A request that writes: it has looked at the world and found nothing against itself; then others may come in between; then it
 * does what it had meant to do. What it answers is made after the commit.
 */
export type Write = { write(work: Work): () => Answer };

export type Handler = (world: World, call: Call, user: User, pk: number) => Answer | Write;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const gone: Answer = { status: 204, body: null };

export async function readCall(request: IncomingMessage): Promise<Call> {
  const origin = `http://${request.headers.host ?? 'localhost'}`;
  const url = new URL(request.url ?? '/', origin);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    origin,
    authorization: request.headers.authorization ?? null,
    cookie: request.headers.cookie ?? null,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The body as an object; anything else that is JSON counts as an empty one. */
export function jsonOf(call: Call): Json {
  const { body } = call;
  if (typeof body !== 'string') return isJson(body) ? body : {};
  if (body.trim() === '') return {};
  try {
    const read: unknown = JSON.parse(body);
    return isJson(read) ? read : {};
  } catch (error) {
    throw detail(400, `JSON parse error - ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const isJson = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
