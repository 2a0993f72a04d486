import { z } from '@hono/zod-openapi';
import { type DunningPreset, dunningFault, dunningPresets, dunningStarts } from '#domain/dunning.ts';

const when = { from: z.enum(dunningStarts), days: z.int().min(-60).max(365) };

const Step = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('message'), ...when }),
    z.strictObject({ kind: z.literal('fee'), ...when, amount: z.int().positive().max(1_000_000_000) }),
    z.strictObject({ kind: z.literal('isolate'), ...when }),
  ])
  .openapi('DunningStep', { example: { kind: 'message', from: 'due', days: -3 } });

const Preset = z.enum(Object.keys(dunningPresets) as [DunningPreset, ...DunningPreset[]]);
const steps = z
  .array(Step)
  .max(20)
  .superRefine((list, context) => {
    const fault = dunningFault(list);
    if (fault !== null) context.addIssue(fault);
  });

/** What may be written of a dunning policy (spec L4): a preset by its name, or steps of one's own. */
export const DunningChange = z
  .union([z.strictObject({ preset: Preset }), z.strictObject({ steps })], {
    error: 'must hold preset (as_due, before_due or after_issue), or steps',
  })
  .openapi('DunningChange', { example: { preset: 'before_due' } });

/** What is in force: the steps, and which preset they are (null: the tenant's own). */
export const Dunning = z
  .object({ preset: Preset.nullable(), steps: z.array(Step) })
  .openapi('Dunning', { example: { preset: 'before_due', steps: [...dunningPresets.before_due] } });

/** The stored policy as it is in force. */
export function readDunning(stored: unknown): z.infer<typeof Dunning> {
  const chosen = DunningChange.safeParse(stored);
  // An empty one is what stood there before there were policies.
  if (!chosen.success) return { preset: 'as_due', steps: [...dunningPresets.as_due] };
  if ('steps' in chosen.data) return { preset: null, steps: chosen.data.steps };
  return { preset: chosen.data.preset, steps: [...dunningPresets[chosen.data.preset]] };
}
