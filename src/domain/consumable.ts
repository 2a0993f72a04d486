/** What is used up, and so counted instead of being known by a serial (spec A8). */
export const consumableKinds = ['cable', 'router', 'switch', 'antenna', 'connector', 'tool', 'other'] as const;
export type ConsumableKind = (typeof consumableKinds)[number];

/** `in`: bought, or found; `out`: lost, broken, given away; `use`: for an order; `transfer`: to another place. */
export const consumableMoveKinds = ['in', 'out', 'use', 'transfer'] as const;
export type ConsumableMoveKind = (typeof consumableMoveKinds)[number];

/** The place of what a technician carries. */
export const bagPlace = 'bag';
