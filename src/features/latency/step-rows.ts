import { type RawBuilder, sql } from 'kysely';
import { type Step, steps } from './steps.ts';

/** A clock that is a little ahead gives no time below 0; a step that was not walked has none at all. */
const msOf = ({ from, to }: Step): RawBuilder<unknown> => {
  const [began, ended] = [sql.ref(`e.${from}`), sql.ref(`e.${to}`)];
  return sql`case when ${began} is not null and ${ended} is not null
    then greatest(0, extract(epoch from ${ended} - ${began}) * 1000)::float8 end`;
};

/** To be joined to rows of `enforcements` under the alias `e`: their steps as `s.step` and `s.ms`, null where not walked. */
export const walkedSteps: RawBuilder<unknown> = sql`
  cross join lateral (values ${sql.join(steps.map((step) => sql`(${sql.lit(step.name)}, ${msOf(step)})`))}) as s (step, ms)`;
