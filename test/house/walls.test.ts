import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cruise, cruisePlants, type Plant, root } from './planted-tree.ts';

const planted = (rule: string, folder: string, ...targets: readonly string[]) =>
  targets.map((target, i) => ({ rule, file: `${folder}/planted-${rule}-${i}.ts`, target }));

const packageOwners: Readonly<Record<string, string>> = {
  axios: 'connectors/erpnext',
  bullmq: 'src/inbox',
  pino: 'src/main',
  ioredis: 'src/outbox',
  pg: 'src/features/plans',
  mysql2: 'src/outbox',
  kysely: 'src/http',
  hono: 'src/outbox',
  '@hono/node-server': 'src/features/plans',
  '@hono/zod-openapi': 'src/inbox',
  zod: 'src/decide',
  msw: 'src/http',
  vitest: 'src/main',
  'fast-check': 'src/decide',
  nodemailer: 'src/features/messages',
  'smtp-server': 'connectors/smtp',
  standardwebhooks: 'connectors/webhooks',
  'csv-parse': 'src/features/billing',
  croner: 'src/main',
  'rate-limiter-flexible': 'src/features/identity',
  otpauth: 'src/http',
  '@turf/boolean-point-in-polygon': 'src/http',
  '@turf/distance': 'src/journeys',
  pdfkit: 'src/features/billing',
  qrcode: 'src/http',
  'csv-stringify': 'src/features/vouchers',
  'read-excel-file': 'src/features/customers',
  react: 'src/http',
  'react-dom': 'src/features/isolir',
  'barcode-detector': 'src/http',
  vite: 'src/main',
  '@vitejs/plugin-react': 'web/console',
  '@tailwindcss/vite': 'web/console',
  typescript: 'src/platform',
};

