import type { GardenPool } from '#domain/routeros-network.ts';
import { routerosText as quoted, remarkText } from '#domain/routeros-text.ts';

export type RouterScript = {
  readonly tenant: string;
  readonly router: string;
  readonly radius: { readonly address: string; readonly secret: string };
  /** The address that its packets to RADIUS come from. */
  readonly source: string;
  readonly coaPort: number;
  readonly page: { readonly address: string; readonly port: number };
  readonly pool: GardenPool;
  /** Hosts and networks that isolated subscribers may reach, beside the page. */
  readonly allow: readonly string[];
  /** Other routers of the tenant. */
  readonly others: number;
};

const filter = '/ip firewall filter';
const nat = '/ip firewall nat';
const list = '/ip firewall address-list';
const mine = 'comment~"^hub:"';

const heading = ({ tenant, router, others }: RouterScript): readonly string[] => [
  `# Jembatan: ${remarkText(tenant)}, router ${remarkText(router)}. RouterOS 6.43 and later, 7.`,
  '# It holds the RADIUS secret: keep it as safe as that. It may be pasted or imported again; nothing is doubled.',
  ...(others > 0
    ? [`# ${others} more of your routers: give each a pool of its own, or the page cannot tell whose address it is.`]
    : []),
];

const radius = ({ radius: { address, secret }, source, coaPort }: RouterScript): readonly string[] => [
  '# RADIUS: who may log in, and Disconnect from the hub.',
  '/radius remove [find comment="hub:radius"]',
  `/radius add service=ppp address=${address} secret=${quoted(secret)} src-address=${source} timeout=3s comment="hub:radius"`,
  `/radius incoming set accept=yes port=${coaPort}`,
  '/ppp aaa set use-radius=yes accounting=yes interim-update=5m',
  '/interface pppoe-server server set [find] authentication=pap,chap,mschap2',
];

/** Made where they are missing and then set: what sessions use cannot be removed. */
const garden = ({ pool: { gateway, ranges } }: RouterScript): readonly string[] => [
  '# The walled garden.',
  `:if ([:len [/ip pool find name="isolir"]] = 0) do={ /ip pool add name="isolir" ranges=${ranges} }`,
  `/ip pool set [find name="isolir"] ranges=${ranges}`,
  ':if ([:len [/ppp profile find name="isolir"]] = 0) do={ /ppp profile add name="isolir" }',
  `/ppp profile set [find name="isolir"] local-address=${gateway} remote-address=isolir rate-limit=512k/512k address-list=isolir dns-server=${gateway} only-one=yes session-timeout=30m comment="hub:isolir"`,
];

const allowed = ({ page, allow }: RouterScript): readonly string[] => [
  `${list} remove [find list="isolir-allow" ${mine}]`,
  `${list} add list=isolir-allow address=${page.address} comment="hub:page"`,
  ...allow.map((place) => `${list} add list=isolir-allow address=${place} comment="hub:pay"`),
];

/**
 * Whoever did not serve names before must not begin to serve the world: the two rules stay when this is run again, when
 * it can no longer be told that nobody else used the resolver.
 */
const names: readonly string[] = [
  '# Names for the walled garden. Where this router already answered DNS, see to it that port 53 is closed from outside.',
  `:if ([/ip dns get allow-remote-requests] = no) do={ ${filter} add chain=input src-address-list=!isolir protocol=udp dst-port=53 action=drop comment="hubdns:closed"; ${filter} add chain=input src-address-list=!isolir protocol=tcp dst-port=53 action=drop comment="hubdns:closed"; /ip dns set allow-remote-requests=yes }`,
];

const translation = ({ page }: RouterScript): readonly string[] => [
  '# Any web site becomes the page.',
  `${nat} remove [find ${mine}]`,
  ...['udp', 'tcp'].map(
    (protocol) =>
      `${nat} add chain=dstnat src-address-list=isolir protocol=${protocol} dst-port=53 action=redirect to-ports=53 comment="hub:isolir-dns"`,
  ),
  `${nat} add chain=dstnat src-address-list=isolir dst-address-list=!isolir-allow protocol=tcp dst-port=80 action=dst-nat to-addresses=${page.address} to-ports=${page.port} comment="hub:isolir-http"`,
];

const rules = ({ radius: { address }, coaPort }: RouterScript): readonly string[] => [
  `chain=input protocol=udp dst-port=${coaPort} src-address=${address} action=accept comment="hub:coa"`,
  'chain=input src-address-list=isolir protocol=udp dst-port=53 action=accept comment="hub:isolir"',
  'chain=input src-address-list=isolir protocol=tcp dst-port=53 action=accept comment="hub:isolir"',
  'chain=input src-address-list=isolir protocol=icmp action=accept comment="hub:isolir"',
  'chain=input src-address-list=isolir action=drop comment="hub:isolir"',
  'chain=forward src-address-list=isolir dst-address-list=isolir-allow action=accept comment="hub:isolir"',
  'chain=forward src-address-list=isolir protocol=tcp action=reject reject-with=tcp-reset comment="hub:isolir"',
  'chain=forward src-address-list=isolir action=reject reject-with=icmp-admin-prohibited comment="hub:isolir"',
];

const others = `[${filter} find where !dynamic and !(${mine})]`;
const firstForward = `[:pick [${filter} find where chain=forward and !dynamic] 0]`;

/** The page is on `isolir-allow`, so what is sent to it by the translation passes the forward chain. */
const firewall = (script: RouterScript): readonly string[] => [
  '# What isolated subscribers may reach. Reset, not dropped: a phone fails at once instead of hanging for a minute.',
  `${filter} remove [find ${mine}]`,
  ...rules(script).map((rule) => `${filter} add ${rule}`),
  '# Above everything else: a fasttrack or accept-established rule before them would let isolated subscribers through.',
  `:if ([:len ${others}] > 0) do={ ${filter} move [find ${mine}] destination=[:pick ${others} 0] }`,
  `:if ([${filter} get ${firstForward} comment] != "hub:isolir") do={ :error "hub: move the hub:isolir rules to the top of the forward chain by hand" }`,
  ':put "hub: done"',
];

/**
 * The script that makes a router ask RADIUS and keep isolated subscribers in the walled garden (spec R10): one syntax for
 * RouterOS 6.43 and later and 7, whole paths in each line (what is pasted runs line by line), the same after a second run.
 */
export const routerScript = (script: RouterScript): string =>
  [heading, radius, garden, allowed, () => names, translation, firewall]
    .flatMap((part) => part(script))
    .map((line) => `${line}\n`)
    .join('');
