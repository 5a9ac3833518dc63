import { createHash } from 'node:crypto';
import type { ConfigDocument, DomainEvent, PersonConfig } from '@tocsin/domain';
import {
  type AppliedVersion,
  appendToStream,
  canonicalJson,
  clockNow,
  effectiveVersion,
  folderLastAppliedBy,
  insertVersion,
  type KeptByPeople,
  type KeptPerson,
  keptByPeople,
  keptPeople,
  lockConfig,
  openPool,
  transaction,
  type Tx,
  writeAgency,
  writePasswordHashes,
  writeProjections,
  writeTokenHashes,
} from '@tocsin/store';
import { v7 } from 'uuid';
import { type ConfigChange, diffConfig } from './diff-config.js';
import { type Addresses, defaultAddresses, type FirstRun, makeFirstSecrets, writeFirstRun } from './first-run.js';
import { ConfigFault, documentOf, readConfig, type UnitFiles } from './read-config.js';
import type { ConfigIssue } from './read-config-yaml.js';

export interface ApplyOptions {
  /** The role that owns the tables. */
  readonly databaseUrl: string;
  readonly dir: string;
  /** Kept with the version: a username, or `start`. */
  readonly by: string;
  /** TOCSIN_DATA: where first-run.json is written, before COMMIT. Without it only the result has what it would say. */
  readonly dataDir?: string;
  /** What first-run.json says about where the system answers. */
  readonly addresses?: Addresses;
  /** Leaves everything as it is when the folder is the one that `by` applied last (a start). */
  readonly onlyWhenFolderChanged?: boolean;
  /** Finds the difference and changes nothing. */
  readonly dryRun?: boolean;
}
export interface Applied {
  /** The version in force afterwards; null: a dry run before the first apply. */
  readonly version: string | null;
  readonly changed: boolean;
  readonly diff: readonly ConfigChange[];
  readonly warnings: readonly ConfigIssue[];
  /** Only of the first apply to a database. */
  readonly firstRun?: FirstRun;
}

/**
 * Makes a folder of YAML the configuration in force: a new immutable version, the projections that the files keep, and
 * a `config.applied` event, in one transaction; concurrent applies take turns. Law: a folder with a fault changes
 * nothing (throws ConfigFault with every fault); the same folder twice makes one version.
 */
export async function applyFolder(options: ApplyOptions): Promise<Applied> {
  const read = readConfig(options.dir);
  const pool = openPool({ url: options.databaseUrl, name: 'apply', max: 1, statementTimeoutMs: 60_000 });
  try {
    return await transaction(pool, async (tx) => {
      await lockConfig(tx);
      const live = await effectiveVersion(tx);
      // Others may have applied another folder since: a start undoes that only when its own folder moved.
      if (
        options.onlyWhenFolderChanged &&
        live !== null &&
        (await folderLastAppliedBy(tx, options.by))?.equals(read.folderHash)
      ) {
        return { version: live.version, changed: false, diff: [], warnings: [] };
      }
      if (!read.ok) throw new ConfigFault(read.faults);
      const { files, folderHash, warnings } = read;
      return { ...(await applyFiles(tx, { options, files, folderHash, live })), warnings };
    });
  } finally {
    await pool.end();
  }
}

interface Step {
  readonly options: ApplyOptions;
  readonly files: UnitFiles;
  readonly folderHash: Buffer;
  readonly live: AppliedVersion | null;
}

async function applyFiles(tx: Tx, { options, files, folderHash, live }: Step): Promise<Omit<Applied, 'warnings'>> {
  const known = live === null ? null : { ...live.document.agency, timing: {} };
  const agency = (files.unit ?? known)?.id ?? 'unit';
  const [people, byPeople] = [await keptPeople(tx, agency), await keptByPeople(tx, agency)];
  refuseForeign(files, { live, byPeople, people });
  const own = documentOf(files, known, idsOf(people));
  const document = withPeoplesOwn(own, live?.document ?? null, byPeople);
  const documentText = canonicalJson(document);
  const hash = createHash('sha256').update(documentText).digest();
  const diff = diffConfig(live?.document ?? null, document);
  const isSame = live?.hash.equals(hash) ?? false;
  if (options.dryRun || (isSame && live?.folderHash?.equals(folderHash))) {
    return { version: live?.version ?? null, changed: !isSame, diff };
  }
  const first = live === null ? await makeFirstSecrets(document, options.addresses ?? defaultAddresses) : undefined;
  await writeAgency(tx, document.agency);
  const version = await insertVersion(tx, { agency, documentText, hash, folderHash, by: options.by });
  await writeProjections(tx, agency, projectionOf(own, document));
  if (first !== undefined) {
    await writePasswordHashes(tx, first.passwords);
    await writeTokenHashes(tx, agency, first.tokens);
  }
  await appendToStream(tx, await clockNow(tx), { kind: 'config', name: agency, agency }, [
    appliedEvent(version, options.by, diff),
  ]);
  if (first !== undefined && options.dataDir !== undefined) writeFirstRun(options.dataDir, first.firstRun);
  return { version, changed: !isSame, diff, ...(first === undefined ? {} : { firstRun: first.firstRun }) };
}

