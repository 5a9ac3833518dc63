// TOCSIN_TEST_DATABASE_URL=postgres://... node test/bench/commit-decisions.mjs
// What it costs to open incidents: a run, four timers, five hashed events and a notification each, one transaction.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { anOpening, testDatabase } = require('../../libs/testing/dist/index.js');
const { clockNow, commitDecisions, newLoaded, transaction } = require('../../libs/store/dist/index.js');

const rounds = 25;
const db = await testDatabase();
try {
  await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
  for (const size of [1, 20, 200]) {
    const figures = [];
    for (let round = 0; round < rounds; round += 1) {
      const openings = Array.from({ length: size }, () => anOpening());
      const before = { at: performance.now(), cpu: process.cpuUsage() };
      await transaction(db.pool, async (tx) =>
        commitDecisions(tx, await clockNow(tx), openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] }))),
      );
      const { user, system } = process.cpuUsage(before.cpu);
      figures.push({ ms: performance.now() - before.at, cpuMs: (user + system) / 1_000 });
    }
    const median = (of) => figures.map(of).sort((a, b) => a - b)[rounds >> 1].toFixed(1);
    console.log(`${size} incidents: ${median(({ ms }) => ms)} ms, of which ${median(({ cpuMs }) => cpuMs)} ms of node's CPU (median of ${rounds})`);
  }
} finally {
  await db.drop();
}
