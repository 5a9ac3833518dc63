import type { LiveConfig } from './live-config.js';
import type { Queryable } from '../pool.js';

/** The newest draft, if it is newer than what is in force. */
export async function draftConfig(q: Queryable): Promise<LiveConfig | null> {
  const { rows } = await q.query<LiveConfig>({
    name: 'read-draft',
    text: `SELECT id AS version, document FROM config_version d WHERE state = 'draft'
             AND NOT EXISTS (SELECT 1 FROM config_version e WHERE e.agency_id = d.agency_id AND e.state = 'effective' AND e.id > d.id)
           ORDER BY id DESC LIMIT 1`,
  });
  return rows[0] ?? null;
}
