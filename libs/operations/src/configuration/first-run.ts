import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import type { PersonConfig, Role, SourceConfig } from '@tocsin/domain';
import { roles as allRoles } from '@tocsin/domain';

/** TOCSIN_DATA/first-run.json: the only place where the first passwords and tokens stand in clear. */
export interface FirstRun {
  readonly console: string;
  readonly intake: string;
  /** The first with each role has the whole unit as scope, where the unit has such a person. */
  readonly users: readonly { readonly username: string; readonly password: string; readonly roles: readonly Role[] }[];
  /** The first has the whole unit as scope, where the unit has such a source. */
  readonly sources: readonly { readonly id: string; readonly token: string; readonly protocol: string }[];
}
export interface FirstSecrets {
  readonly firstRun: FirstRun;
  readonly passwords: readonly { readonly id: string; readonly passwordHash: string }[];
  readonly tokens: readonly { readonly id: string; readonly tokenHash: Buffer }[];
}
export interface Addresses {
  readonly console: string;
  readonly intake: string;
}
export const defaultAddresses: Addresses = { console: 'http://127.0.0.1:4100', intake: 'http://127.0.0.1:4101' };

/**
 * Random passwords (96 bits) for everybody who may sign in and random tokens (256 bits) for every source, with what is
 * stored of them. Hashes run side by side on libuv's threads: 30 people take 0.5 s on 2 cores.
 */
export async function makeFirstSecrets(
  unit: { readonly people: readonly PersonConfig[]; readonly sources: readonly SourceConfig[] },
  addresses: Addresses,
): Promise<FirstSecrets> {
  const users = wholeUnitFirst(
    unit.people.filter(({ username }) => username !== undefined),
    ({ grants }) => grants.map(({ scope }) => scope),
  ).map((person) => ({ person, password: newPassword() }));
  const sources = wholeUnitFirst(unit.sources, ({ scope }) => scope).map((source) => ({ source, token: newToken() }));
  const passwords = await Promise.all(
    users.map(async ({ person, password }) => ({ id: person.id, passwordHash: await hashPassword(password) })),
  );
  return {
    firstRun: {
      ...addresses,
      users: users.map(({ person, password }) => ({
        username: person.username as string,
        password,
        roles: rolesOf(person),
      })),
      sources: sources.map(({ source, token }) => ({ id: source.id, token, protocol: source.protocol })),
    },
    passwords,
    tokens: sources.map(({ source, token }) => ({ id: source.id, tokenHash: hashToken(token) })),
  };
}

/** In their order, those whose every scope is the unit before the others. */
function wholeUnitFirst<T>(items: readonly T[], scopesOf: (item: T) => readonly { readonly kind: string }[]): T[] {
  const isWhole = (item: T) => scopesOf(item).every(({ kind }) => kind === 'unit');
  return [...items.filter(isWhole), ...items.filter((item) => !isWhole(item))];
}

const rolesOf = ({ grants }: PersonConfig): Role[] =>
  allRoles.filter((role) => grants.some((grant) => grant.role === role));

export const newPassword = (): string => randomBytes(12).toString('base64url');
export const newToken = (): string => randomBytes(32).toString('base64url');
/** Tokens have 256 random bits: a plain hash cannot be searched. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();
/** argon2id with 19 MiB, 2 passes, 1 lane (OWASP password storage, 2025). */
export const hashPassword = (password: string): Promise<string> =>
  hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

export const firstRunFile = (dataDir: string): string => join(dataDir, 'first-run.json');

/**
 * Writes the file for its owner alone (0600), whole or not at all, and on the disk: called before COMMIT, so that no
 * power cut leaves hashes in the database whose passwords nobody was told.
 */
export function writeFirstRun(dataDir: string, firstRun: FirstRun): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const next = `${firstRunFile(dataDir)}.${process.pid}.next`;
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(firstRun, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, firstRunFile(dataDir));
}
