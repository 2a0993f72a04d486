import { numberOf } from '../../app/texts/language.ts';
import type { SoldPlan } from '../api/shapes.ts';
import { useMoney } from '../brand/money.ts';
import { Choice } from '../parts/choice.tsx';
import { Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

type Props = {
  readonly plans: readonly SoldPlan[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
};

/** What the shop may sell, each at its price. */
export function Plans({ plans, chosen, onChoose }: Props) {
  const t = useTexts();
  const money = useMoney();
  const options = plans.map(({ id, name, price, speed_download, speed_upload }) => ({
    value: id,
    shown: (
      <>
        <Sides left={<b>{name}</b>} right={money(price)} />
        <span className="text-base text-quiet">
          {t.register.speed(numberOf(speed_download), numberOf(speed_upload))}
        </span>
      </>
    ),
  }));
  return <Choice legend={t.register.plan} name="plan" options={options} chosen={chosen} onChoose={onChoose} />;
}
