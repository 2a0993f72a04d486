const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const address = new RegExp(`^${octet}(\\.${octet}){3}$`);

/** Whether a text is an IPv4 address in its usual form. */
export const isAddress = (text: string): boolean => address.test(text);

const toNumber = (text: string): number => text.split('.').reduce((all, part) => all * 256 + Number(part), 0);
const toText = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

type Network = { readonly first: number; readonly prefix: number };

/** An address with its prefix, `10.66.0.0/22`; null: it is none, or its host bits are not zero. */
function networkOf(text: string): Network | null {
  const [base = '', length = '', ...rest] = text.split('/');
  if (rest.length > 0 || !isAddress(base) || !/^(3[0-2]|[12]?\d)$/.test(length)) return null;
  const prefix = Number(length);
  const first = toNumber(base);
  return first % 2 ** (32 - prefix) === 0 ? { first, prefix } : null;
}

/** A larger one on a list of places to reach has opened or closed the Internet for all customers of a router. */
const shortestPrefix = 24;
const hostName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

export const gardenRule = `must be a host name, an IPv4 address, or a network of /${shortestPrefix} or smaller`;

/** Whether isolated subscribers may be let through to it: `app.example.com`, `203.0.113.7`, `203.0.113.0/24`. */
export function isGardenPlace(text: string): boolean {
  if (hostName.test(text)) return true;
  if (isAddress(text)) return !text.startsWith('0.') && toNumber(text) < toNumber('224.0.0.0');
  const network = networkOf(text);
  return network !== null && network.prefix >= shortestPrefix && isGardenPlace(toText(network.first));
}

/** What a router needs of the network that isolated subscribers get addresses of. */
export type GardenPool = { readonly gateway: string; readonly ranges: string };

const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

export const poolRule = 'must be a private network between /16 and /29, such as 10.66.0.0/22';

/** The first address is the router's, the others are given out; null: it is no such network. */
export function gardenPool(text: string): GardenPool | null {
  const network = networkOf(text);
  if (!network || network.prefix < 16 || network.prefix > 29) return null;
  const { first, prefix } = network;
  const isPrivate = privateNetworks.some((one) => {
    const within = networkOf(one);
    return within !== null && first >= within.first && first < within.first + 2 ** (32 - within.prefix);
  });
  if (!isPrivate) return null;
  return { gateway: toText(first + 1), ranges: `${toText(first + 2)}-${toText(first + 2 ** (32 - prefix) - 2)}` };
}
