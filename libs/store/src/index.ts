export * from './grant-roles.js';
export * from './migrate.js';
export * from './pool.js';
export * from './transaction.js';
export * from './due-timers.js';
export * from './forget-old-requests.js';
export * from './heartbeats.js';
export * from './merge-alerts.js';
