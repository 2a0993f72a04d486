import { explain, type Line, type Scene } from './scene.ts';

/** The chain from webhook to packet, as the hub explains it. */
export async function tellExplanation(scene: Scene, line: Line): Promise<void> {
  const { narrator } = scene;
  const { state, reason, timeline, applied, sessions } = await explain(scene, line);
  narrator.chapter(`Why is ${line.username} ${state}? (GET subscriptions/{id}/explain)`);
  narrator.aside(`${reason ?? ''}`);
  narrator.aside(
    `RADIUS holds generation ${applied.generation}; differences: ${applied.differences?.length ?? 'unknown'}.`,
  );
  for (const session of sessions ?? [])
    narrator.aside(`Online: session ${session.session_id}, let in as ${session.group}.`);
  for (const { at, kind, text } of timeline) narrator.aside(`${at.slice(11, 23)}  ${kind.padEnd(13)} ${text}`);
}
