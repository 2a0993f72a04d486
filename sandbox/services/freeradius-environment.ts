/** What differs between one private FreeRADIUS and another. */
export type RadiusPlace = {
  readonly configDir: string;
  readonly runDir: string;
  /** `mysql://user:password@host:port/database` or `postgres://…`. */
  readonly database: string;
  readonly authPort: number;
  readonly acctPort: number;
  readonly statusPort: number;
  readonly statusSecret: string;
  readonly rejectDelaySeconds: number;
  readonly interimSeconds: number;
  readonly requireSigned: boolean;
};

type Variables = Readonly<Record<string, string>>;

function databaseVariables(url: string): Variables {
  const { protocol, hostname, port, pathname, username, password } = new URL(url);
  const mysql = protocol === 'mysql:';
  return {
    JEMBATAN_RADIUS_DB_DIALECT: mysql ? 'mysql' : 'postgresql',
    JEMBATAN_RADIUS_DB_HOST: hostname,
    JEMBATAN_RADIUS_DB_PORT: port || (mysql ? '3306' : '5432'),
    JEMBATAN_RADIUS_DB_NAME: pathname.slice(1),
    JEMBATAN_RADIUS_DB_USER: decodeURIComponent(username),
    JEMBATAN_RADIUS_DB_PASSWORD: decodeURIComponent(password),
    JEMBATAN_RADIUS_DB_TIME_ZONE: 'SYSTEM',
  };
}

/** The environment that `radius-config/` asks for (`radius-config/environment`), for a server on loopback. */
export const radiusEnvironment = (place: RadiusPlace): Variables => ({
  JEMBATAN_RADIUS_CONFIG_DIR: place.configDir,
  JEMBATAN_RADIUS_RUN_DIR: place.runDir,
  JEMBATAN_RADIUS_LOG_DIR: place.runDir,
  ...databaseVariables(place.database),
  JEMBATAN_RADIUS_ADDRESS: '127.0.0.1',
  JEMBATAN_RADIUS_AUTH_PORT: String(place.authPort),
  JEMBATAN_RADIUS_ACCT_PORT: String(place.acctPort),
  JEMBATAN_RADIUS_STATUS_PORT: String(place.statusPort),
  JEMBATAN_RADIUS_STATUS_SECRET: place.statusSecret,
  JEMBATAN_RADIUS_NETWORKS: 'private',
  JEMBATAN_RADIUS_REQUIRE_SIGNED: place.requireSigned ? 'yes' : 'no',
  JEMBATAN_RADIUS_REJECT_DELAY: String(place.rejectDelaySeconds),
  JEMBATAN_RADIUS_INTERIM_SECONDS: String(place.interimSeconds),
});
