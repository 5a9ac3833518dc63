export { canariesIn, makeScene } from './make-scene';
export { resolveIds } from './resolve-ids';
export { writeScene } from './write-scene';
