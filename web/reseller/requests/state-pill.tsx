import { Pill, type PillLook } from '../../app/parts/pill.tsx';
import type { Request } from '../api/shapes.ts';
import { useTexts } from '../texts/texts.ts';

type State = Request['state'];

const looks: Readonly<Record<State, PillLook>> = { open: 'wait', answered: 'good', closed: 'plain' };

export function StatePill({ state }: { readonly state: State }) {
  const t = useTexts();
  return <Pill look={looks[state]} text={t.requests.states[state]} />;
}
