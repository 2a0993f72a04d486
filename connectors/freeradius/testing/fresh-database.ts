import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import mysql from 'mysql2/promise';
import pg from 'pg';

/** A RADIUS database of a test's own, with all migrations up. */
export type FreshDatabase = {
  readonly url: string;
  /** `?` stands for a parameter on both servers. */
  query(statement: string, parameters?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
};

const migrationFolder = (folder: string): URL => new URL(`../../../migrations/${folder}/`, import.meta.url);

const migrations = (folder: string): readonly string[] =>
  readdirSync(migrationFolder(folder))
    .filter((file) => file.endsWith('.up.sql'))
    .sort()
    .map((file) => readFileSync(new URL(file, migrationFolder(folder)), 'utf8'));

const databaseUrl = (server: string, name: string): string => {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
};

const freshName = (): string => `radius_${randomBytes(6).toString('hex')}`;

async function freshMysql(server: string): Promise<FreshDatabase> {
  const name = freshName();
  const connection = await mysql.createConnection({ uri: server, multipleStatements: true });
  await connection.query(`create database ${name} character set utf8mb4 collate utf8mb4_general_ci; use ${name}`);
  for (const migration of migrations('radius-mysql')) await connection.query(migration);
  return {
    url: databaseUrl(server, name),
    query: async (statement, parameters = []) => {
      const [rows] = await connection.query(statement, [...parameters]);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
    drop: async () => {
      await connection.query(`drop database ${name}`);
      await connection.end();
    },
  };
}

async function freshPostgres(server: string): Promise<FreshDatabase> {
  const name = freshName();
  const owner = new pg.Client({ connectionString: server });
  await owner.connect();
  await owner.query(`create database ${name}`);
  const url = databaseUrl(server, name);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const migration of migrations('radius-postgres')) await client.query(migration);
  return {
    url,
    query: async (statement, parameters = []) => {
      let position = 0;
      const numbered = statement.replace(/\?/g, () => `$${++position}`);
      return (await client.query(numbered, [...parameters])).rows;
    },
    drop: async () => {
      await client.end();
      await owner.query(`drop database ${name} with (force)`);
      await owner.end();
    },
  };
}

/** From a superuser's URL of a server: a database with a random name. */
export const freshDatabase = (server: string): Promise<FreshDatabase> =>
  server.startsWith('mysql:') ? freshMysql(server) : freshPostgres(server);
