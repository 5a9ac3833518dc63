import { type Column, insertOf, run } from '../column-arrays.js';
import type { Tx } from '../pool.js';

/** Answer of a request that carried an Idempotency-Key. Only 2xx are kept. */
export interface KeptAnswer {
  /** "source:<agency>/<id>" */
  readonly principal: string;
  /** Method and path. */
  readonly request: string;
  readonly key: string;
  readonly bodyHash: Buffer;
  readonly status: number;
  readonly response: string;
}
export type KeptKey = Pick<KeptAnswer, 'principal' | 'request' | 'key'>;

/** Answers of the last 24 h under these keys. The caller holds the principals' exclusive locks, so what is absent stays absent. */
export async function readKeptAnswers(tx: Tx, keys: readonly KeptKey[]): Promise<KeptAnswer[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<KeptAnswer>({
    name: 'intake-kept-answers',
    text: `SELECT i.principal, i.request, i.key, i.body_hash AS "bodyHash", i.status, i.response
           FROM idempotency i JOIN unnest($1::text[], $2::text[], $3::text[]) AS r(principal, request, key) USING (principal, request, key)
           WHERE i.made_at > clock_timestamp() - interval '24 hours'`,
    values: [keys.map(({ principal }) => principal), keys.map(({ request }) => request), keys.map(({ key }) => key)],
  });
  return rows;
}

const columns: readonly Column<KeptAnswer>[] = [
  { name: 'principal', type: 'text', of: ({ principal }) => principal },
  { name: 'request', type: 'text', of: ({ request }) => request },
  { name: 'key', type: 'text', of: ({ key }) => key },
  { name: 'body_hash', type: 'bytea', of: ({ bodyHash }) => bodyHash },
  { name: 'status', type: 'smallint', of: ({ status }) => status },
  { name: 'response', type: 'text', of: ({ response }) => response },
];
/** A key older than 24 h that nobody has swept yet begins anew. */
const statement = insertOf(
  'idempotency',
  columns,
  `ON CONFLICT (principal, request, key) DO UPDATE SET body_hash = excluded.body_hash,
    status = excluded.status, response = excluded.response, made_at = excluded.made_at`,
);

/** In the transaction of the batch that the answers speak of. */
export async function keepAnswers(tx: Tx, answers: readonly KeptAnswer[]): Promise<void> {
  await run(tx, statement, answers);
}
