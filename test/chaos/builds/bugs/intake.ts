import type { Bug } from './shapes';

export const bugsOfIntake: readonly Bug[] = [
  {
    name: 'answer-before-commit',
    caughtBy: 'I1',
    how: '202 is answered while COMMIT is still under way, and nobody hears that it failed.',
    needs: ['pg-immediate', 'kill:postgres-backend'],
    edits: [
      {
        file: 'libs/store/dist/alerts/intake-lock.js',
        find: 'await commit(tx);',
        replace: 'commit(tx).catch(() => undefined);',
      },
    ],
  },
  {
    name: 'synchronous-commit-off',
    caughtBy: 'I1',
    how: 'COMMIT is answered before it is on disk: a crash of PostgreSQL takes the last half second with it.',
    needs: ['pg-immediate', 'kill:postgres-backend'],
    edits: [
      {
        file: 'libs/store/dist/pool.js',
        find: '-c TimeZone=UTC -c DateStyle=ISO$',
        replace: '-c TimeZone=UTC -c DateStyle=ISO -c synchronous_commit=off$',
      },
    ],
  },
  {
    name: 'answered-from-memory',
    caughtBy: 'I1',
    how: 'What PostgreSQL does not take is answered 202 and tried once more from memory.',
    needs: ['pg-immediate', 'pg-restart', 'kill:postgres'],
    edits: [
      {
        file: 'libs/operations/dist/alerts/accept-alerts.js',
        find: 'return batch.map(() => unavailable);',
        replace: `return batch.map(({ hashed: { request } }) => {
            if (request.isSecond)
                return unavailable;
            setTimeout(() => void this.accept({ ...request, isSecond: true }), 500);
            const id = () => require('node:crypto').randomUUID();
            const outcomes = request.signals.map(({ key }) => ({ id: id(), key, status: 'accepted' }));
            return { ok: true, answer: request.render(outcomes), outcomes, isReplay: false };
        });`,
      },
    ],
  },
  {
    name: 'no-unique-key',
    caughtBy: 'I3',
    how: 'Nothing in the database keeps a key from firing twice: a retry after a lost answer is stored once more.',
    needs: ['commit-answer-lost', 'kill:intake', 'cut:postgres'],
    edits: [
      {
        file: 'libs/store/migrations/0001_first.sql',
        find: 'CREATE UNIQUE INDEX alert_firing',
        replace: 'CREATE INDEX alert_firing',
      },
      {
        file: 'libs/store/dist/alerts/intake-alerts.js',
        find: "ON CONFLICT (key_hash) WHERE status = 'firing' DO NOTHING",
        replace: 'ON CONFLICT DO NOTHING',
      },
    ],
  },
];
