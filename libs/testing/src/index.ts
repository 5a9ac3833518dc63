export * from './builders.js';
export * from './example-config.js';
export * from './test-database.js';
export * from './until.js';
