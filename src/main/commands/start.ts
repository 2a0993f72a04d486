import type { Command } from '#main/command.ts';
import { runHub } from '#main/run-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

/** Whichever comes first: Ctrl-C, or the supervisor's word. */
const askedToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });

export const start: Command = {
  name: 'start',
  takes: '',
  about: 'runs the hub until it is told to stop',
  async run(args) {
    const config = readConfig(process.env);
    const log = createLog(config.logLevel);
    const stop = askedToStop();
    const hub = await runHub(config, log);
    const told = {
      url: hub.url,
      role: config.role,
      ...(hub.owner ? { owner: hub.owner } : {}),
      ...(hub.where ? { database: hub.where } : {}),
    };
    if (args.json) console.log(JSON.stringify(told));
    else {
      console.log(`Jembatan listens on ${hub.url} (${config.role}).`);
      if (hub.where) console.log(`Embedded database: ${hub.where}.`);
      if (hub.owner) {
        console.log(
          `\nThe first platform owner, told this once:\n  e-mail    ${hub.owner.email}\n  password  ${hub.owner.password ?? '(JEMBATAN_OWNER_PASSWORD)'}\n`,
        );
      }
    }
    const signal = await stop;
    log.info('stopping', { signal });
    await hub.close();
    return 0;
  },
};
