import { createHash } from 'node:crypto';
import { ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { SetupStep, WantedSetup } from '#ports/ledger/setup.ts';
import type { ErpnextClient, Fields } from '../client.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const doctype = 'Webhook';

const submitted = ['on_submit', 'on_cancel', 'on_change'];
const kept = ['after_insert', 'on_change', 'on_trash'];

/** What the hub follows, and the events that tell of it: `on_change` alone carries what payments do to a bill. */
const followed: Readonly<Record<string, readonly string[]>> = {
  'Sales Invoice': submitted,
  'Payment Entry': submitted,
  'Journal Entry': submitted,
  Customer: kept,
  Subscription: kept,
  'Subscription Plan': kept,
};

/** Tells which secret a webhook was made with: ERPNext shows the secret itself to nobody. */
const header = 'X-Jembatan-Hook';
const secretMark = (secret: string): string => createHash('sha256').update(`hook ${secret}`).digest('hex').slice(0, 16);

type WantedHook = { readonly event: string; readonly of: string; readonly name: string };

function wantedHooks({ webhookUrl }: WantedSetup): readonly WantedHook[] {
  const tenant = webhookUrl.split('/').at(-1) ?? '';
  return Object.entries(followed).flatMap(([of, events]) =>
    events.map((event) => ({ of, event, name: `Jembatan ${tenant} ${of} ${event}` })),
  );
}

/** Whole documents, dumped by Frappe's own filter: a value that was quoted by hand would lose its events. */
const template = ({ event, of }: WantedHook): string =>
  `{"event": "${event}", "doctype": "${of}", "doc": {{ doc | json }} }`;

/** Without a condition: one that fails stops the save of whoever works in ERPNext. */
const settings = (hook: WantedHook, { webhookUrl }: WantedSetup): Readonly<Record<string, string>> => ({
  request_url: webhookUrl,
  request_method: 'POST',
  request_structure: 'JSON',
  webhook_json: template(hook),
  condition: '',
  enable_security: '1',
  enabled: '1',
});

const document = (hook: WantedHook, wanted: WantedSetup): Fields => ({
  ...settings(hook, wanted),
  enable_security: 1,
  enabled: 1,
  webhook_secret: wanted.webhookSecret,
  webhook_headers: [{ key: header, value: secretMark(wanted.webhookSecret) }],
});

const columns = [
  'name',
  'webhook_doctype',
  'webhook_docevent',
  'request_url',
  'request_method',
  'request_structure',
  'webhook_json',
  'condition',
  'enable_security',
  'enabled',
  'webhook_headers.key',
  'webhook_headers.value',
] as const;

const said = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Rows of the webhooks to the hub, and of those that bear the hub's names: a row for each header. */
const listHooks = (client: ErpnextClient, wanted: WantedSetup): Answer<readonly Fields[]> =>
  client.list(doctype, {
    fields: columns,
    filters: [],
    orFilters: [
      ['request_url', '=', wanted.webhookUrl],
      ['name', 'in', wantedHooks(wanted).map(({ name }) => name)],
    ],
    pageLength: 1000,
  });

type Standing = { readonly step: SetupStep; readonly name: string | null };

/** What of a webhook is not as it should be; null: nothing. */
function fault(rows: readonly Fields[], hook: WantedHook, wanted: WantedSetup): string | null {
  const [row] = rows;
  if (!row) return 'not there yet';
  const wrong = Object.entries(settings(hook, wanted)).find(([field, value]) => said(row[field]).trim() !== value);
  if (wrong) return `its ${wrong[0]} is not as the hub needs it`;
  const mark = secretMark(wanted.webhookSecret);
  const isMarked = rows.some(({ key, value }) => key === header && value === mark);
  return isMarked ? null : 'whether it signs with the present secret is not known';
}

function standingOf(listed: readonly Fields[], hook: WantedHook, wanted: WantedSetup): Standing {
  const of = `webhook ${hook.of} ${hook.event}`;
  const own = listed.filter((row) => row.webhook_doctype === hook.of && row.webhook_docevent === hook.event);
  const name = own.find((row) => row.name === hook.name)?.name ?? own[0]?.name;
  const words = fault(
    own.filter((row) => row.name === name),
    hook,
    wanted,
  );
  const step: SetupStep =
    words === null ? { of, state: 'there', words: wanted.webhookUrl } : { of, state: 'missing', words };
  return { step, name: typeof name === 'string' ? name : null };
}

async function make(client: ErpnextClient, hook: WantedHook, wanted: WantedSetup, { step, name }: Standing) {
  if (step.state === 'there') return step;
  const made =
    name === null
      ? await client.create(doctype, {
          ...document(hook, wanted),
          name: hook.name,
          webhook_doctype: hook.of,
          webhook_docevent: hook.event,
        })
      : await client.update(doctype, name, document(hook, wanted));
  const { of } = step;
  if (made.ok && made.value !== 'duplicate') return { of, state: 'made', words: wanted.webhookUrl } as const;
  if (made.ok) return { of, state: 'todo', words: `another webhook is called ${hook.name}: rename it` } as const;
  const { reason, detail } = made.error;
  const words = reason === 'unauthorized' ? `needs the role System Manager (${detail})` : detail;
  return { of, state: 'todo', words } as const;
}

/** Looks at the webhooks and, where `isMade`, makes or mends what is not as it should be. */
export async function setUpWebhooks(
  client: ErpnextClient,
  wanted: WantedSetup,
  isMade: boolean,
): Answer<readonly SetupStep[]> {
  const listed = await listHooks(client, wanted);
  if (!listed.ok) return listed;
  const steps: SetupStep[] = [];
  for (const hook of wantedHooks(wanted)) {
    const standing = standingOf(listed.value, hook, wanted);
    steps.push(isMade ? await make(client, hook, wanted, standing) : standing.step);
  }
  return ok(steps);
}
