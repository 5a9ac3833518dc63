import type { Bug } from './shapes';

export const bugsOfIncidents: readonly Bug[] = [
  {
    name: 'no-sweeper',
    caughtBy: 'I5',
    how: 'The sweeper rests while the queue is connected: alerts whose jobs Redis forgot are never merged. (Steps are never in Redis here: what a FLUSHALL can lose is the merge, not a timer.)',
    needs: ['flushall', 'redis-nosave'],
    edits: [
      {
        file: 'apps/engine/dist/lanes.js',
        find: 'await this.sweepRows(rows);',
        replace: 'if (!this.queues.connected)\n            await this.sweepRows(rows);',
      },
    ],
  },
  {
    name: 'group-race',
    caughtBy: 'I5',
    how: 'Nothing but the look before it keeps two lanes from opening an incident each for the same group.',
    needs: ['pg-slow'],
    edits: [
      {
        file: 'libs/store/migrations/0001_first.sql',
        find: 'CREATE UNIQUE INDEX incident_group_open',
        replace: 'CREATE INDEX incident_group_open',
      },
      {
        file: 'libs/store/dist/alerts/merge-alerts.js',
        find: "group_key = k.key AND state IN ('open', 'acknowledged')),",
        replace: "group_key = k.key AND state IN ('open', 'acknowledged') ORDER BY id LIMIT 1),",
      },
    ],
  },
  {
    name: 'no-run-check',
    caughtBy: 'I7',
    how: 'A held run keeps its timers, and who fires one does not look whether the run is still running.',
    needs: [],
    edits: [
      {
        file: 'libs/domain/dist/incident/run.js',
        find: "('run-held', { by });\n    stopPaging(draft, run, reason);",
        replace: "('run-held', { by });\n    draft.effects.push({ kind: 'suppress', runId: run.id, reason });",
      },
      {
        file: 'libs/domain/dist/incident/fire-timer.js',
        find: "if (run?.state !== (timer.kind === 'taken-idle' ? 'held' : 'running'))",
        replace: 'if (run === undefined)',
      },
    ],
  },
  {
    name: 'step-from-now',
    caughtBy: 'I7',
    how: 'Each step that fires makes the later ones count from now instead of from the start of the run.',
    needs: [],
    edits: [
      {
        file: 'libs/domain/dist/incident/fire-timer.js',
        find: '    const { timer, run, late, quiet } = due;\n    spend(draft, due);',
        replace: `    const { timer, run, late, quiet } = due;
    spend(draft, due);
    draft.timers = draft.timers.map((next) => next.runId === run.id && next.kind === 'step'
        ? { ...next, dueAt: draft.now + Math.round(run.plan.steps[next.ordinal - 1].afterS * 1_000_000) }
        : next);`,
      },
    ],
  },
  {
    name: 'app-clock',
    caughtBy: 'I7',
    how: 'What is due is decided by the clock of the process instead of PostgreSQL’s.',
    needs: ['clock'],
    edits: [
      {
        file: 'libs/store/dist/transaction.js',
        find: 'async function clockNow(q) {',
        replace: 'async function clockNow(q) {\n    return Date.now() * 1_000;',
      },
      {
        file: 'libs/store/dist/incidents/due-timers.js',
        find: 'SELECT clock_timestamp() AS now',
        replace: 'SELECT $3::timestamptz AS now',
      },
      {
        file: 'libs/store/dist/incidents/due-timers.js',
        find: 'values: [limit, without],',
        replace: 'values: [limit, without, new Date()],',
      },
    ],
  },
  {
    name: 'fifo-catch-up',
    caughtBy: 'I11',
    how: 'Steps that were missed in an outage are caught up one by one: everybody gets the pile.',
    needs: ['stall:engine', 'deploy'],
    edits: [
      {
        file: 'libs/domain/dist/incident/decide.js',
        find: '(draft, { gather: true });',
        replace: '(draft, { gather: false });',
      },
    ],
  },
  {
    name: 'swallowed-late-step',
    caughtBy: 'I17',
    how: 'A step that fires late says so in the log, and no alarm is raised.',
    needs: ['stall:engine', 'pg-immediate'],
    edits: [
      {
        file: 'libs/domain/dist/incident/fire-timer.js',
        find: 'if (late && !quiet) {',
        replace: "if (late && !quiet && timer.kind !== 'step') {",
      },
    ],
  },
  {
    name: 'decline-leaves-nobody-due',
    caughtBy: 'I19',
    how: 'When the last one who was sent declines, nothing brings the incident back.',
    replaces:
      'default maxStalledCount: no job is what a page depends on here, but who stands under it when an answer is no',
    needs: [],
    edits: [
      {
        file: 'libs/domain/dist/incident/assign.js',
        find: 'assignmentData(assignment), end.said);\n    (0, run_js_1.armIdle)(draft);',
        replace: 'assignmentData(assignment), end.said);',
      },
    ],
  },
  {
    name: 'realert-restarts-ladder',
    caughtBy: 'I7',
    how: 'A further zone starts the running ladder anew: who trips a zone a minute holds it at its first step.',
    needs: [],
    edits: [
      {
        file: 'libs/domain/dist/incident/realert.js',
        find: '        pageOnceMore(draft, run, again.said);',
        replace: `        (0, run_js_1.endRun)(draft, run, 're-alert');
        (0, run_js_1.startRun)(draft, { startedAt: again.at, said: again.said });`,
      },
    ],
  },
];
