export * from './builders.js';
export * from './test-database.js';
export * from './until.js';
