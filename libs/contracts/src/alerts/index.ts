export * from './alert-answers.js';
export * from './alert-item.js';
export * from './alert-limits.js';
export * from './alert-routes.js';
export { alertSchemas } from './alert-rules.js';
export * from './alertmanager.js';
export * from './compile-validator.js';
export * from './intake-errors.js';
export * from './validate-plain.js';
