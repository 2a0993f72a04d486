import { tokenFor } from './access/tokens.ts';
import { hubRoles, person } from './access/users.ts';
import type { Answer, Call } from './http/call.ts';
import { type InventreeServer, startServer } from './http/inventree-server.ts';
import { route } from './http/routes.ts';
import { type EventPlugin, type PluginSettings, startPlugin } from './plugin/event-plugin.ts';
import type { Roles, StockItem, TrackRow, User } from './world/rows.ts';
import { beginWork, type PluginEvent } from './world/work.ts';
import { createWorld, isNewer, type World } from './world/world.ts';

export type InventreeOptions = {
  /** 421 (1.1.7) and 530 (1.5-dev) were recorded. */
  readonly apiVersion?: number;
  /** 0: a free one. */
  readonly port?: number;
  readonly now?: () => Date;
  readonly timeZone?: string;
  readonly seed?: number;
  /** Of the hub's login; missing: what a hub needs. */
  readonly roles?: Roles;
  /** How errors inside `items` look: as a list padded with empty objects, or keyed by their place. */
  readonly itemErrors?: 'list' | 'keyed';
};

export type Inventree = InventreeServer & {
  /** The hub's own. */
  readonly token: string;
  readonly username: string;
  readonly password: string;
  /**
   * Somebody does this at InvenTree's own pages, at once and between other requests: a call of the same interface, with
   * every right. Throws where it is refused.
   */
  person(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): unknown;
  /** The same, but what it writes is seen only when `commit` is called; its rows have their numbers and times from now. */
  slowly(method: 'POST' | 'PATCH', path: string, body: object): { commit(): void };
  /** The plugin that tells a hub of what happens, events being switched on. */
  addPlugin(settings: PluginSettings): EventPlugin;
  addPart(part: { name: string; IPN?: string; trackable?: boolean; salable?: boolean; units?: string }): number;
  addLocation(place: { name: string; parent?: number; structural?: boolean }): number;
  addCompany(company: { name: string; is_customer?: boolean; is_supplier?: boolean }): number;
  /** Units of a part at a place, each with its serial; their numbers in the same order. */
  addItems(part: number, location: number, serials: readonly string[]): readonly number[];
  addUser(user: { username: string; password: string; roles?: Roles; isStaff?: boolean }): { readonly token: string };
  /** What a role may has changed; it counts once the background worker has run. */
  setRoles(roles: Roles): void;
  runWorker(): void;
  /** A status that only this site has; moves know it after `restart`. */
  addStatus(key: number, logical: number, label: string): void;
  restart(): void;
  revokeTokens(): void;
  item(pk: number): StockItem | undefined;
  items(): readonly StockItem[];
  tagsOf(pk: number): readonly string[];
  /** The history of one item, oldest first; of all without `pk`. */
  tracks(pk?: number): readonly TrackRow[];
  readonly world: World;
  stop(): Promise<void>;
};

/** An InvenTree on 127.0.0.1, in memory: its interface and its manners, the bad ones too. */
export async function createInventree(options: InventreeOptions = {}): Promise<Inventree> {
  const world = createWorld({
    apiVersion: options.apiVersion ?? 530,
    now: options.now ?? (() => new Date()),
    timeZone: options.timeZone ?? 'Asia/Jakarta',
    seed: options.seed ?? 1,
  });
  world.settings.set('STAND_IN_ITEM_ERRORS', options.itemErrors ?? (isNewer(world) ? 'keyed' : 'list'));
  const admin = addUser(world, { ...person, password: 'rahasia' });
  const hub = addUser(world, { username: 'jembatan', password: 'kunci', roles: options.roles ?? hubRoles });
  let plugin: EventPlugin | null = null;
  const heard = (events: readonly PluginEvent[]): void => {
    if (world.settings.get('ENABLE_PLUGINS_EVENTS') === true) plugin?.hear(events);
  };
  const server = await startServer(world, options.port ?? 0, heard);
  const call = callAs(world, admin, heard);
  const make = (path: string, body: object): number => (call('POST', path, body) as { readonly pk: number }).pk;
  let awaited: Roles | null = null;
  return Object.assign(server, {
    world,
    token: tokenFor(world, hub, 'jembatan').key,
    username: hub.username,
    password: hub.password,
    person: call,
    slowly: (method: string, path: string, body: object) =>
      begun(world, admin, callFor(world, admin, method, path, body), heard),
    addPlugin: (settings: PluginSettings) => {
      world.settings.set('ENABLE_PLUGINS_EVENTS', true);
      plugin = startPlugin(settings, world.now);
      return plugin;
    },
    addPart: (part: object) => make('/api/part/', { trackable: true, salable: true, ...part }),
    addLocation: (place: object) => make('/api/stock/location/', place),
    addCompany: (company: object) => make('/api/company/', { is_customer: true, is_supplier: false, ...company }),
    addItems: (part: number, location: number, serials: readonly string[]) =>
      (
        call('POST', '/api/stock/', {
          part,
          location,
          quantity: serials.length,
          serial_numbers: serials.join(','),
        }) as {
          readonly pk: number;
        }[]
      ).map((item) => item.pk),
    addUser: (user: NewUser) => ({ token: tokenFor(world, addUser(world, user), 'test').key }),
    setRoles: (roles: Roles) => {
      awaited = roles;
    },
    runWorker: () => {
      if (awaited) world.users.set(hub.pk, { ...hub, roles: awaited });
    },
    addStatus: (key: number, logical: number, label: string) => void world.customStatuses.set(key, { logical, label }),
    restart: () => {
      for (const key of world.customStatuses.keys()) world.loadedStatuses.add(key);
    },
    revokeTokens: () => {
      for (const token of world.tokens.values()) world.tokens.set(token.key, { ...token, isRevoked: true });
    },
    item: (pk: number) => world.items.get(pk),
    items: () => [...world.items.values()],
    tagsOf: (pk: number) => world.tags.get(pk) ?? [],
    tracks: (pk?: number) =>
      [...world.tracks.values()].filter((row) => pk === undefined || row.item === pk).sort((a, b) => a.pk - b.pk),
    stop: () => {
      plugin?.stop();
      return server.down();
    },
  });
}

type Heard = (events: readonly PluginEvent[]) => void;

type NewUser = {
  readonly username: string;
  readonly password: string;
  readonly roles?: Roles;
  readonly isStaff?: boolean;
};

function addUser(world: World, user: NewUser): User {
  const made = { roles: {}, isStaff: false, ...user, pk: world.next('user') };
  world.users.set(made.pk, made);
  return made;
}

function callFor(world: World, user: User, method: string, path: string, body: object): Call {
  const url = new URL(path, 'http://inventree');
  const authorization = `Token ${tokenFor(world, user, 'pages').key}`;
  return { method, path: url.pathname, query: url.searchParams, origin: url.origin, authorization, cookie: null, body };
}

const callAs =
  (world: World, user: User, heard: Heard) =>
  (method: string, path: string, body: object = {}): unknown => {
    const { commit, answer } = begun(world, user, callFor(world, user, method, path, body), heard);
    commit();
    return answer().body;
  };

function begun(world: World, user: User, call: Call, heard: Heard): { commit(): void; answer(): Answer } {
  const { outcome } = route(world, call);
  if (!('write' in outcome)) return { commit: () => undefined, answer: () => outcome };
  const work = beginWork(world, user, call.path);
  const answer = outcome.write(work);
  return { commit: () => heard(work.commit()), answer };
}