/** What must be caught, at least once per rule; where a wall has a finer point, that too. */
const forbidden: readonly (Plant & { readonly rule: string })[] = [
  ...planted('wall-domain', 'src/domain', '#decide/it.ts', '#platform/it.ts', '#ports/x/port.ts'),
  ...planted('wall-decide', 'src/decide', '#db/it.ts', '#ports/x/port.ts', '#access/it.ts'),
  ...planted('wall-ports', 'src/ports/ledger', '#platform/it.ts', '#connectors/kit/it.ts'),
  ...planted('wall-db', 'src/db', '#features/plans/store.ts', '#main/it.ts'),
  ...planted('wall-platform', 'src/platform', '#db/it.ts', '#main/it.ts'),
  ...planted('wall-access', 'src/access', '#inbox/it.ts', '#ports/x/port.ts', '#outbox/dispatch.ts', '#main/it.ts'),
  ...planted('wall-inbox', 'src/inbox', '#access/apply.ts', '#decide/it.ts', '#outbox/append.ts', '#main/it.ts'),
  ...planted('wall-outbox', 'src/outbox', '#decide/it.ts', '#access/mark-dirty.ts', '#connectors/erpnext/it.ts'),
  ...planted('wall-reconcile', 'src/reconcile', '#access/apply.ts', '#outbox/append.ts', '#connectors/erpnext/it.ts'),
  ...planted('wall-features', 'src/features/plans', '#features/customers/verbs.ts', '#connectors/erpnext/it.ts'),
  ...planted(
    'wall-features',
    'src/features/billing',
    '#ports/x/port.ts',
    '#outbox/dispatch-message.ts',
    '#access/apply.ts',
  ),
  ...planted('wall-journeys', 'src/journeys', '#features/customers/store.ts', '#outbox/dispatch.ts', '#main/it.ts'),
  ...planted('wall-audit', 'src/audit', '#features/customers/verbs.ts', '#access/it.ts', '#outbox/append.ts'),
  ...planted('wall-http', 'src/http', '#inbox/consume.ts', '#access/it.ts', '#connectors/erpnext/it.ts', '#main/it.ts'),
  ...planted('wall-connectors', 'connectors/erpnext', '#connectors/freeradius/it.ts', '#db/it.ts', '#platform/it.ts'),
  ...planted('wall-builtin', 'connectors/builtin', '#connectors/erpnext/it.ts', '#platform/it.ts'),
  ...planted('wall-kit', 'connectors/kit', '#connectors/erpnext/it.ts', '#db/it.ts'),
  ...planted('wall-sandbox', 'sandbox/nas', '#connectors/freeradius/it.ts', '#db/it.ts', '#ports/x/port.ts'),
  ...planted('wall-main', 'src/main', '#connectors/erpnext/it.ts'),
  ...planted('wall-web', 'web/console', '#features/plans/verbs.ts', '#domain/it.ts'),
  ...planted('wall-page', 'web/reseller', '../technician/it.ts'),
  ...planted('wall-web-app', 'web/app', '../technician/it.ts'),
  ...planted('web-imports-types-only', 'web/console', '#http/routes.ts'),
  ...planted('pure-zones-import-nothing-installed', 'src/decide', 'node:fs'),
  ...planted('pure-zones-import-nothing-installed', 'src/domain', 'node:crypto', 'zod'),
  ...planted('pure-zones-import-nothing-installed', 'src/ports/ledger', 'axios'),
  ...planted('product-imports-no-test-code', 'src/main', '#ports/ledger/fake.ts', '#test/setup/it.ts'),
  ...planted('product-imports-no-test-code', 'connectors/erpnext', '#ports/ledger/contract.ts'),
  ...planted('every-import-resolves', 'src/main', '#domain/missing.ts'),
  ...Object.entries(packageOwners).flatMap(([name, folder]) =>
    planted(`owner-${name}`, folder, name).map((plant) => ({ ...plant, file: plant.file.replace(/@(\w+)\//, '$1-') })),
  ),
  {
    rule: 'wall-features',
    file: 'src/features/plans/type-only.ts',
    target: '#features/customers/row.ts',
    typeOnly: true,
  },
];

/** What must pass, so that the walls are not made of "everything is forbidden". */
const allowed: readonly Plant[] = [
  { file: 'src/decide/fine.ts', target: '#domain/it.ts' },
  { file: 'src/access/fine.ts', target: '#decide/it.ts' },
  { file: 'src/access/fine-append.ts', target: '#outbox/append.ts' },
  { file: 'src/inbox/fine.ts', target: '#access/mark-dirty.ts' },
  { file: 'src/outbox/fine.ts', target: '#ports/x/port.ts' },
  { file: 'src/features/plans/fine.ts', target: '#features/plans/store.ts' },
  { file: 'src/features/plans/fine-announce.ts', target: '#outbox/announce.ts' },
  { file: 'src/journeys/fine-message.ts', target: '#outbox/append-message.ts' },
  { file: 'src/access/fine-announce.ts', target: '#outbox/announce.ts' },
  { file: 'src/journeys/fine.ts', target: '#features/customers/verbs.ts' },
  { file: 'src/http/fine.ts', target: '#inbox/receive.ts' },
  { file: 'src/main/wire.ts', target: '#connectors/erpnext/it.ts' },
  { file: 'src/main/start.ts', target: '#http/it.ts' },
  { file: 'src/main/demo.ts', target: '#sandbox/erpnext/it.ts' },
  { file: 'connectors/erpnext/fine.ts', target: '#connectors/kit/it.ts' },
  { file: 'connectors/builtin/fine.ts', target: '#db/it.ts' },
  { file: 'connectors/kit/http.ts', target: 'axios' },
  { file: 'sandbox/nas/fine.ts', target: '#connectors/freeradius/packet/it.ts' },
  { file: 'src/decide/fine.test.ts', target: 'fast-check' },
  { file: 'src/outbox/fine.db.test.ts', target: '#connectors/erpnext/it.ts' },
  { file: 'src/ports/ledger/contract.ts', target: 'vitest' },
  { file: 'web/console/fine.ts', target: '#http/routes.ts', typeOnly: true },
  { file: 'web/console/fine-react.tsx', target: 'react' },
];

const config: { forbidden: readonly { name: string }[] } = (
  await import(pathToFileURL(join(root, '.dependency-cruiser.mjs')).href)
).default;

// A cruise of the whole tree takes seconds, and more on a busy machine.
describe('the import walls', { timeout: 120_000 }, () => {
  const planted = cruisePlants([...forbidden, ...allowed]);

  it('catch every planted violation, and every rule has one', async () => {
    const { violations } = await planted;
    const caught = new Set(violations.map(({ rule, from }) => `${rule} ${from}`));
    expect(forbidden.filter(({ rule, file }) => !caught.has(`${rule} ${file}`))).toEqual([]);
    const withPlant = new Set(forbidden.map(({ rule }) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !withPlant.has(name))).toEqual([]);
  });

  it('let pass what the architecture allows', async () => {
    const fine = new Set(allowed.map(({ file }) => file));
    expect((await planted).violations.filter(({ from }) => fine.has(from))).toEqual([]);
  });

  it('stand in this tree', async () => {
    const { violations, modules } = await cruise(root);
    expect(violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
    // A parser that cannot read the code finds no modules, and nothing wrong with them.
    expect(modules).toBeGreaterThan(50);
  });
});
