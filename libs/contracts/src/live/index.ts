export * from './messages.js';
export * from './sight.js';
