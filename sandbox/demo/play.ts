import { setTimeout as sleep } from 'node:timers/promises';
import { createNarrator, milliseconds, type Narrator } from './narrator.ts';
import { openStage, type Stage } from './stage.ts';
import { dueAndPaid } from './story/due-and-paid.ts';
import { tellExplanation } from './story/explanation.ts';
import { logIn } from './story/log-in.ts';
import { setUp } from './story/set-up.ts';
import { signUp } from './story/sign-up.ts';

const limitMs = 120_000;
/** How long an interrupted story may take to let go of what it was just starting. */
const settleMs = 20_000;

async function tellStory(narrator: Narrator, stage: Stage, withRadius: boolean): Promise<void> {
  narrator.chapter('Setting up');
  const scene = await setUp(narrator, stage, withRadius);
  narrator.chapter('A new subscriber');
  const subscriber = await signUp(scene);
  const planRate = scene.nas ? await logIn(scene, scene.nas, subscriber) : null;
  const sums = await dueAndPaid(scene, subscriber, planRate);
  await tellExplanation(scene, subscriber.line);
  narrator.chapter('In short');
  for (const sum of sums) narrator.aside(sum);
}

/** Rejects when somebody interrupts, or when the story takes far longer than it should. */
function interruption(): { readonly happened: Promise<never>; off(): void } {
  let fail: (error: Error) => void = () => undefined;
  const happened = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const interrupt = (signal: NodeJS.Signals): void => fail(new Error(`interrupted (${signal})`));
  const late = setTimeout(() => fail(new Error(`not finished within ${limitMs / 1_000} s`)), limitMs);
  // Nobody may be waiting when it happens, as while the stage is being left.
  happened.catch(() => undefined);
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return {
    happened,
    off: () => {
      clearTimeout(late);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Interruption = ReturnType<typeof interruption>;

/** Plays until the end, or until somebody interrupts; then what is under way comes to its end before the stage is left. */
async function playOn(
  narrator: Narrator,
  stage: Stage,
  { happened }: Interruption,
  withRadius: boolean,
): Promise<void> {
  const story = tellStory(narrator, stage, withRadius);
  try {
    await Promise.race([story, happened]);
  } catch (error) {
    const evidence = stage.evidence();
    await stage.clear();
    await Promise.race([story.catch(() => undefined), sleep(settleMs, undefined, { ref: false })]);
    throw new Error([wordsOf(error), evidence].join('\n').trim(), { cause: error });
  }
}

/**
 * The main job, told as it happens: a bill falls due, the subscriber is walled in, the bill is paid, it is back. Answers
 * the exit code: 0, or 1 after telling why. Whatever it started is ended by then, and its folder is gone.
 */
export async function play({ withRadius }: { readonly withRadius: boolean }): Promise<number> {
  const narrator = createNarrator((line) => console.log(line));
  const began = performance.now();
  const interrupted = interruption();
  const stage = await openStage();
  let code = 0;
  const failed = (error: unknown): void => {
    code = 1;
    console.error(`\nThe demo failed: ${wordsOf(error)}`);
  };
  console.log('Jembatan: from an unpaid bill to the walled garden, and back.');
  await playOn(narrator, stage, interrupted, withRadius).catch(failed);
  await stage.close().catch(failed);
  interrupted.off();
  if (code === 0)
    console.log(`\nDone in ${milliseconds(performance.now() - began)}; everything is stopped and removed.`);
  return code;
}
