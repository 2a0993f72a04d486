import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { findBinary } from '#sandbox/services/find-binary.ts';

/** What a router got. `none`: silence. Attributes as radclient prints them, without quotes. */
export type RadiusAnswer = {
  readonly packet: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
};

export type RadiusRequest = {
  readonly port: number;
  readonly kind: 'auth' | 'acct' | 'disconnect' | 'coa';
  readonly secret: string;
  /** Attribute to value, as radclient reads them; a value with other characters than a word's is quoted by its writer. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How long an answer may take; 5 by default. */
  readonly waitSeconds?: number;
};

const quoted = (value: string): string =>
  /^[\w.:/-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`;

function readAnswer(output: string): RadiusAnswer {
  const received = output.split('\n').findIndex((line) => line.startsWith('Received '));
  if (received === -1) return { packet: 'none', attributes: {} };
  const [head = '', ...lines] = output.split('\n').slice(received);
  const attributes: Record<string, string[]> = {};
  for (const line of lines) {
    const [, name, value] = /^\t([\w-]+) = (.*)$/.exec(line) ?? [];
    if (name && value !== undefined) attributes[name] = [...(attributes[name] ?? []), value.replace(/^"|"$/g, '')];
  }
  return { packet: head.split(' ')[1] ?? '', attributes };
}

/**
 * Sends one request by FreeRADIUS's own radclient (somebody else's idea of a packet than ours) and answers what came.
 * It checks the answer's authenticator and signature: a forged one counts as silence. `Packet-Src-IP-Address` among the
 * attributes chooses the router's address.
 */
export async function radclient(request: RadiusRequest): Promise<RadiusAnswer> {
  const binary = findBinary({ name: 'radclient', debianPackage: 'freeradius-utils' });
  const wait = String(request.waitSeconds ?? 5);
  const target = `127.0.0.1:${request.port}`;
  // The system's raddb is not everybody's to read, and radclient only wants its dictionary.
  const flags = ['-x', '-r', '1', '-t', wait, '-d', '/usr/share/freeradius'];
  const child = spawn(binary, [...flags, target, request.kind, request.secret], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = Object.entries(request.attributes).map(([name, value]) => `${name} = ${quoted(value)}`);
  child.stdin.end(`${lines.join('\n')}\n`);
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (!output.includes('Sent ')) throw new Error(`radclient sent nothing: ${complaint}${output}`);
  return readAnswer(output);
}
