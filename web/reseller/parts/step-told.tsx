import { Alert } from '../../app/parts/alert.tsx';
import type { Step } from '../api/use-attempt.ts';
import { useTexts } from '../texts/texts.ts';

/** What became of an attempt, where it did not go through. */
export function StepTold({ step }: { readonly step: Step<unknown> }) {
  const t = useTexts();
  if (step.is === 'offline') return <Alert>{t.noSignalMoney}</Alert>;
  if (step.is === 'unheard') return <Alert>{t.unheard}</Alert>;
  if (step.is !== 'refused') return null;
  const { reason } = step.refusal.details;
  return <Alert>{(typeof reason === 'string' ? t.faults[reason] : undefined) ?? step.refusal.message}</Alert>;
}
