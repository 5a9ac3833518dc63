import type { ConfigDocument, Facts } from '@tocsin/domain';
import type { ConfigCache, Pool } from '@tocsin/store';
import type { Logger } from '@tocsin/telemetry';
import { v7 } from 'uuid';
import { matchesGlob } from './glob.js';

/** What every operation works with. Made once in an app's composition root; `pool` may differ from lane to lane. */
export interface Context {
  readonly pool: Pool;
  readonly config: ConfigCache;
  /** Adds identities to a queue after COMMIT; never throws, never waits. */
  readonly relay: (queue: string, ids: readonly string[]) => void;
  /** Tells the gateways that something was committed. */
  readonly tick: () => void;
  readonly log: Logger;
}

/** The facts of one transaction: the live configuration as of its beginning. */
export function factsOf(config: { readonly version: string; readonly document: ConfigDocument }): Facts {
  return { config: config.document, configVersion: config.version, matches: matchesGlob, newId: v7 };
}
