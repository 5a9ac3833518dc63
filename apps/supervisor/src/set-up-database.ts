import { applyFolder } from '@tocsin/operations';
import { migrate } from '@tocsin/store';
import { join } from 'node:path';
import { prepareAppRole } from './app-role.js';
import { withPostgres } from './ask-postgres.js';
import { readPrivate, writePrivate } from './private-file.js';

/** What the supervisor asks of this short-lived process, which carries the weight of store and operations for it. */
export interface SetUp {
  readonly ownerUrl: string;
  /** DATABASE_URL and DATABASE_MIGRATION_URL both given: roles are the administrator's affair. */
  readonly givenAppUrl: string | null;
  readonly appPassword: string;
  readonly own: boolean;
  readonly dataDir: string;
  readonly configDir: string;
  readonly secret: string;
  readonly consoleUrl: string;
  readonly intakeUrl: string;
}

export interface SetUpDone {
  readonly appUrl: string;
  readonly migrations: readonly string[];
  /** Lines that the reader of the start must see. */
  readonly warnings: readonly string[];
  readonly config: { readonly version: string | null; readonly changed: boolean } | null;
  readonly isFirstRun: boolean;
}

export type SetUpAnswer = { ok: true; done: SetUpDone } | { ok: false; message: string };

async function setUp(wanted: SetUp): Promise<SetUpDone> {
  const { version: _, ...migrated } = await migrate(wanted.ownerUrl);
  const warnings: string[] = [];
  const unenforced = (why: string): void => {
    warnings.push(`the event log is append-only by our code alone, PostgreSQL does not enforce it: ${why}`);
  };
  if (migrated.appendOnlyMissing) unenforced(migrated.appendOnlyMissing);
  const role = await appRole(wanted, migrated.appendOnly);
  if (migrated.appendOnly && role.missing) unenforced(role.missing);
  const applied = await apply(wanted, warnings);
  return { appUrl: role.url, migrations: migrated.applied, warnings, ...applied };
}

function appRole(wanted: SetUp, isRoleThere: boolean): Promise<{ url: string; missing: string | null }> {
  if (wanted.givenAppUrl) return Promise.resolve({ url: wanted.givenAppUrl, missing: null });
  if (!isRoleThere) return Promise.resolve({ url: wanted.ownerUrl, missing: null });
  const { ownerUrl, appPassword: password, own, dataDir } = wanted;
  return prepareAppRole({ ownerUrl, password, own, dataDir });
}

/** A folder with a mistake must not keep a running unit's alerts from being paged: the version in force stays. */
async function apply(wanted: SetUp, warnings: string[]): Promise<Pick<SetUpDone, 'config' | 'isFirstRun'>> {
  const file = join(wanted.dataDir, 'first-run.json');
  const addresses = { console: wanted.consoleUrl, intake: wanted.intakeUrl };
  try {
    const {
      version,
      changed,
      firstRun,
      warnings: doubts,
    } = await applyFolder({
      databaseUrl: wanted.ownerUrl,
      dir: wanted.configDir,
      by: 'start',
      dataDir: wanted.dataDir,
      addresses,
      onlyWhenFolderChanged: true,
    });
    warnings.push(...doubts.map(({ file: at, line, message }) => `${at}:${line} ${message}`));
    const kept = firstRun ?? readPrivate<object>(file);
    if (kept) writePrivate(file, { ...kept, ...addresses });
    return { config: { version, changed }, isFirstRun: firstRun !== undefined };
  } catch (error) {
    if (!(await hasConfiguration(wanted.ownerUrl))) throw error;
    warnings.push(`${wanted.configDir} was not applied, the version in force stays: ${(error as Error).message}`);
    return { config: null, isFirstRun: false };
  }
}

function hasConfiguration(url: string): Promise<boolean> {
  return withPostgres(url, async (client) => {
    const { rowCount } = await client.query(`SELECT 1 FROM config_version WHERE state = 'effective' LIMIT 1`);
    return Boolean(rowCount);
  });
}

process.once('message', (wanted: SetUp) => {
  const answer = (message: SetUpAnswer): void => {
    process.send?.(message, () => process.exit(message.ok ? 0 : 1));
  };
  setUp(wanted).then(
    (done) => answer({ ok: true, done }),
    (error: unknown) => answer({ ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
});
