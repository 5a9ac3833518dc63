/** What it costs to open incidents: a run, its timers, five hashed events and a notification each, in one transaction. */
import { clockNow, commitDecisions, newLoaded, transaction } from '@tocsin/store';
import { anOpening, testDatabase } from '@tocsin/testing';
import { bench, percentile } from './load-report';

bench('Store: opening incidents in one transaction', async (on) => {
  const db = await testDatabase();
  try {
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
    let alone: number | undefined;
    for (const size of [1, 20, 200]) {
      const each: number[] = [];
      const cpu: number[] = [];
      for (let round = 0; round < on.size(40, 10); round += 1) {
        const openings = Array.from({ length: size }, () => anOpening());
        const before = { at: performance.now(), cpu: process.cpuUsage() };
        await transaction(db.pool, async (tx) =>
          commitDecisions(
            tx,
            await clockNow(tx),
            openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] })),
          ),
        );
        const { user, system } = process.cpuUsage(before.cpu);
        each.push((performance.now() - before.at) / size);
        cpu.push((user + system) / size);
      }
      const value = percentile(each, 0.5);
      on.row({
        name: `one of ${size} in a transaction, median`,
        value,
        unit: 'ms',
        better: 'less',
        ...(alone ? { baseline: { name: 'one alone', value: alone } } : {}),
        note: `of which ${percentile(cpu, 0.5).toFixed(0)} µs of node's CPU`,
      });
      alone ??= value;
    }
  } finally {
    await db.drop();
  }
});
