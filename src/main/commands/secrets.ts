import { randomBytes } from 'node:crypto';
import { leftUnder, rewrapSecrets } from '#db/rewrap-secrets.ts';
import { type Arguments, type Command, say } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { type Config, readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { changeMasterKeys, readMasterKeys } from '#platform/master-key-file.ts';
import type { MasterKeys } from '#platform/master-keys.ts';
import { Refusal } from '#platform/refusal.ts';
import { keyIdOf } from '#platform/sealing.ts';

const formerIds = ({ former }: MasterKeys): readonly string[] => former.map(keyIdOf);

/** A new key goes before the one that there is, which goes on opening what it sealed. */
const addKey = ({ secretKeyFile }: Config): Promise<MasterKeys> =>
  changeMasterKeys(secretKeyFile, ({ current, former, derivation }) => ({
    current: randomBytes(32),
    former: [current, ...former],
    derivation,
  }));

const newKeyWords = (keys: MasterKeys, { secretKeyFile }: Config): readonly string[] => [
  `Key ${keyIdOf(keys.current)} seals from now on; ${formerIds(keys).join(', ')} still open what they sealed.`,
  `Back up ${secretKeyFile} now, apart from the database.`,
];

async function rewrap(args: Pick<Arguments, 'json'>, config: Config, before: readonly string[]): Promise<number> {
  return withHub(config, createLog('silent'), async ({ db, vault }) => {
    const keys = await readMasterKeys(config.secretKeyFile);
    const done = await rewrapSecrets(db, vault, formerIds(keys));
    const key = keyIdOf(keys.current);
    say(args, { key, ...done }, [
      ...before,
      `${done.dataKeys} tenants' keys and ${done.own} secrets of the installation are now under ${key}.`,
      'Running hubs need no restart: they read the key file again when they meet the new key.',
    ]);
    return 0;
  });
}

export const secretsNewKey: Command = {
  name: 'secrets new-key',
  takes: '',
  about: 'adds a master key to the key file, to be copied to every host before `secrets rewrap`',
  run: async (args) => {
    const config = readConfig(process.env);
    await readMasterKeys(config.secretKeyFile);
    const keys = await addKey(config);
    say(args, { key: keyIdOf(keys.current), former: formerIds(keys) }, newKeyWords(keys, config));
    return 0;
  },
};

export const secretsRewrap: Command = {
  name: 'secrets rewrap',
  takes: '',
  about: "seals the tenants' keys with the newest master key",
  run: (args) => rewrap(args, readConfig(process.env), []),
};

export const secretsRotate: Command = {
  name: 'secrets rotate',
  takes: '',
  about: '`secrets new-key` and `secrets rewrap` in one, where all hubs share one key file',
  run: async (args) => {
    const config = readConfig(process.env);
    await readMasterKeys(config.secretKeyFile);
    return rewrap(args, config, newKeyWords(await addKey(config), config));
  },
};

export const secretsForget: Command = {
  name: 'secrets forget',
  takes: '',
  about: 'drops the former master keys from the key file, once nothing is sealed with them any more',
  run: (args) => {
    const config = readConfig(process.env);
    return withHub(config, createLog('silent'), async ({ db }) => {
      const keys = await readMasterKeys(config.secretKeyFile);
      const ids = formerIds(keys);
      const left = await leftUnder(db, ids);
      if (left > 0) {
        throw new Refusal(
          'CONFLICT',
          `${left} values are still sealed with ${ids.join(', ')}: run secrets rewrap first.`,
        );
      }
      await changeMasterKeys(config.secretKeyFile, (now) => ({
        ...now,
        former: now.former.filter((key) => !ids.includes(keyIdOf(key))),
      }));
      say(args, { forgotten: ids }, [
        ids.length === 0 ? 'There is no former key.' : `Forgotten: ${ids.join(', ')}.`,
        'Backups of the database from before the rotation need the key file from before it.',
      ]);
      return 0;
    });
  },
};
