import { classify, type ConfigDocument, Fault } from '@tocsin/domain';
import type { Pool, Queryable } from '../pool.js';

export interface LiveConfig {
  /** `config_version.id`, a bigint as text. */
  readonly version: string;
  readonly document: ConfigDocument;
}

/** The newest effective configuration. Throws Fault 'no-configuration' when none was ever applied. */
export async function liveConfig(q: Queryable): Promise<LiveConfig> {
  const { rows } = await q.query<LiveConfig>({
    name: 'live config',
    text: `SELECT id AS version, document FROM config_version WHERE state = 'effective' ORDER BY id DESC LIMIT 1`,
  });
  if (rows[0] === undefined) throw new Fault('no-configuration', { message: 'no configuration has been applied yet' });
  return rows[0];
}

const CHECK_EVERY_MS = 500;

/** The live configuration without reading it each time: at most every 500 ms one query asks whether there is a newer one. */
export class ConfigCache {
  private known: LiveConfig | undefined;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private checking: Promise<LiveConfig> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly checkEveryMs = CHECK_EVERY_MS,
  ) {}

  /** Throws Fault 'no-configuration' as long as there is none; when the database cannot be asked, the last known one stands. */
  current(): Promise<LiveConfig> {
    if (this.known !== undefined && performance.now() - this.checkedAt < this.checkEveryMs)
      return Promise.resolve(this.known);
    this.checking ??= this.check().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async check(): Promise<LiveConfig> {
    try {
      this.known = await this.read();
    } catch (error) {
      // Paging fails open: the transaction that follows will say by itself whether the database is there.
      if (this.known === undefined || !classify(error).retryable) throw error;
    }
    this.checkedAt = performance.now();
    return this.known;
  }

  private async read(): Promise<LiveConfig> {
    if (this.known === undefined) return liveConfig(this.pool);
    const { rows } = await this.pool.query<{ newest: string | null }>({
      name: 'newest config',
      text: `SELECT max(id) AS newest FROM config_version WHERE state = 'effective'`,
    });
    return rows[0]?.newest === this.known.version ? this.known : liveConfig(this.pool);
  }
}
