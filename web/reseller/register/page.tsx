import { type FormEvent, useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card, Empty } from '../../app/parts/card.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { Field } from '../../app/parts/field.tsx';
import { addressOf } from '../../app/route.ts';
import type { NewCustomer, NewLead, Registered, SoldPlan, SoldPlans } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { SubmitButton } from '../parts/submit-button.tsx';
import { useTexts } from '../texts/texts.ts';
import { AccountCard } from './account-card.tsx';
import { type Located, PlaceOfHouse } from './place-of-house.tsx';
import { Plans } from './plans.tsx';

const longest = { name: 200, phone: 32, address: 500, nationalId: 32 };

type Typed = { readonly name: string; readonly phone: string; readonly address: string; readonly nationalId: string };
const nothing: Typed = { name: '', phone: '', address: '', nationalId: '' };

const leadOf = ({ name, phone, address }: Typed, plan: string, place: Located | null) => ({
  name: name.trim(),
  phone: phone.trim(),
  address: address.trim(),
  service_plan_id: plan,
  ...(place && { latitude: place.latitude, longitude: place.longitude }),
});

/** A lead has no national id: nobody has promised that they become a customer. */
const customerOf = (typed: Typed, plan: string, place: Located | null): NewCustomer => ({
  ...leadOf(typed, plan, place),
  ...(typed.nationalId.trim() !== '' && { national_id: typed.nationalId.trim() }),
});

function Fields({ typed, onChange }: { readonly typed: Typed; readonly onChange: (part: Partial<Typed>) => void }) {
  const t = useTexts();
  return (
    <>
      <Field
        label={t.register.name}
        value={typed.name}
        onChange={(name) => onChange({ name })}
        longest={longest.name}
      />
      <Field
        label={t.register.phone}
        type="tel"
        keys="tel"
        value={typed.phone}
        onChange={(phone) => onChange({ phone })}
        longest={longest.phone}
      />
      <Field
        label={t.register.address}
        value={typed.address}
        onChange={(address) => onChange({ address })}
        longest={longest.address}
      />
      <Field
        label={t.register.nationalId}
        keys="numeric"
        value={typed.nationalId}
        onChange={(nationalId) => onChange({ nationalId })}
        longest={longest.nationalId}
        isOptional
      />
    </>
  );
}

function Form({ plans }: { readonly plans: readonly SoldPlan[] }) {
  const t = useTexts();
  const [typed, setTyped] = useState(nothing);
  const [plan, setPlan] = useState(plans[0]?.id ?? '');
  const [place, setPlace] = useState<Located | null>(null);
  const customer = useAttempt<NewCustomer, Registered>({ path: 'reseller/customers', of: 'new' });
  const lead = useAttempt<NewLead, unknown>({ path: 'leads', of: 'new' });
  // Outside of the coverage the office calls whoever lives there first.
  const isLead = place?.coverage?.may_register === false;

  function submit(event: FormEvent): void {
    event.preventDefault();
    void (isLead ? lead.sendNow(leadOf(typed, plan, place)) : customer.sendNow(customerOf(typed, plan, place)));
  }

  if (customer.step.is === 'done') return <AccountCard registered={customer.step.body} phone={typed.phone} />;
  if (lead.step.is === 'done') return <Card>{t.register.asLead}</Card>;
  for (const one of [customer, lead]) {
    if (one.step.is !== 'unheard') continue;
    // What was sent is sent again as it was: another name under the same key would be another customer.
    return (
      <Card title={one.attempt?.body.name ?? ''}>
        <StepTold step={one.step} />
        <Button look="main" isBig onPress={() => void one.send()}>
          {t.again}
        </Button>
      </Card>
    );
  }
  const { step } = isLead ? lead : customer;
  return (
    <form className="space-y-3" onSubmit={submit}>
      <Fields typed={typed} onChange={(part) => setTyped({ ...typed, ...part })} />
      <Plans plans={plans} chosen={plan} onChoose={setPlan} />
      <PlaceOfHouse place={place} onFound={setPlace} />
      <StepTold step={step} />
      <SubmitButton isBusy={step.is === 'sending'}>{isLead ? t.register.submitLead : t.register.submit}</SubmitButton>
      <ButtonLink href={addressOf('import')} text={t.moreTab.import} />
    </form>
  );
}

/** The form for a new customer (spec S1): who, where, which plan; whether the network reaches it is said before it is sent. */
export function RegisterPage() {
  const t = useTexts();
  const plans = useAnswer<SoldPlans>('reseller/plans');
  return (
    <Page title={t.register.title} back={addressOf('customers')}>
      <Answered of={plans}>
        {({ data }) => (data.length === 0 ? <Empty text={t.register.noPlans} /> : <Form plans={data} />)}
      </Answered>
    </Page>
  );
}
