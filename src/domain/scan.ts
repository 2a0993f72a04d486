/** What a phone scans a code for (the contract's `kind`). */
export const scanKinds = ['hand_over', 'pick_up', 'install', 'return'] as const;
export type ScanKind = (typeof scanKinds)[number];

/** `held`: it cannot go on, and cannot be taken back, by itself; it says in words what a person must do. */
export const scanStates = ['running', 'done', 'refused', 'held'] as const;
export type ScanState = (typeof scanStates)[number];

export const stepStates = ['waiting', 'done', 'skipped', 'refused', 'held'] as const;
export type StepState = (typeof stepStates)[number];

/** What follows from a scan, in order (spec A4). */
export const scanSteps = {
  hand_over: ['asset', 'stock'],
  pick_up: ['asset'],
  install: ['asset', 'replaced', 'stock', 'erp', 'mac_lock', 'activation', 'online'],
  return: ['asset', 'stock', 'erp', 'mac_lock'],
} as const satisfies Readonly<Record<ScanKind, readonly string[]>>;
export type ScanStep = (typeof scanSteps)[ScanKind][number];
