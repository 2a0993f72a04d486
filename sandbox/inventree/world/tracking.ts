/** InvenTree's codes for what a row of an item's history tells. */
export const tracked = {
  created: 1,
  edited: 5,
  counted: 10,
  added: 11,
  removed: 12,
  returned: 15,
  moved: 20,
  updated: 25,
  splitOff: 40,
  split: 42,
  sentToCustomer: 100,
} as const;

export const trackLabels: ReadonlyMap<number, string> = new Map<number, string>([
  [tracked.created, 'Stock item created'],
  [tracked.edited, 'Edited stock item'],
  [tracked.counted, 'Stock counted'],
  [tracked.added, 'Stock manually added'],
  [tracked.removed, 'Stock manually removed'],
  [tracked.returned, 'Returned to stock'],
  [tracked.moved, 'Location changed'],
  [tracked.updated, 'Stock updated'],
  [tracked.splitOff, 'Split from parent item'],
  [tracked.split, 'Split child item'],
  [tracked.sentToCustomer, 'Sent to customer'],
]);
