import { type ChangeEvent, useState } from 'react';
import { ask } from '../../app/api/ask.ts';
import { Alert } from '../../app/parts/alert.tsx';
import { Button } from '../../app/parts/button.tsx';
import { addressOf } from '../../app/route.ts';
import { numberOf } from '../../app/texts/language.ts';
import type { Import, ImportRow } from '../api/shapes.ts';
import { type Step, useAttempt } from '../api/use-attempt.ts';
import { Page } from '../parts/page.tsx';
import { Row, Rows } from '../parts/row.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { useTexts } from '../texts/texts.ts';

const path = 'reseller/customers/import';

const kinds = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** Phones name spreadsheets as they please: the ending counts. */
const spreadsheetOf = (file: File): Blob => {
  const type = file.name.toLowerCase().endsWith('.xlsx') ? kinds.xlsx : kinds.csv;
  return new Blob([file], { type });
};

/** What was seen of the file that was chosen last. */
type Looked =
  | { readonly is: 'nothing' | 'busy' | 'away' }
  | { readonly is: 'refused'; readonly code: string; readonly message: string }
  | { readonly is: 'seen'; readonly file: Blob; readonly preview: Import };

function Choose({ onChoose }: { readonly onChoose: (event: ChangeEvent<HTMLInputElement>) => void }) {
  const t = useTexts();
  return (
    <label className="flex min-h-16 items-center justify-center rounded-xl border-2 border-deep bg-deep px-3 text-xl font-semibold text-white focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-deep print:hidden">
      {t.import.choose}
      <input type="file" accept=".csv,.xlsx,text/csv" className="sr-only" onChange={onChoose} />
    </label>
  );
}

function RowShown({ row: { row, name, phone, plan, errors, warnings } }: { readonly row: ImportRow }) {
  const t = useTexts();
  return (
    <Row>
      <span className="text-base text-quiet">{t.import.row(numberOf(row))}</span>
      <span className="block font-semibold break-words">{name}</span>
      <span className="block text-base break-words">{[phone, plan].filter((one) => one !== '').join(' · ')}</span>
      {errors.map(({ column, message }) => (
        <span key={`${column} ${message}`} className="block break-words text-bad">
          {t.import.columns[column]}: {message}
        </span>
      ))}
      {warnings.map(({ column, message }) => (
        <span key={`${column} ${message}`} className="block break-words text-wait">
          {t.import.columns[column]}: {message}
        </span>
      ))}
    </Row>
  );
}

/** The hub's own words stand below: they name the column, or what the file is instead. */
function Unreadable({ code, message }: { readonly code: string; readonly message: string }) {
  const t = useTexts();
  const told = t.codes[code];
  return (
    <>
      <Alert>{told ?? t.import.unreadable}</Alert>
      {told === undefined && <p className="text-base break-words text-quiet">{message}</p>}
    </>
  );
}

function Preview({ preview, onGo }: { readonly preview: Import; readonly onGo?: () => void }) {
  const t = useTexts();
  const { rows, good, bad, imported_before: isOld } = preview;
  const wrong = rows.filter(({ errors }) => errors.length > 0);
  return (
    <>
      <div role="status" className="font-semibold">
        <p className="text-good">{t.import.good(numberOf(good))}</p>
        {bad > 0 && <p className="text-bad">{t.import.bad(numberOf(bad))}</p>}
      </div>
      <p>{isOld ? t.import.before : bad > 0 ? t.import.mend : t.import.sure}</p>
      {onGo && !isOld && bad === 0 && good > 0 && (
        <Button look="main" isBig onPress={onGo}>
          {t.import.go(numberOf(good))}
        </Button>
      )}
      <Rows>
        {(wrong.length > 0 ? wrong : rows).map((row) => (
          <RowShown key={row.row} row={row} />
        ))}
      </Rows>
    </>
  );
}

/** Who was made, each with the password, once: to print and to hand out. */
function Made({ made: { customers, imported_before: isOld } }: { readonly made: Import }) {
  const t = useTexts();
  return (
    <>
      <p role="status" className="text-xl font-bold text-good">
        ✓ {isOld ? t.import.before : t.import.done(numberOf(customers.length))}
      </p>
      {customers.length > 0 && (
        <>
          <p className="font-semibold print:hidden">{t.register.once}</p>
          <Button onPress={() => print()}>{t.print}</Button>
        </>
      )}
      <Rows>
        {customers.map(({ customer_id, name, username, password }) => (
          <Row key={customer_id}>
            <span className="block font-semibold break-words">{name}</span>
            <span className="block break-words">
              {t.register.username}: {username}
            </span>
            <span className="block break-words">
              {t.register.password}: {password}
            </span>
          </Row>
        ))}
      </Rows>
    </>
  );
}

/** What became of it; a row may have become wrong since it was seen: somebody else registered the same name. */
function Outcome({ step }: { readonly step: Step<Import> }) {
  if (step.is !== 'done') return <StepTold step={step} />;
  return step.body.bad > 0 ? <Preview preview={step.body} /> : <Made made={step.body} />;
}

/**
 * Present customers out of a spreadsheet: seen first, then all or none. The hub takes a file in once; under its key the
 * answer, with the passwords, comes again where it was lost.
 */
export function ImportPage() {
  const t = useTexts();
  const [looked, setLooked] = useState<Looked>({ is: 'nothing' });
  const { step, send, sendNow } = useAttempt<Blob, Import>({ path: `${path}?preview=false`, of: 'file' });

  async function look(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const [file] = event.target.files ?? [];
    // The same file, mended, must be seen as a new choice.
    event.target.value = '';
    if (!file) return;
    setLooked({ is: 'busy' });
    const blob = spreadsheetOf(file);
    const outcome = await ask<Import>('POST', `${path}?preview=true`, { blob });
    setLooked(outcome.is === 'done' ? { is: 'seen', file: blob, preview: outcome.body } : outcome);
  }
  function go(file: Blob): void {
    setLooked({ is: 'nothing' });
    void sendNow(file);
  }

  if (step.is === 'unheard' || step.is === 'offline')
    return (
      <Page title={t.import.title} back={addressOf('more')}>
        <StepTold step={step} />
        <Button look="main" isBig onPress={() => void send()}>
          {t.again}
        </Button>
      </Page>
    );
  const isBusy = looked.is === 'busy' || step.is === 'sending';
  return (
    <Page title={t.import.title} back={addressOf('more')}>
      <p className="print:hidden">{t.import.hint}</p>
      {!isBusy && <Choose onChoose={(event) => void look(event)} />}
      {isBusy && <p role="status">{step.is === 'sending' ? t.import.taking : t.import.checking}</p>}
      {looked.is === 'away' && <Alert>{t.import.away}</Alert>}
      {looked.is === 'refused' && <Unreadable code={looked.code} message={looked.message} />}
      {looked.is === 'seen' && <Preview preview={looked.preview} onGo={() => go(looked.file)} />}
      {looked.is === 'nothing' && <Outcome step={step} />}
    </Page>
  );
}