/** A person keeps the UUID of his first apply, also after years away. */
function idsOf(people: readonly KeptPerson[]): (slug: string) => string {
  const ids = new Map(people.map(({ slug, id }) => [slug, id]));
  return (slug) => {
    const id = ids.get(slug) ?? v7();
    ids.set(slug, id);
    return id;
  };
}

/** One database, one unit; and what people keep through the console is not the files' to take. */
function refuseForeign({ unit, draft }: UnitFiles, kept: Kept): void {
  const { live, byPeople, people } = kept;
  const faults: ConfigIssue[] = [];
  if (unit !== null && live !== null && unit.id !== live.document.agency.id) {
    const at = draft.gathered.placeOf(unit, 'id');
    faults.push({
      ...at,
      message: `this database is that of the unit ${live.document.agency.id}: another one needs its own`,
    });
  }
  for (const { kind, id } of byPeople) {
    const taken = draft.declared.find((one) => one.kind === kind && one.id === id);
    if (taken !== undefined)
      faults.push({
        ...taken.at,
        message: `the ${kind} ${id} is kept by people in the console: give this one another id`,
      });
  }
  for (const person of draft.people) {
    const other = people.find(
      ({ username, managedBy }) => managedBy === 'people' && username !== null && username === person.username,
    );
    if (other === undefined || other.slug === person.slug) continue;
    faults.push({
      ...draft.gathered.placeOf(person, 'username'),
      message: `${person.username} is the username of ${other.slug}, whom people keep in the console`,
    });
  }
  if (faults.length > 0) throw new ConfigFault(faults);
}
interface Kept {
  readonly live: AppliedVersion | null;
  readonly byPeople: readonly KeptByPeople[];
  readonly people: readonly KeptPerson[];
}

/** The files' document, and the entries of the version in force that people keep. */
function withPeoplesOwn(
  own: ConfigDocument,
  live: ConfigDocument | null,
  byPeople: readonly KeptByPeople[],
): ConfigDocument {
  if (live === null || byPeople.length === 0) return own;
  const isTheirs = (kind: KeptByPeople['kind'], id: string) =>
    byPeople.some((kept) => kept.kind === kind && kept.id === id);
  return {
    ...own,
    sites: [...own.sites, ...live.sites.filter(({ id }) => isTheirs('Site', id))],
    teams: [...own.teams, ...live.teams.filter(({ id }) => isTheirs('Team', id))],
    people: [...own.people, ...live.people.filter(({ slug }) => isTheirs('Person', slug))],
    sources: [...own.sources, ...live.sources.filter(({ id }) => isTheirs('Source', id))],
  };
}

function projectionOf(own: ConfigDocument, document: ConfigDocument) {
  const ids = new Map<string, string>(document.people.map(({ slug, id }: PersonConfig) => [slug, id]));
  const teams = own.teams.map(({ id, name, members }) => ({
    id,
    name,
    members: members.flatMap((slug) => ids.get(slug) ?? []),
  }));
  return { sites: own.sites, people: own.people, sources: own.sources, teams };
}

function appliedEvent(version: string, by: string, diff: readonly ConfigChange[]): DomainEvent {
  const count = (change: ConfigChange['change']) => diff.filter((one) => one.change === change).length;
  const params = {
    version,
    by,
    added: count('added'),
    changed: count('changed') + count('moved'),
    removed: count('removed'),
  };
  return {
    type: 'config.applied',
    actor: { kind: 'system', id: 'config' },
    // Kinds and ids only: what a field was and is stays in the two versions.
    data: { ...params, changes: diff.slice(0, 500).map(({ kind, id, change }) => ({ kind, id, change })) },
    reason: {
      code: 'config-applied',
      params,
      text: `Version ${version} applied by ${by}: ${params.added} added, ${params.changed} changed, ${params.removed} removed`,
    },
  };
}
