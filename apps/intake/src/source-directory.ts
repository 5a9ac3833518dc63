import type { ConfigDocument, Scope } from '@tocsin/domain';
import type { Principal } from '@tocsin/operations';
import {
  type LiveConfig,
  liveConfig,
  newestConfig,
  type Pool,
  readSources,
  type SourceRow,
  withinDeadline,
} from '@tocsin/store';

/** A source that has shown its token. */
export interface Source {
  readonly principal: Principal;
  readonly tokenHash: Buffer;
  readonly budget: SourceRow['budget'];
  readonly defaults: SourceRow['defaults'];
  /** Does this source speak for that site? A site that the unit does not know belongs to sources of the whole unit. */
  readonly speaksFor: (site: string) => boolean;
}

export interface Directory {
  /** By the hex of the hash. */
  readonly byTokenHash: ReadonlyMap<string, Source>;
  readonly config: ConfigDocument;
  /** Monotonic milliseconds of the reading. */
  readonly readAt: number;
}

/** A revoked token is refused within 2 s; renewed in the background from 1 s on, so that no request of a busy minute waits. */
const renewAfterMs = 1_000;
const validForMs = 2_000;
const readWithinMs = 1_200;

/** Sources and live configuration as intake needs them on each request, read at most once a second. */
export class SourceDirectory {
  private known: Directory | undefined;
  private config: LiveConfig | undefined;
  private reading: Promise<Directory> | undefined;

  constructor(private readonly pool: Pool) {}

  /** The directory, if it is fresh enough to decide by. */
  fresh(): Directory | undefined {
    const age = this.known === undefined ? Number.POSITIVE_INFINITY : performance.now() - this.known.readAt;
    // A reading that fails is tried again by the next request; whoever needs it meets the fault in `current`.
    if (age > renewAfterMs && this.known !== undefined && age <= validForMs) void this.read().catch(() => undefined);
    return age <= validForMs ? this.known : undefined;
  }

  /** Security fails closed: without a reading of the last 2 s nobody is who he says. Throws the store's fault. */
  current(): Promise<Directory> {
    const known = this.fresh();
    return known === undefined ? this.read() : Promise.resolve(known);
  }

  private read(): Promise<Directory> {
    this.reading ??= this.readOnce().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOnce(): Promise<Directory> {
    const readAt = performance.now();
    const { rows, config } = await withinDeadline(this.pool, readWithinMs, async (tx) => {
      const newest = await newestConfig(tx);
      this.config = this.config?.version === newest && this.config !== undefined ? this.config : await liveConfig(tx);
      return { rows: await readSources(tx), config: this.config.document };
    });
    const groups = new Map(config.sites.map((site) => [site.id, new Set(site.groups)]));
    const byTokenHash = new Map(rows.map((row) => [row.token_hash.toString('hex'), sourceOf(row, groups)]));
    this.known = { byTokenHash, config, readAt };
    return this.known;
  }
}

function sourceOf(row: SourceRow, groups: ReadonlyMap<string, ReadonlySet<string>>): Source {
  return {
    principal: { kind: 'source', agency: row.agency_id, id: row.id },
    tokenHash: row.token_hash,
    budget: row.budget,
    defaults: row.defaults,
    speaksFor: (site) => row.scope.some((scope) => covers(scope as Scope, site, groups)),
  };
}

function covers(scope: Scope, site: string, groups: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (scope.kind === 'unit') return true;
  return scope.kind === 'site' ? scope.id === site : (groups.get(site)?.has(scope.id) ?? false);
}
