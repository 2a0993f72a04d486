/** The command line as a command gets it. */
export type Arguments = {
  readonly words: readonly string[];
  readonly json: boolean;
  /** Subdomain. */
  readonly tenant: string | undefined;
  /** File with heads of the audit chains. */
  readonly head: string | undefined;
  /** `group=service plan`, for an import. */
  readonly plans: readonly string[];
  readonly apply: boolean;
  /** Bounds of a span of time, ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Address of a database to be filled. */
  readonly into?: string | undefined;
  /** Of a router's script: where it reaches RADIUS and the isolir page, and the network of isolated subscribers. */
  readonly radiusAddress?: string | undefined;
  readonly isolirAddress?: string | undefined;
  readonly pool?: string | undefined;
  /** `name=value`, for a dry run. */
  readonly whatIf?: readonly string[] | undefined;
};

export type Command = {
  readonly name: string;
  readonly takes: string;
  readonly about: string;
  /** Answers the exit code: 0 done, 1 refused or failed. Wrong use throws a UsageError: 2. */
  run(args: Arguments): Promise<number>;
};

export class UsageError extends Error {}

/** One answer, in words or as JSON. */
export function say(args: Pick<Arguments, 'json'>, data: unknown, words: readonly string[]): void {
  console.log(
    args.json
      ? JSON.stringify(data, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
      : words.join('\n'),
  );
}
