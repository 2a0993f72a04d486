import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const command = fileURLToPath(new URL('../../bin/jembatan.mjs', import.meta.url));
const run = promisify(execFile);

/** What `jembatan start --json` tells first; other lines are its log. */
const Started = z.object({ url: z.string(), role: z.string() });
export type Owner = { readonly email: string; readonly password: string };

/** A login that reads RADIUS's lookups and writes accounting, as a `postgres://…` URL. */
const Login = z.object({
  host: z.string(),
  port: z.coerce.number(),
  user: z.string(),
  password: z.string(),
  database: z.string(),
});

export type HubProcess = {
  /** Resolves with its address when it listens; rejects with its log when it ends before. */
  readonly listening: Promise<string>;
  /** The URL that a FreeRADIUS needs, by `jembatan radius credentials`. */
  radiusUrl(): Promise<string>;
  /** What it logged so far: warnings and worse. */
  log(): string;
  stop(): Promise<void>;
};

/** Nothing of the caller's own installation may reach the demo: no database, no Redis, no setting of a hub. */
function environment(dataDir: string, owner: Owner): NodeJS.ProcessEnv {
  const foreign = /^(JEMBATAN_|DATABASE_URL$|RADIUS_DATABASE_URL$|REDIS_URL$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    JEMBATAN_DATA_DIR: dataDir,
    JEMBATAN_PORT: '0',
    JEMBATAN_OUTBOUND_ALLOW: '127.0.0.0/8',
    JEMBATAN_OWNER_EMAIL: owner.email,
    JEMBATAN_OWNER_PASSWORD: owner.password,
    // The story asks every few milliseconds, so as to tell how long a step takes.
    JEMBATAN_LIMIT_USER: '0',
    JEMBATAN_LOG_LEVEL: 'warn',
  };
}

function addressIn(line: string): string | null {
  try {
    const parsed = Started.safeParse(JSON.parse(line));
    return parsed.success && !line.includes('"msg"') ? parsed.data.url : null;
  } catch {
    // A line of words, not of JSON: it is in the log.
    return null;
  }
}

function readAddress(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const address = addressIn(line);
        if (address === null) log.push(line);
        else resolve(address);
      }
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => log.push(chunk.trimEnd()));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the hub ended at its start:\n${log.join('\n')}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exit;
  clearTimeout(late);
}

/** Runs the hub as an operator would: a process of its own, on embedded parts, everything in `dataDir`. */
export function startHub(dataDir: string, owner: Owner): HubProcess {
  const env = environment(dataDir, owner);
  const log: string[] = [];
  const child = spawn(process.execPath, [command, 'start', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const listening = readAddress(child, log);
  // Whoever stops the hub before it listened does not wait for its address any more.
  listening.catch(() => undefined);
  return {
    listening,
    radiusUrl: async () => {
      const { stdout } = await run(process.execPath, [command, 'radius', 'credentials', '--json'], { env });
      const { host, port, user, password, database } = Login.parse(JSON.parse(stdout));
      return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
    },
    log: () => log.join('\n'),
    stop: () => stop(child),
  };
}
