import { Pill, type PillLook } from '../../app/parts/pill.tsx';
import { useTexts } from '../texts/texts.ts';

const looks: Readonly<Record<string, PillLook>> = { open: 'wait', answered: 'good', closed: 'plain' };

export function StatePill({ state }: { readonly state: string }) {
  const t = useTexts();
  return <Pill look={looks[state] ?? 'plain'} text={t.requests.states[state] ?? state} />;
}
