import type { Outcome } from '../../app/api/request.ts';
import { Alert } from '../../app/parts/alert.tsx';
import type { Step } from '../api/use-attempt.ts';
import { type Texts, useTexts } from '../texts/texts.ts';

type Refused = Extract<Outcome<never>, { is: 'refused' }>;

/** The first field that the hub finds wrong. */
const fieldOf = ({ details }: Refused): string => {
  const [first]: readonly unknown[] = Array.isArray(details.fields) ? details.fields : [];
  return String(Object(first).field ?? '');
};

/** A refusal in words of the shop: by its reason, its field, its code; else as the hub says it. */
function refusalIn({ faults, faultsOf, codes, answerLost }: Texts, refusal: Refused): string {
  const { code, details, message } = refusal;
  // Done under this key before, and the answer is not there any more.
  if ('correlation_id' in details && 'header' in details) return answerLost;
  return faults[String(details.reason ?? '')] ?? faultsOf[fieldOf(refusal)] ?? codes[code] ?? message;
}

/** What became of an attempt, where it did not go through. */
export function StepTold({ step }: { readonly step: Step<unknown> }) {
  const t = useTexts();
  if (step.is === 'offline') return <Alert>{t.noSignalMoney}</Alert>;
  if (step.is === 'unheard') return <Alert>{t.unheard}</Alert>;
  return step.is === 'refused' ? <Alert>{refusalIn(t, step.refusal)}</Alert> : null;
}
