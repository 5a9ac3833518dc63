export * from './compile-early.js';
export * from './logger.js';
export * from './metrics.js';
export * from './serve-health.js';
export * from './on-stop.js';
