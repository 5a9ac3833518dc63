export * from './audience.js';
export * from './follower.js';
export * from './ticks.js';
