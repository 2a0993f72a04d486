import { seededRandom } from './random.ts';
import type { Company, Part, Place, StockItem, Token, TrackRow, User } from './rows.ts';
import type { CustomStatus } from './status.ts';

export type WorldOptions = {
  /** 421 and 530 were recorded; others behave as the nearer one, but for what is known to have changed between them. */
  readonly apiVersion: number;
  readonly now: () => Date;
  /** Of the server's clock, which its times are written in, without a zone. */
  readonly timeZone: string;
  /** For the order of rows that InvenTree leaves open. */
  readonly seed: number;
};

/** All that one InvenTree keeps. */
export type World = WorldOptions & {
  readonly parts: Map<number, Part>;
  readonly places: Map<number, Place>;
  readonly companies: Map<number, Company>;
  readonly items: Map<number, StockItem>;
  readonly tags: Map<number, readonly string[]>;
  readonly tracks: Map<number, TrackRow>;
  readonly users: Map<number, User>;
  readonly tokens: Map<string, Token>;
  readonly settings: Map<string, boolean | string>;
  readonly customStatuses: Map<number, CustomStatus>;
  /** Custom statuses that the running server has read when it started. */
  readonly loadedStatuses: Set<number>;
  readonly random: () => number;
  /** Whether `GET /api/` says that the background worker lives. */
  isWorkerRunning: boolean;
  /** The next number of a table: a number that was given out is never given out again, used or not. */
  next(table: string): number;
};

export function createWorld(options: WorldOptions): World {
  const sequences = new Map<string, number>();
  return {
    ...options,
    parts: new Map(),
    places: new Map(),
    companies: new Map(),
    items: new Map(),
    tags: new Map(),
    tracks: new Map(),
    users: new Map(),
    tokens: new Map(),
    settings: new Map<string, boolean | string>([
      ['SERIAL_NUMBER_GLOBALLY_UNIQUE', false],
      ['STOCK_ALLOW_OUT_OF_STOCK_TRANSFER', false],
      ['STOCK_DELETE_DEPLETED_DEFAULT', true],
      ['ENABLE_PLUGINS_EVENTS', false],
      ['BARCODE_ENABLE', true],
      ['INVENTREE_DEFAULT_CURRENCY', 'IDR'],
    ]),
    customStatuses: new Map(),
    loadedStatuses: new Set(),
    random: seededRandom(options.seed),
    isWorkerRunning: true,
    next: (table) => {
      const number = (sequences.get(table) ?? 0) + 1;
      sequences.set(table, number);
      return number;
    },
  };
}

/** From API 511 on, InvenTree 1.5: more is told in answers and in the history, and amounts are read again before a write. */
export const isNewer = (world: World): boolean => world.apiVersion >= 511;

/** `YYYY-MM-DD HH:MM` by the server's own clock. */
export function serverTime(world: World, at: Date): string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: world.timeZone, dateStyle: 'short', timeStyle: 'short' });
  return parts.format(at);
}

export const serverDay = (world: World, at: Date): string => serverTime(world, at).slice(0, 10);
