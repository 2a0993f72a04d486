import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** An order as the gateway keeps it; amounts in whole rupiah. */
export type Order = {
  readonly id: string;
  readonly ref: string;
  readonly amount: bigint;
  readonly method: string;
  status: 'pending' | 'paid' | 'expired' | 'failed' | 'refunded';
  paid: bigint;
  paidAt: Date | null;
  readonly refundKeys: Set<string>;
};

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
};
export type Answered = { readonly status: number; readonly body: unknown };
/** A callback as the gateway sends it: exactly these bytes. */
export type SentCallback = { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> };

/** One gateway's own words: how it answers, and how it tells. */
export type Manners = {
  answer(asked: Asked, shop: Shop): Answered;
  callback(order: Order): SentCallback;
};
export type Shop = {
  /** By order id; a gateway that takes an id several times has several under it. */
  ordersOf(id: string): readonly Order[];
  sell(order: Pick<Order, 'id' | 'amount' | 'method'>): Order;
  byRef(ref: string): Order | undefined;
};

/** `lost`: it does what it is asked, and breaks off before the answer. */
export type Mood = 'well' | 'busy' | 'nonsense' | 'lost';

export type GatewayStandIn = Shop & {
  readonly url: string;
  /** The payer pays; another amount than was asked for where one is given. */
  pay(id: string, amount?: bigint): void;
  end(id: string, status: 'expired' | 'failed' | 'refunded'): void;
  /** What it would tell of the order now. */
  callback(id: string): SentCallback;
  /** What it would tell if the order stood so, whatever it does. */
  callbackAs(id: string, status: Order['status'], amount?: bigint): SentCallback;
  feel(mood: Mood): void;
  asked(): readonly string[];
  close(): Promise<void>;
};

async function read(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}

function openShop(): Shop & { readonly orders: readonly Order[] } {
  const orders: Order[] = [];
  return {
    orders,
    ordersOf: (id) => orders.filter((order) => order.id === id),
    byRef: (ref) => orders.find((order) => order.ref === ref),
    sell(wish) {
      const order: Order = {
        ...wish,
        ref: randomUUID(),
        status: 'pending',
        paid: 0n,
        paidAt: null,
        refundKeys: new Set(),
      };
      orders.push(order);
      return order;
    },
  };
}

/** A payment gateway on a free port of this machine, until it is closed. */
export async function startStandIn(manners: Manners): Promise<GatewayStandIn> {
  const shop = openShop();
  const asked: string[] = [];
  let mood: Mood = 'well';

  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://gateway');
    const method = incoming.method ?? 'GET';
    asked.push(`${method} ${url.pathname}`);
    const body = await read(incoming);
    if (mood === 'busy') return void response.writeHead(503).end('busy');
    if (mood === 'nonsense') return void response.writeHead(200).end('<html>maintenance</html>');
    const { headers } = incoming;
    const answered = manners.answer({ method, path: url.pathname, query: url.searchParams, headers, body }, shop);
    if (mood === 'lost') return void response.destroy();
    response.writeHead(answered.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answered.body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in listens at no port.');

  function the(id: string): Order {
    const order = shop.ordersOf(id).at(-1);
    if (!order) throw new Error(`Nobody ordered ${id}.`);
    return order;
  }

  return {
    ...shop,
    url: `http://127.0.0.1:${address.port}`,
    pay(id, amount) {
      const order = the(id);
      order.status = 'paid';
      order.paid = amount ?? order.amount;
      order.paidAt = new Date();
    },
    end(id, status) {
      the(id).status = status;
    },
    callback: (id) => manners.callback(the(id)),
    callbackAs: (id, status, amount) =>
      manners.callback({ ...the(id), status, paid: amount ?? the(id).amount, paidAt: new Date() }),
    feel(next) {
      mood = next;
    },
    asked: () => asked,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
