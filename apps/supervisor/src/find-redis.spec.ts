import { isNewEnough } from './find-redis.js';

test.each([
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0', true],
  ['Redis server v=6.2.0 sha=00000000:0', true],
  ['Redis server v=6.0.16 sha=00000000:0', false],
  ['Redis server v=5.0.14 sha=00000000:0', false],
  ['Valkey server v=8.0.1 sha=00000000:0', true],
  ['something else', false],
])('%s: %p', (line, answer) => {
  expect(isNewEnough(line)).toBe(answer);
});
