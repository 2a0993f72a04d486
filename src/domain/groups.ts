/** `t` and the first eight hex digits of the tenant's id: the namespace of all that a tenant has in RADIUS (spec R2). */
export const tenantKey = (tenantId: string): string => `t${tenantId.replaceAll('-', '').slice(0, 8)}`;

export type GroupKind = { readonly plan: string } | 'isolir' | 'terminated';

/** `t1a2b3c4d:plan-key`, `t1a2b3c4d:isolir`, `t1a2b3c4d:terminated`; at most 32 characters. */
export function groupName(tenantId: string, kind: GroupKind): string {
  return `${tenantKey(tenantId)}:${typeof kind === 'string' ? kind : kind.plan}`;
}

/** Whether a group of a tenant is a plan's: neither the walled garden nor the end. */
export const isPlanGroup = (group: string): boolean => !reserved.has(group.slice(group.indexOf(':') + 1));

const planKeyMaxLength = 22;
const reserved = new Set(['isolir', 'terminated']);

/** A plan's part of its group name, from its shown name: `10 Mbps Home` → `10-mbps-home`. `attempt` tells twins apart. */
export function planKey(planName: string, attempt = 0): string {
  const slug =
    planName
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'plan';
  const tail = attempt > 0 ? `-${attempt + 1}` : reserved.has(slug) ? '-1' : '';
  return `${slug.slice(0, planKeyMaxLength - tail.length).replace(/-+$/, '')}${tail}`;
}
