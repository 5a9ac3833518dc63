import { normaliseAlert } from '@tocsin/domain';
import { endAlerts, insertAlerts, lockFiring, type Pool, updateAlerts, withinDeadline } from '@tocsin/store';
import { newId } from './accept-alerts-new-id.js';
import type { AlertRequest, Principal } from './accept-alerts-request.js';
import { hashRequest, newAlert, rawOf } from './accept-alerts-rows.js';

/** Everything that a batch runs, on one connection, rolled back: the first real alert meets prepared statements and warm plans. */
export async function rehearseBatch(pool: Pool, principal: Principal, withinMs: number): Promise<void> {
  const signal = normaliseAlert({ key: `rehearsal ${newId()}`, title: 'Rehearsal' }, {});
  const request: AlertRequest = {
    principal,
    door: 'rehearsal',
    contentType: null,
    body: Buffer.from('{}'),
    signals: [signal],
    positions: [0],
    idempotencyKey: null,
    isPartial: false,
    render: () => ({ status: 202, text: '' }),
  };
  const hashed = hashRequest(request, null);
  const raw = rawOf(request);
  const alert = newAlert(hashed, raw.id, { index: 0, id: newId(), signal, count: 1, endedAt: null, endedBy: null });
  await withinDeadline(pool, withinMs, async (tx) => {
    await tx.query('BEGIN');
    try {
      await insertAlerts(tx, null, [alert], [raw]);
      const [row] = await lockFiring(tx, hashed.keyHashes);
      if (row === undefined) return;
      const { id, severity, last_signal_at: at } = row;
      await updateAlerts(tx, [
        { id, count: 2, severity, startsAt: null, endsAt: null, lastSignalAt: at, reportAt: at },
      ]);
      await endAlerts(tx, [{ id, by: 'source', at }]);
    } finally {
      await tx.query('ROLLBACK');
    }
  });
}
