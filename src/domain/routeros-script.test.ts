import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RouterScript, routerScript } from './routeros-script.ts';

const wanted: RouterScript = {
  tenant: 'Satu Net',
  router: 'CKP',
  radius: { address: '10.10.10.2', secret: 'Vq8Zr2mN5xTk9LwB' },
  source: '10.20.0.1',
  coaPort: 3799,
  page: { address: '10.10.10.5', port: 8090 },
  pool: { gateway: '10.66.0.1', ranges: '10.66.0.2-10.66.3.254' },
  allow: ['app.midtrans.com', '203.0.113.0/24'],
  others: 0,
};

type Item = Record<string, string>;

/** Name and value pairs of a command; values may stand in quotation marks. */
const fieldsOf = (text: string): Item =>
  Object.fromEntries(
    [...text.matchAll(/([a-z-]+)=("[^"]*"|\S+)/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('"', ''),
    ]),
  );

const isHub = (item: Item): boolean => item.comment?.startsWith('hub:') === true;

/** A router, as far as these scripts use one: menus with items in order, by the meaning that MikroTik's pages give each word. */
function router(filter: readonly Item[] = []) {
  const menus = new Map<string, Item[]>([['/ip firewall filter', filter.map((item) => ({ ...item }))]]);
  const set: Item = { 'allow-remote-requests': 'no' };
  const items = (menu: string): Item[] => {
    const found = menus.get(menu) ?? [];
    menus.set(menu, found);
    return found;
  };
  const matching = (menu: string, condition: string): Item[] =>
    items(menu).filter((item) => {
      const named = fieldsOf(condition.replace(/comment~"[^"]*"/, ''));
      return (
        Object.entries(named).every(([key, value]) => item[key] === value) &&
        (!condition.includes('comment~') || isHub(item))
      );
    });
  const notOurs = (): Item[] =>
    items('/ip firewall filter').filter((item) => item.dynamic === undefined && !isHub(item));

  function holds(condition: string): boolean {
    const named = /\[:len \[(\/.+?) find name="(\w+)"\]\] = 0/.exec(condition);
    if (named) return matching(named[1] ?? '', `name="${named[2]}"`).length === 0;
    if (condition.includes('allow-remote-requests')) return set['allow-remote-requests'] === 'no';
    if (condition.includes('find where !dynamic and !(')) return notOurs().length > 0;
    if (condition.includes('chain=forward')) {
      const first = items('/ip firewall filter').find((item) => item.chain === 'forward' && item.dynamic === undefined);
      return first?.comment !== 'hub:isolir';
    }
    throw new Error(`no such condition: ${condition}`);
  }

  function command(line: string): void {
    if (line.startsWith(':error')) throw new Error(line);
    if (line.startsWith(':put')) return;
    const [, menu = '', verb = '', rest = ''] = /^(\/[a-z /-]+?) (add|set|remove|move)\b ?(.*)$/.exec(line) ?? [];
    const found = /^\[find ?(.*?)\](.*)$/.exec(rest);
    if (verb === 'add') items(menu).push(fieldsOf(rest));
    else if (verb === 'remove')
      menus.set(
        menu,
        items(menu).filter((item) => !matching(menu, found?.[1] ?? '').includes(item)),
      );
    else if (verb === 'set' && !found) Object.assign(set, fieldsOf(rest));
    else if (verb === 'set')
      for (const item of matching(menu, found?.[1] ?? '')) Object.assign(item, fieldsOf(found?.[2] ?? ''));
    else if (verb === 'move') {
      const [target] = notOurs();
      const others = items(menu).filter((item) => !isHub(item));
      const at = target ? others.indexOf(target) : 0;
      menus.set(menu, [...others.slice(0, at), ...items(menu).filter(isHub), ...others.slice(at)]);
    } else throw new Error(`no such command: ${line}`);
  }

  return {
    run: (script: string): void => {
      for (const line of script.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
        const branch = /^:if \((.*)\) do=\{ (.*) \}$/.exec(line);
        if (!branch) command(line);
        else if (holds(branch[1] ?? '')) for (const inner of (branch[2] ?? '').split('; ')) command(inner);
      }
    },
    state: () => JSON.stringify([[...menus], set]),
    items,
  };
}

const usual: readonly Item[] = [
  { chain: 'forward', action: 'passthrough', dynamic: 'yes', comment: 'special dummy rule to show fasttrack counters' },
  { chain: 'input', action: 'accept', 'connection-state': 'established,related' },
  { chain: 'forward', action: 'fasttrack-connection', 'connection-state': 'established,related' },
  { chain: 'forward', action: 'accept', 'connection-state': 'established,related' },
];

describe("a router's script", () => {
  it('R10: after a second run a router is as it was after the first, and another pool takes the place of the old one', () => {
    for (const filter of [[], usual]) {
      const twice = router(filter);
      twice.run(routerScript(wanted));
      const once = twice.state();
      twice.run(routerScript(wanted));
      expect(twice.state()).toBe(once);
      twice.run(
        routerScript({ ...wanted, pool: { gateway: '10.67.0.1', ranges: '10.67.0.2-10.67.0.254' }, allow: [] }),
      );
      expect(twice.items('/ip pool')).toEqual([{ name: 'isolir', ranges: '10.67.0.2-10.67.0.254' }]);
      expect(twice.items('/ip firewall address-list').map(({ address }) => address)).toEqual(['10.10.10.5']);
    }
  });

  it('R10: its rules stand above fasttrack and above established connections, in their own order', () => {
    const one = router(usual);
    one.run(routerScript(wanted));
    const rules = one.items('/ip firewall filter');
    expect(rules.findIndex((item) => item.action === 'fasttrack-connection')).toBeGreaterThan(
      rules.findLastIndex(isHub),
    );
    const forward = rules.filter((item) => item.chain === 'forward' && isHub(item)).map(({ action }) => action);
    expect(forward).toEqual(['accept', 'reject', 'reject']);
  });

  it('control: rules that are only added stand below fasttrack, and the script says so', () => {
    const unmoved = routerScript(wanted)
      .split('\n')
      .filter((line) => !line.includes(' filter move '))
      .join('\n');
    expect(() => router(usual).run(unmoved)).toThrow('to the top of the forward chain');
  });

  it('R10: a router that answered no DNS before closes port 53 to all but the isolated, and keeps it closed', () => {
    const one = router(usual);
    for (let run = 0; run < 3; run += 1) one.run(routerScript(wanted));
    const closed = one.items('/ip firewall filter').filter(({ comment }) => comment === 'hubdns:closed');
    expect(closed.map(({ protocol, 'src-address-list': from }) => [protocol, from])).toEqual([
      ['udp', '!isolir'],
      ['tcp', '!isolir'],
    ]);
  });

  it('R10: no name and no secret changes what it does', () => {
    const skeleton = (script: string): string =>
      script
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .join('\n')
        .replace(/ secret="[^"]*"/, ' secret=""');
    const usualSkeleton = skeleton(routerScript(wanted));
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a"; /system reset', 'x\n/user remove admin', '$a[:put 1]', '\r\n:error'),
    );
    fc.assert(
      fc.property(text, text, text, (tenant, name, secret) => {
        const script = routerScript({ ...wanted, tenant, router: name, radius: { ...wanted.radius, secret } });
        expect(skeleton(script)).toBe(usualSkeleton);
        expect(script).toMatch(/^[\x20-\x7e\n]*$/);
      }),
      { numRuns: 100 },
    );
  });
});
