export * from './act-bodies.js';
export * from './field-rules.js';
export * from './incident-bodies.js';
export * from './incident-view.js';
export * from './list-queries.js';
export * from './other-views.js';
export * from './push-bodies.js';
export * from './session-bodies.js';
