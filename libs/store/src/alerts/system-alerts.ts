import { createHash } from 'node:crypto';
import { type Instant, instantText, laneOf, type Severity, systemGroupKey } from '@tocsin/domain';
import { v7 } from 'uuid';
import { type Column, insertOf, run } from '../column-arrays.js';
import type { Tx } from '../pool.js';

/** A fault of the product itself. */
export interface SystemCause {
  /** Stable code; its incident gathers everything of the same cause. */
  readonly cause: string;
  /** What it happened to: an incident, a channel, a service. */
  readonly subject: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** The only agency of the database when it is not said. */
  readonly agency?: string;
  readonly severity?: Severity;
}

interface CauseRow extends SystemCause {
  readonly id: string;
  readonly severity: Severity;
  readonly now: string;
}

/** Causes that are not high. */
const severityOf: Readonly<Record<string, Severity>> = {
  'redis-missing': 'medium',
  'append-only-missing': 'low',
};

/** SHA-256 over agency, principal, reality and key: what an alert's firing episode is unique by. */
export function keyHash(of: {
  agency: string;
  principalKind: string;
  principalId: string;
  reality: string;
  key: string;
}): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([of.agency, of.principalKind, of.principalId, of.reality, of.key]))
    .digest();
}

const columns: readonly Column<CauseRow>[] = [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'agency_id', type: 'text', of: (row) => row.agency ?? null },
  { name: 'key', type: 'text', of: (row) => row.cause },
  {
    name: 'key_hash',
    type: 'bytea',
    of: ({ agency = '', cause: key }) =>
      keyHash({ agency, principalKind: 'system', principalId: 'system', reality: 'actual', key }),
  },
  { name: 'group_key', type: 'text', of: ({ agency = '', cause }) => systemGroupKey(agency, cause) },
  { name: 'severity', type: 'text', of: (row) => row.severity },
  { name: 'lane', type: 'smallint', of: (row) => laneOf(row.severity) },
  { name: 'title', type: 'text', of: ({ cause, subject }) => `${cause}: ${subject}` },
  { name: 'labels', type: 'jsonb', of: (row) => JSON.stringify(labelsOf(row)) },
  { name: 'accepted_at', type: 'timestamptz', of: (row) => row.now },
  { name: 'principal_kind', type: 'text', of: () => 'system' },
  { name: 'principal_id', type: 'text', of: () => 'system' },
  { name: 'reality', type: 'text', of: () => 'actual' },
  { name: 'category', type: 'text', of: () => 'system' },
  // Already ended: it never enters the firing index, so nothing waits for anything, and every one is a row of its own.
  { name: 'status', type: 'text', of: () => 'resolved' },
  { name: 'ended_by', type: 'text', of: () => 'system' },
  { name: 'ended_at', type: 'timestamptz', of: (row) => row.now },
  { name: 'last_signal_at', type: 'timestamptz', of: (row) => row.now },
  { name: 'resolve_reported', type: 'boolean', of: () => true },
  { name: 'work_due_at', type: 'timestamptz', of: (row) => row.now },
];
const insertAlerts = insertOf('alert', columns);

/**
 * Inserts the product's own faults as alerts of the built-in source `system`, waiting for the merge (decisions.md
 * section 5, SYS); answers their ids. How often one may be raised is the caller's affair.
 */
export async function insertSystemAlerts(tx: Tx, now: Instant, causes: readonly SystemCause[]): Promise<string[]> {
  if (causes.length === 0) return [];
  const agency = causes.some((cause) => cause.agency === undefined) ? await onlyAgency(tx) : undefined;
  const at = instantText(now);
  const rows = causes.map((cause): CauseRow => {
    const of = cause.agency ?? agency;
    return {
      ...cause,
      ...(of === undefined ? {} : { agency: of }),
      id: v7(),
      severity: cause.severity ?? severityOf[cause.cause] ?? 'high',
      now: at,
    };
  });
  await run(tx, insertAlerts, rows);
  return rows.map(({ id }) => id);
}

async function onlyAgency(tx: Tx): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>('SELECT id FROM agency ORDER BY id LIMIT 1');
  return rows[0]?.id;
}

function labelsOf({ cause, subject, params }: SystemCause): Record<string, string> {
  const texts = Object.entries(params).map(([name, value]) => [name, String(value)] as const);
  return { cause, subject, ...Object.fromEntries(texts) };
}
