import { z } from '@hono/zod-openapi';
import { noCutFault, weekdays } from '#domain/no-cut.ts';
import { filledText } from '#platform/stored-text.ts';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 20:00');

/** When nobody is newly cut (spec X8): stored and answered as it is written. */
export const NoCut = z
  .strictObject({
    weekdays: z.array(z.enum(weekdays)).max(7).default([]),
    dates: z
      .array(z.strictObject({ date: z.iso.date(), name: filledText(80) }))
      .max(400)
      .default([]),
    hours: z
      .array(z.strictObject({ from: clock, to: clock }))
      .max(10)
      .default([])
      .openapi({
        description: 'From the first minute to the first one after; over midnight where `from` is the later',
      }),
  })
  .superRefine((calendar, context) => {
    const fault = noCutFault(calendar);
    if (fault !== null) context.addIssue(fault);
  })
  .openapi('NoCut', {
    example: {
      weekdays: ['saturday', 'sunday'],
      dates: [{ date: '2027-03-10', name: 'Idul Fitri' }],
      hours: [{ from: '17:00', to: '08:00' }],
    },
  });
