import { permissions, type Role, rolePermissions } from '#domain/permissions.ts';
import type { Operation } from './operations.ts';
import { isPublic } from './operations.ts';

export const roles = Object.keys(rolePermissions) as Role[];

/** Which roles hold an operation's permission, as `src/domain/permissions.ts` has it. */
export const rolesOf = (operation: Operation): readonly Role[] =>
  roles.filter((role) => rolePermissions[role].some((permission) => permission === operation['x-permission']));

const intro = `# Who may do what

Made from the routes and from the table in \`src/domain/permissions.ts\`; a test compares this page with both, and with
what each role is really answered. After a change run \`UPDATE_ROLES=1 npx vitest run test/api/roles.db.test.ts\`
and read the difference before you keep it.

A platform owner's permission for users is narrower than its mark: it registers the first admin of a tenant, and belongs
to no tenant whose users it could change. A reseller, and a key that was given to one, meets only its own customers and what
is theirs; a technician its own orders, the lines of those that are open, its own bag, and its own attendance. An API key has
the permissions that it was given, of those that its maker has. Routes without a permission need none: they stand at the end.
`;

/** Where a mark promises more than is given, as the page says: 403 for what the recipe asks. */
export const narrower: readonly string[] = [
  'platform_owner post /api/v1/auth/register',
  'platform_owner patch /api/v1/users/{id}',
];

const names: readonly string[] = permissions;
const cell = (holds: boolean): string => (holds ? '✓' : '');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const nameOf = ({ method, path }: Operation): string => `\`${method.toUpperCase()} ${path.replace('/api/v1/', '')}\``;

/** The written matrix of route × role, as `docs/roles.md` holds it (SEC-20). */
export function rolesPage(operations: readonly Operation[]): string {
  const guarded = operations.filter((operation) => operation['x-permission'] !== undefined);
  const order = (operation: Operation): number => names.indexOf(operation['x-permission'] ?? '');
  const rows = [...guarded]
    .sort((a, b) => order(a) - order(b))
    .map((operation) => {
      const holders = rolesOf(operation);
      return row([
        nameOf(operation),
        `\`${operation['x-permission']}\``,
        ...roles.map((role) => cell(holders.includes(role))),
      ]);
    });
  const open = operations.filter(isPublic).map((operation) => `- ${nameOf(operation)}: ${operation.summary}`);
  const head = [row(['Route', 'Permission', ...roles]), row(['---', '---', ...roles.map(() => ':-:')])];
  return `${intro}\n${[...head, ...rows].join('\n')}\n\n## Without logging in\n\n${open.join('\n')}\n`;
}
