export * from './aggregate.js';
export * from './config-document.js';
export * from './fault.js';
export * from './signal.js';
export * from './words.js';
