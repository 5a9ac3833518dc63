// The DTO classes describe themselves with decorators, wherever they are loaded.
import 'reflect-metadata';

export * from './alerts/index.js';
export * from './errors.js';
export * from './jobs.js';
export * from './live/index.js';
export * from './people/index.js';
