import { err, type Result } from '#domain/result.ts';
import type { AssetFailure, MoveRefusal, TrackedAsset } from '#ports/asset-tracker/port.ts';
import type { InventreeFailure } from './client.ts';

/** Before anything was asked for: what the port calls it. */
export const failed = ({ reason, detail }: InventreeFailure): Result<never, AssetFailure> =>
  err({ reason: reason === 'unreachable' || reason === 'forbidden' ? reason : 'rejected', detail });

export const rejected = (detail: string): Result<never, AssetFailure> => err({ reason: 'rejected', detail });

/** After it was asked for: whatever keeps from looking, nobody knows what came of it. */
export const unknown = (detail: string): Result<never, AssetFailure> => err({ reason: 'unreachable', detail });

export const refused = (
  refusal: MoveRefusal,
  detail: string,
  found: TrackedAsset | null,
): Result<never, AssetFailure> => err({ reason: 'refused', refusal, detail, found });

export const gone = (): Result<never, AssetFailure> => refused('gone', 'there is no such unit in InvenTree', null);

export const stillOpen =
  'the answer was lost; whether it was done after all is looked for a while before it is asked for again';
